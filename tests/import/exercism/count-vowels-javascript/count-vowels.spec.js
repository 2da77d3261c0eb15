import { describe, expect, test, xtest, beforeEach } from '@jest/globals';
import { countVowels } from './count-vowels';

describe('Count Vowels', () => {
  let text;
  beforeEach(() => {
    text = 'banana';
  });

  test('of an empty text', () => {
    expect(countVowels('')).toBe(0);
  });

  describe('of words', () => {
    xtest('small', () => {
      expect(countVowels(text)).toEqual(3);
    });

    xtest('capital', async () => {
      await Promise.resolve();
      expect(countVowels('AvE')).not.toBe(0);
      expect([1, { a: countVowels('AvE') }]).toEqual([1, { a: 2, b: undefined }]);
    });
  });

  xtest.each([['a', 1], ['bcd', 0]])('of %s', (word, count) => {
    expect(countVowels(word)).toBe(count);
  });

  test.each`
    word     | count
    ${'aa'}  | ${2}
    ${'xyz'} | ${0}
  `('$word has $count', ({ word, count }) => {
    expect(countVowels(word)).toBe(count);
  });

  test.todo('of other alphabets');

  test.skip('of no text', () => {
    expect(() => countVowels(3)).toThrow(TypeError);
    expect(() => countVowels(3)).toThrow('no text');
  });
});

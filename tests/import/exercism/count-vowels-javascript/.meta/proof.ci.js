export const countVowels = (text) => {
  if (typeof text !== 'string') throw new TypeError('no text');
  return [...text.toLowerCase()].filter((letter) => 'aeiou'.includes(letter)).length;
};

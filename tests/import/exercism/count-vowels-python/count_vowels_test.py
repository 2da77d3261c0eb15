import unittest

from count_vowels import count_vowels


class CountVowelsTest(unittest.TestCase):
    def test_empty(self):
        self.assertEqual(count_vowels(""), 0)

    @unittest.skip("one after the other")
    def test_small(self):
        self.assertEqual(count_vowels("banana"), 3)

    @unittest.skip("one after the other")
    def test_capital(self):
        self.assertEqual(count_vowels("AvE"), 2)

#ifndef COUNT_VOWELS_H
#define COUNT_VOWELS_H

int count_vowels(const char *text);

#endif

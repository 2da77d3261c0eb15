/* count_vowels.h - what is to be written */
#ifndef COUNT_VOWELS_H
#define COUNT_VOWELS_H

int count_vowels(const char *text);

#endif

/* count_vowels.c - the starter */
#include "count_vowels.h"

#include "count_vowels.h"

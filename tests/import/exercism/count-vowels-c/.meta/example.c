/* example.c - the solution */
#include "count_vowels.h"

#include <ctype.h>
#include <string.h>

int count_vowels(const char *text)
{
   int count = 0;

   for (; *text; text++)
      count += strchr("aeiou", tolower((unsigned char)*text)) != NULL;
   return count;
}

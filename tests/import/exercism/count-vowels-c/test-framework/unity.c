/* unity.c - see unity.h */
#include "unity.h"

#include <stdio.h>

static const char *file, *test_name;
static int tests, failures, ignored, state;

void UnityBegin(const char *name)
{
   file = name;
}

void UnityEqual(long expected, long actual, int line)
{
   if (expected == actual || state)
      return;
   state = 1;
   failures++;
   printf("%s:%d:%s:FAIL: Expected %ld Was %ld\n", file, line, test_name, expected, actual);
}

void UnityIgnore(int line)
{
   state = 2;
   ignored++;
   printf("%s:%d:%s:IGNORE\n", file, line, test_name);
}

void UnityRun(void (*test)(void), const char *name, int line)
{
   test_name = name;
   state = 0;
   tests++;
   setUp();
   test();
   tearDown();
   if (!state)
      printf("%s:%d:%s:PASS\n", file, line, name);
}

int UnityEnd(void)
{
   printf("\n-----------------------\n%d Tests %d Failures %d Ignored \n%s\n", tests, failures,
          ignored, failures ? "FAIL" : "OK");
   return failures;
}

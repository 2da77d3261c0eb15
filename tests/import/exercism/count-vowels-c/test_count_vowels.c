/* test_count_vowels.c - the tests of the exercise */
#include "test-framework/unity.h"
#include "count_vowels.h"

void setUp(void)
{
}

void tearDown(void)
{
}

static void test_empty(void)
{
   TEST_ASSERT_EQUAL_INT(0, count_vowels(""));
}

static void test_small(void)
{
   TEST_IGNORE();   // delete this line to run test
   TEST_ASSERT_EQUAL_INT(3, count_vowels("banana"));
}

static void test_capital(void)
{
   TEST_IGNORE();
   TEST_ASSERT_EQUAL_INT(2, count_vowels("AvE"));
}

int main(void)
{
   UnityBegin("test_count_vowels.c");
   RUN_TEST(test_empty);
   RUN_TEST(test_small);
   RUN_TEST(test_capital);
   return UnityEnd();
}

/* unity.h - as much of the interface of Unity as one exercise needs, written for this test */
#ifndef UNITY_H
#define UNITY_H

void setUp(void);
void tearDown(void);
void UnityBegin(const char *file);
int UnityEnd(void);
void UnityRun(void (*test)(void), const char *name, int line);
void UnityEqual(long expected, long actual, int line);
void UnityIgnore(int line);

#define RUN_TEST(test) UnityRun(test, #test, __LINE__)
#define TEST_ASSERT_EQUAL_INT(expected, actual) UnityEqual(expected, actual, __LINE__)
#define TEST_IGNORE() do { UnityIgnore(__LINE__); return; } while (0)

#endif

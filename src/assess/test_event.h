/* test_event.h - what the record tells of the visible tests */
#ifndef TALI_TEST_EVENT_H
#define TALI_TEST_EVENT_H

#include "grade/grade.h"
#include "journal/event_list.h"

/* Adds an event `test`: of tests that were stopped, or that have a grade. */
int test_stopped_event_add(struct event_list *list, const char *actor, const char *tree,
			   struct err *err);
int test_event_add(struct event_list *list, const char *actor, const char *tree,
		   const struct grade *grade, struct err *err);

#endif

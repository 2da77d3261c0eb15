/* reward.c - see reward.h */
#include "grade/reward.h"

#include "base/auto.h"
#include "base/buf.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define SPACE " \t\r\n"
#define NUMBER_MOST 40	/* bytes */
#define TEXT_MOST 65536

static int read_object(const char *text, double *ret, struct err *err)
{
	AUTO_JSON json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	json_t *reward = json_object_get(object, "reward");

	if (!object)
		return err_set(err, ERR_INPUT, "is not a number, nor valid JSON");
	if (!reward && json_object_size(object) == 1)
		reward = json_object_iter_value(json_object_iter(object));
	if (!json_is_number(reward))
		return err_set(err, ERR_INPUT, "has no number 'reward'");
	*ret = json_number_value(reward);
	return 0;
}

/* Digits with a point and an exponent, as programs print them: ".75" (bc) and "1e-3" too. */
static int read_number(const char *text, double *ret, struct err *err)
{
	size_t len = strcspn(text, SPACE);
	char *end;

	if (!len || len > NUMBER_MOST || strspn(text, "0123456789.eE+-") < len ||
	    text[len + strspn(text + len, SPACE)])
		return err_set(err, ERR_INPUT, "is not one number");
	*ret = strtod(text, &end);
	return end == text + len ? 0 : err_set(err, ERR_INPUT, "is not one number");
}

static int read_share(const char *text, size_t len, double *ret, struct err *err)
{
	AUTO_FREE char *copy = NULL;
	const char *at;
	int status;

	if (len > TEXT_MOST || memchr(text, '\0', len))
		return err_set(err, ERR_INPUT, "is not a reward");
	copy = buf_format("%.*s", (int)len, text);
	at = copy + strspn(copy, SPACE);
	status = *at == '{' ? read_object(at, ret, err) : read_number(at, ret, err);
	if (status == 0 && !(*ret >= 0 && *ret <= 1))
		return err_set(err, ERR_INPUT, "says %g, which is not from 0 to 1", *ret);
	return status;
}

int reward_read(const char *text, size_t len, struct case_report *ret, struct err *err)
{
	struct case_entry *one;
	double share = 0;

	if (read_share(text, len, &share, err) < 0)
		return -1;
	one = case_report_add(ret, "reward", strlen("reward"));
	if (one && share < 1) {
		AUTO_FREE char *says = buf_format("the reward is %g", share);

		one->outcome = CASE_FAILED;
		one->share = share;
		case_report_say(one, says, strlen(says));
	}
	return 0;
}

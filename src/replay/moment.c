/* moment.c - see moment.h */
#include "replay/moment.h"

#include "base/clock.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_MOST INT64_C(1000000000000)	/* ms: some thirty years */

/* Digits, at most NUMBER_MOST. */
static bool read_number(const char **at, int64_t *ret)
{
	if (!isdigit((unsigned char)**at))
		return false;
	for (*ret = 0; isdigit((unsigned char)**at); ++*at) {
		*ret = *ret * 10 + (**at - '0');
		if (*ret > NUMBER_MOST)
			return false;
	}
	return true;
}

static int64_t read_unit(const char **at)
{
	static const struct { const char *name; int64_t ms; } units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t len = strlen(units[i].name);

		if (!strncmp(*at, units[i].name, len)) {
			*at += len;
			return units[i].ms;
		}
	}
	return 0;
}

/* ".25": thousandths; digits after the third say nothing. */
static int64_t read_fraction(const char **at)
{
	int64_t thousandths = 0, worth = 100;

	if (**at != '.' || !isdigit((unsigned char)(*at)[1]))
		return 0;
	for (++*at; isdigit((unsigned char)**at); ++*at, worth /= 10)
		thousandths += (**at - '0') * worth;
	return thousandths;
}

/* "1h02m03.5s" */
static bool read_units(const char *text, int64_t *ret)
{
	int64_t number, unit, fraction;

	*ret = 0;
	do {
		if (!read_number(&text, &number))
			return false;
		fraction = read_fraction(&text);
		unit = read_unit(&text);
		if (!unit || number > NUMBER_MOST / unit)
			return false;
		*ret += number * unit + fraction * unit / 1000;
	} while (*text);
	return *ret <= NUMBER_MOST;
}

/* "31:07", "1:02:03" */
static bool read_colons(const char *text, int64_t *ret)
{
	int64_t part, seconds = 0;
	int parts = 0;

	do {
		if (!read_number(&text, &part) || (parts && part > 59) || ++parts > 3)
			return false;
		seconds = seconds * 60 + part;
		if (seconds > NUMBER_MOST / 1000)
			return false;
	} while (*text == ':' && *++text);
	*ret = seconds * 1000 + read_fraction(&text);
	return parts > 1 && !*text;
}

/* Of a time, which clock_parse_time reads to the second. */
static int64_t thousandths(const char *time)
{
	const char *point = strchr(time, '.');

	return point ? read_fraction(&point) : 0;
}

int moment_parse(const char *text, const struct span *span, struct moment *ret, struct err *err)
{
	struct err ignored = ERR_INIT;
	const char *at = text + (*text == '#' || *text == '+');
	int64_t number;

	*ret = (struct moment){ .seq = -1 };
	if (*text == '#' && read_number(&at, &number) && !*at)
		*ret = (struct moment){ .seq = number };
	else if (!strcmp(text, "start"))
		ret->instant = span->from;
	else if (!strcmp(text, "end"))
		ret->instant = span->to;
	else if (*text != '#' && (read_units(at, &number) || read_colons(at, &number)))
		ret->instant = span->from + number;
	else if (clock_parse_time(text, &ret->instant, &ignored) == 0)
		ret->instant += thousandths(text);
	else
		return err_set(err, ERR_USAGE,
			       "'%.80s' is no moment (write 31m, 1h02m03s, 31:07, #123, "
			       "2026-01-31T09:00:00Z, start or end)",
			       text);
	return 0;
}

const char *moment_text(int64_t ms, char text[MOMENT_TEXT_SIZE])
{
	int64_t seconds = (ms < 0 ? -ms : ms) / 1000;
	const char *sign = ms <= -1000 ? "-" : "";

	if (seconds < 3600)
		snprintf(text, MOMENT_TEXT_SIZE, "%s%" PRId64 ":%02d", sign, seconds / 60,
			 (int)(seconds % 60));
	else
		snprintf(text, MOMENT_TEXT_SIZE, "%s%" PRId64 ":%02d:%02d", sign, seconds / 3600,
			 (int)(seconds / 60 % 60), (int)(seconds % 60));
	return text;
}

/* clock.c - see clock.h */
#include "base/clock.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MS_SECOND 1000LL
#define MS_MINUTE (60 * MS_SECOND)
#define MS_HOUR (60 * MS_MINUTE)
#define MS_DAY (24 * MS_HOUR)
#define MS_LONGEST (3650 * MS_DAY)

int64_t clock_now(const struct clock *clock)
{
	struct timespec now;

	if (clock->fixed_ms)
		return clock->fixed_ms + clock->offset_ms;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * MS_SECOND + now.tv_nsec / 1000000 + clock->offset_ms;
}

int64_t clock_steady(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * MS_SECOND + now.tv_nsec / 1000000;
}

static const char *format_time(int64_t ms, bool with_ms, char text[CLOCK_TEXT_SIZE])
{
	time_t seconds = (time_t)(ms / MS_SECOND);
	struct tm tm;
	size_t len;

	gmtime_r(&seconds, &tm);
	len = strftime(text, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	if (with_ms)
		snprintf(text + len, CLOCK_TEXT_SIZE - len, ".%03dZ", (int)(ms % MS_SECOND));
	else
		snprintf(text + len, CLOCK_TEXT_SIZE - len, "Z");
	return text;
}

const char *clock_text(int64_t ms, char text[CLOCK_TEXT_SIZE])
{
	return format_time(ms, false, text);
}

const char *clock_text_ms(int64_t ms, char text[CLOCK_TEXT_SIZE])
{
	return format_time(ms, true, text);
}

/* Reads "Z" or "+hh:mm" as minutes east; false when it is neither. */
static bool read_zone(const char *text, int *ret_minutes)
{
	int hours, minutes, used = 0;

	if (!strcmp(text, "Z") || !strcmp(text, "z")) {
		*ret_minutes = 0;
		return true;
	}
	if ((*text != '+' && *text != '-') ||
	    strspn(text + 1, "0123456789:") != 5 ||
	    sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &used) < 2 || text[1 + used] ||
	    hours > 23 || minutes > 59)
		return false;
	*ret_minutes = (hours * 60 + minutes) * (*text == '-' ? -1 : 1);
	return true;
}

int clock_parse_time(const char *text, int64_t *ret_ms, struct err *err)
{
	struct tm tm = { 0 }, check;
	const char *rest = strptime(text, "%Y-%m-%d", &tm);
	int zone = 0;
	time_t seconds;

	if (rest && (*rest == 'T' || *rest == 't' || *rest == ' ')) {
		const char *minutes = strptime(rest + 1, "%H:%M", &tm);
		const char *after = minutes && *minutes == ':' ? strptime(minutes, ":%S", &tm)
							       : minutes;

		if (after && *after == '.')
			after += 1 + strspn(after + 1, "0123456789");
		rest = after && read_zone(after, &zone) ? "" : NULL;
	}
	if (!rest || *rest)
		return err_set(err, ERR_INPUT, "'%s' is not a time (write 2026-01-31T09:00:00Z)",
			       text);
	check = tm;
	seconds = timegm(&check);
	if (check.tm_mday != tm.tm_mday || tm.tm_year < 70 || tm.tm_year > 8000)
		return err_set(err, ERR_INPUT, "'%s' is not a date of the calendar", text);
	*ret_ms = ((int64_t)seconds - zone * 60) * MS_SECOND;
	return 0;
}

int clock_parse_duration(const char *text, int64_t *ret_ms, struct err *err)
{
	const char *at = text;
	int64_t total = 0;

	do {
		char *end;
		long long number = isdigit((unsigned char)*at) ? strtoll(at, &end, 10) : -1;
		int64_t unit;

		if (number < 0 || number > MS_LONGEST / MS_SECOND)
			goto bad;
		switch (*end) {
		case '\0': unit = at == text ? MS_MINUTE : 0; break;
		case 's': unit = MS_SECOND; break;
		case 'm': unit = MS_MINUTE; break;
		case 'h': unit = MS_HOUR; break;
		case 'd': unit = MS_DAY; break;
		case 'w': unit = 7 * MS_DAY; break;
		default: unit = 0;
		}
		if (!unit || number > MS_LONGEST / unit)
			goto bad;
		total += number * unit;
		at = *end ? end + 1 : end;
	} while (*at);
	if (total > MS_LONGEST)
		goto bad;
	*ret_ms = total;
	return 0;
bad:
	return err_set(err, ERR_INPUT,
		       "'%s' is not a duration (write 90s, 60m, 1h30m, 7d; at most 10 years)",
		       text);
}

const char *clock_duration_text(int64_t ms, char text[CLOCK_TEXT_SIZE])
{
	static const struct { int64_t ms; const char *name; } units[] = {
		{ MS_DAY, "d" }, { MS_HOUR, "h" }, { MS_MINUTE, "min" }, { MS_SECOND, "s" },
	};
	size_t i, last = sizeof(units) / sizeof(units[0]) - 1;

	for (i = 0; i < last && ms < units[i].ms; i++)
		;
	if (i < last && ms % units[i].ms >= units[i + 1].ms)
		snprintf(text, CLOCK_TEXT_SIZE, "%lld %s %lld %s", (long long)(ms / units[i].ms),
			 units[i].name, (long long)(ms % units[i].ms / units[i + 1].ms),
			 units[i + 1].name);
	else
		snprintf(text, CLOCK_TEXT_SIZE, "%lld %s", (long long)(ms / units[i].ms),
			 units[i].name);
	return text;
}

int clock_parse_moment(const char *text, int64_t now, int64_t *ret_ms, struct err *err)
{
	struct err ignored = ERR_INIT;
	int64_t duration;

	if (clock_parse_duration(text, &duration, &ignored) == 0) {
		*ret_ms = now + duration;
		return 0;
	}
	return clock_parse_time(text, ret_ms, err);
}

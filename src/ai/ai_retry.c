/* ai_retry.c - see ai_retry.h */
#include "ai/ai_retry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DELAY_FIRST 500
#define DELAY_MOST 20000
#define FAILURES_WITHIN 30000
#define CLOSED_FOR 15000
#define ALLOWANCE_MOST 100
#define ALLOWANCE_OF_ONE 10

/* --- one call */

static bool is_spent(const char *code)
{
	static const char *const codes[] = { "enforced_spend_limit_reached",
					     "contract_spend_limit_reached", "insufficient_quota",
					     "credit_balance_exhausted", "billing_error" };

	for (size_t i = 0; code && i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

static bool is_passing(const struct ai_retry *retry)
{
	static const int passing[] = { 408, 409, 429, 500, 502, 503, 504, 529 };

	if (is_spent(retry->code) || retry->fault == AI_FAULT_CERTIFICATE)
		return false;
	if (retry->fault != AI_FAULT_STATUS)
		return true;
	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (retry->status == passing[i])
			return true;
	return false;
}

/* Digits alone, perhaps with a fraction, times `unit`; -1 when it is none. */
static int64_t read_number(const char *text, int64_t unit)
{
	double number;
	char *end;

	if (!text || !isdigit((unsigned char)*text) || strlen(text) > 20 ||
	    strspn(text, "0123456789.") != strlen(text))
		return -1;
	number = strtod(text, &end);
	if (*end || !(number * (double)unit < 1e15))
		return -1;
	return (int64_t)(number * (double)unit);
}

static int month_of(const char *name)
{
	const char *names = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *found = strstr(names, name);

	return found && strlen(name) == 3 ? (int)(found - names) / 3 : -1;
}

/* The date of HTTP: "Sun, 06 Nov 1994 08:49:37 GMT". -1 when it is none. */
static int64_t read_date(const char *text)
{
	struct tm tm = { 0 };
	char day[4], month[4], zone[4];
	int length = 0;

	if (!text || strlen(text) != 29 ||
	    sscanf(text, "%3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d %3[A-Z]%n", day, &tm.tm_mday,
		   month, &tm.tm_year, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, zone, &length) != 8 ||
	    length != 29 || strcmp(zone, "GMT") != 0 || tm.tm_year < 1970)
		return -1;
	tm.tm_mon = month_of(month);
	if (tm.tm_mon < 0)
		return -1;
	tm.tm_year -= 1900;
	return (int64_t)timegm(&tm) * 1000;
}

/* What the provider asks for; -1 when it does not. */
static int64_t asked_for(const struct ai_retry *retry)
{
	int64_t wait = read_number(retry->retry_after_ms, 1), date;

	if (wait < 0)
		wait = read_number(retry->retry_after, 1000);
	date = wait < 0 ? read_date(retry->retry_after) : -1;
	if (date >= 0)
		wait = date > retry->now ? date - retry->now : 0;
	return wait > AI_RETRY_AFTER_MAX ? AI_RETRY_AFTER_MAX : wait;
}

/* Half is fixed, half by chance: chance alone may wait for nothing and burn all tries. */
static int64_t by_itself(const struct ai_retry *retry)
{
	int64_t delay = DELAY_FIRST;

	for (int i = 1; i < retry->tries && delay < DELAY_MOST; i++)
		delay *= 2;
	if (delay > DELAY_MOST)
		delay = DELAY_MOST;
	return delay / 2 + (int64_t)(retry->random % (uint32_t)(delay / 2 + 1));
}

int64_t ai_retry_wait(const struct ai_retry *retry)
{
	int64_t wait;

	if (retry->tries >= AI_RETRY_TRIES || retry->acted || !is_passing(retry))
		return -1;
	wait = asked_for(retry);
	if (wait < 0)
		wait = by_itself(retry);
	return retry->now + wait > retry->deadline ? -1 : wait;
}

/* --- the gate */

bool ai_retry_gate_enter(struct ai_retry_gate *gate, int64_t now)
{
	if (!gate->closed_until) {
		if (gate->allowance < ALLOWANCE_MOST)
			gate->allowance++;
		return true;
	}
	if (gate->probing || now < gate->closed_until)
		return false;
	gate->probing = true;
	return true;
}

void ai_retry_gate_report(struct ai_retry_gate *gate, int64_t now, bool well)
{
	const size_t most = sizeof(gate->failures) / sizeof(gate->failures[0]);
	bool probed = gate->probing;

	gate->probing = false;
	if (well) {
		gate->count = 0;
		gate->closed_until = 0;
		return;
	}
	gate->failures[gate->next] = now;
	gate->next = (gate->next + 1) % most;
	if (gate->count < most)
		gate->count++;
	/* `next` is the oldest of them now */
	if (probed || (gate->count == most && now - gate->failures[gate->next] <= FAILURES_WITHIN))
		gate->closed_until = now + CLOSED_FOR;
}

bool ai_retry_gate_again(struct ai_retry_gate *gate)
{
	if (gate->allowance < ALLOWANCE_OF_ONE)
		return false;
	gate->allowance -= ALLOWANCE_OF_ONE;
	return true;
}

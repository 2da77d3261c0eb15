/* hostile_case.h - the hostile acts as a table: what each tries, and how it is seen that it failed
 *
 * Every case is played in a new sandbox, in a used one (followed by an act that looks for what was
 * left), and bare, where it has to get through: else "contained" would mean nothing. */
#ifndef TALI_HOSTILE_CASE_H
#define TALI_HOSTILE_CASE_H

#include "sandbox_play.h"

enum hostile_control {
	CONTROL_BOTH,	/* gets through bare, whoever we are */
	CONTROL_ROOT,	/* only root does */
	CONTROL_USER,	/* only an ordinary user does */
	CONTROL_NONE,	/* see `why` */
};

#define ON(verdict) (1U << (verdict))
#define HOSTILE_WORDS 4

struct hostile_case {
	int number;			/* README.md of tests/hostile; 0: beyond that table */
	const char *act;
	const char *sentence;		/* true when it is contained */
	const char *words[HOSTILE_WORDS];	/* for the act, beside those of the witnesses */

	unsigned verdicts;		/* those that may be; 0: ok */
	unsigned weak_verdicts;		/* where nothing counts memory; 0: the same */
	int status;			/* exit status, when it must be that one */
	int signal;
	struct plan_limits limits;	/* what is not 0 replaces the limit of play_prepare */
	int (*collect)(void *arg, int work, struct err *err);
	void (*judge)(const struct play *play);

	enum hostile_control control;
	const char *why;		/* there is no control */
	bool open_for_users;		/* not contained as an ordinary user: README.md, limits */
	bool (*through)(void);		/* how a bare one is seen; NULL: it says BREACH */
};

#define CASE(a_number, an_act, a_sentence) \
	.number = (a_number), .act = (an_act), .sentence = (a_sentence)

/* Each ends with an empty entry. */
extern const struct hostile_case hostile_wall_cases[];	/* what must stay out of reach */
extern const struct hostile_case hostile_limit_cases[];	/* what is used up, ends oddly, stays */

/* Tests that need more than one act, and those of killed processes. Each ends with an empty
 * entry. */
extern const struct CMUnitTest hostile_run_tests[];
extern const struct CMUnitTest hostile_compiler_tests[];
extern const struct CMUnitTest hostile_kill_tests[];

#define HOSTILE_ARGV 40
/* The command of a case: its own words, the witnesses', and the mark. */
void hostile_argv(const struct hostile_case *one, const char *program,
		  const char *argv[HOSTILE_ARGV]);
/* Plays one case by play_sandbox, and judges. */
void hostile_play(const struct hostile_case *one);
/* Nothing of an earlier run is visible in play_sandbox. */
void hostile_play_probe(void);
/* What a judged act printed is no breach. */
void hostile_assert_held(const struct play *play);

/* Runs all of it as the user we are. */
int hostile_play_all(const char *name, int hostile_fd, bool weak);

/* Takes down what of the machine could be changed for good, and compares. */
void hostile_remains_note(void);
void hostile_remains_check(void);
/* Groups of control groups left by any of these processes. */
int hostile_remains_groups(const pid_t *pids, size_t count);

#endif

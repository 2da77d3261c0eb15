/* sandbox_play.h - one sandboxed run as a test sees it, and the lists of all such tests */
#ifndef TALI_SANDBOX_PLAY_H
#define TALI_SANDBOX_PLAY_H

#include "base/auto.h"
#include "base/buf.h"
#include "sandbox/sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MIB (1024 * 1024)

/* What was asked, and what came. */
struct play {
	struct plan plan;
	struct sandbox_io io;
	struct run_report report;
	struct err err;
	struct buf out, errors;
	int failed;
	int64_t took_ms;
};

extern struct sandbox *play_sandbox;
extern bool play_weak;		/* no control groups: limits that only look are allowed */
extern char play_mark[64];	/* a word in the command line of what must not live on */

/* Small limits; the hostile program is put into /work, what the payload writes into the buffers. */
void play_prepare(struct play *play);
void play_release(struct play *play);
void play_run(struct play *play, const char *const *argv);

/* A prepared play that is released at the end of the scope. */
#define PLAY(name) \
	AUTO(play_release) struct play name; \
	play_prepare(&name)
#define RUN(play, ...) play_run(play, (const char *const[]){ __VA_ARGS__, NULL })
/* Runs an act of the hostile program. */
#define ACT(play, ...) RUN(play, "./hostile", __VA_ARGS__)

void play_assert_verdict(const struct play *play, enum verdict verdict);
void play_assert_out(const struct play *play, const char *text);

/* The number of processes on this machine with play_mark in their command line. */
int play_count_marked(void);

/* Runs all lists below as the user we are. The hostile program is open as hostile_fd. */
int play_run_all(const char *name, int hostile_fd, bool weak);
/* Opens the hostile program: $TALI_HOSTILE, or ../hostile/hostile beside this program. */
int play_open_hostile(void);
/* Plays put this one into /work. */
void play_use_hostile(int fd);

/* Each ends with an empty entry. */
extern const struct CMUnitTest sandbox_limit_tests[];
extern const struct CMUnitTest sandbox_breach_tests[];
extern const struct CMUnitTest sandbox_life_tests[];
extern const struct CMUnitTest sandbox_reuse_tests[];
extern const struct CMUnitTest sandbox_terminal_tests[];

#endif

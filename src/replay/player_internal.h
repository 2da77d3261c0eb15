/* player_internal.h - what the player_* modules share and callers never see */
#ifndef TALI_PLAYER_INTERNAL_H
#define TALI_PLAYER_INTERNAL_H

#include "replay/player.h"
#include "replay/player_clock.h"
#include "replay/player_find.h"
#include "replay/player_lines.h"

enum player_view {
	PLAYER_FILES, PLAYER_DIFF, PLAYER_TERMINAL, PLAYER_TALK, PLAYER_RUNS, PLAYER_VIEWS
};

enum player_mode {
	PLAYER_WATCH, PLAYER_HELP, PLAYER_KINDS, PLAYER_CHOOSE,
	PLAYER_KIND,	/* `k` was pressed: a letter follows */
	PLAYER_ASK,	/* words to search are being typed */
};

#define PLAYER_WORDS_SIZE 128

struct player {
	struct player_session session;
	struct player_clock clock;
	struct timeline_gap *gaps;
	const struct timeline_mark *marks;	/* those of the work; borrowed from the timeline */
	size_t mark_count;
	enum player_view view;
	enum player_mode mode;

	char *path;		/* file that was chosen; NULL: follow */
	size_t terminal;	/* one more than the place of the one chosen; 0: follow */
	struct player_lines lines;
	int skip;		/* cells left out on the left */
	bool held;		/* scrolled by hand: does not follow */
	struct player_lines menu;
	int menu_at;

	char words[PLAYER_WORDS_SIZE];	/* searched last */
	char asked[PLAYER_WORDS_SIZE];	/* being typed */
	bool search_wanted;
	struct player_hits hits;
	char message[256];	/* until the next key; may hold foreign text */

	struct timeline *base;	/* at the last snapshot, for differences; NULL: not needed yet */
	int64_t kind_seq;	/* event of `kind` */
	char kind[32];
	double since_refresh;	/* ms */
	struct err err;
};

struct player_kind {
	char letter;
	const char *kind, *title;
};
/* Kinds that can be jumped to; ends with letter 0. */
extern const struct player_kind player_kinds[];
/* 0 when it has none. */
char player_letter(const char *kind);

/* Writes the message; control characters in it are harmless. */
void player_say(struct player *player, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif

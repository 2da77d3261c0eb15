/* player.h - a session being watched: keys and time go in, cells come out
 *
 * Knows no terminal: player_screen.h has that side. */
#ifndef TALI_PLAYER_H
#define TALI_PLAYER_H

#include "replay/moment.h"
#include "replay/player_canvas.h"
#include "replay/timeline.h"

/* Everything is borrowed and must stay. */
struct player_session {
	struct store *store;
	const char *assessment_id, *candidate, *task;
	struct timeline *timeline;	/* stands where the player is to begin */
	const struct fold_source *source;
	struct span span;
	bool running;			/* more events may come */
};

struct player;

/* Paused. NULL on error. */
struct player *player_new(const struct player_session *session, struct err *err);
void player_free(struct player **player);

/* A character, or one of these. */
enum player_key {
	PLAYER_KEY_LEFT = 0x110000,	/* past all characters */
	PLAYER_KEY_RIGHT, PLAYER_KEY_FAR_LEFT, PLAYER_KEY_FAR_RIGHT, PLAYER_KEY_UP,
	PLAYER_KEY_DOWN, PLAYER_KEY_PAGE_UP, PLAYER_KEY_PAGE_DOWN, PLAYER_KEY_HOME,
	PLAYER_KEY_END, PLAYER_KEY_ENTER, PLAYER_KEY_ESCAPE, PLAYER_KEY_BACKSPACE, PLAYER_KEY_TAB,
	PLAYER_KEY_NONE
};

/* False when it was the wish to leave. */
bool player_press(struct player *player, int key);

/* So many milliseconds went by. True when there is something new to draw. */
bool player_advance(struct player *player, double wall_ms);
/* Whether it plays or has something to do, so that time matters. */
bool player_playing(const struct player *player);

/* Draws all of it on a blank canvas. */
void player_draw(struct player *player, struct canvas *canvas);

/* ERR_INTEGRITY and the like, when the session could not be followed any more: the player is of no
 * use then. NULL otherwise. */
const struct err *player_error(const struct player *player);

#endif

/* host_screen.h - what a program in the sandbox writes, made fit for the terminal of a person
 *
 * Nothing may stay behind on it: titles, clipboards, palettes and other strings (OSC, DCS, APC, PM,
 * SOS) are taken out, and so are reports about the window, printing, and modes that are not in the
 * table here. Of the modes that pass, the ones that are set are known, and can be taken back at the
 * end. Bytes may be cut anywhere; what is not a control sequence passes as it is.
 * (ECMA-48; xterm's ctlseqs) */
#ifndef TALI_HOST_SCREEN_H
#define TALI_HOST_SCREEN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_SCREEN_SEQUENCE_MAX 128	/* bytes; longer ones are taken out */

enum host_screen_state {
	HOST_SCREEN_GROUND, HOST_SCREEN_CHARACTER, HOST_SCREEN_ESCAPE, HOST_SCREEN_CSI,
	HOST_SCREEN_STRING, HOST_SCREEN_STRING_ESCAPE, HOST_SCREEN_STRING_C2,
};

struct host_screen {
	enum host_screen_state state;
	char sequence[HOST_SCREEN_SEQUENCE_MAX];	/* so far, from ESC on, or of a character */
	size_t len;
	bool too_long;
	size_t string_len;
	uint32_t changed;		/* modes that are not as they were, by place in the table */
	uint32_t others;		/* what else has to be taken back */
	bool asked;			/* a question passed: the terminal will type an answer */
};

#define HOST_SCREEN_INIT { .state = HOST_SCREEN_GROUND }

/* Adds to `out` what may pass. */
void host_screen_pass(struct host_screen *screen, const char *data, size_t len, struct buf *out);

/* Adds what takes everything back that was changed; nothing when nothing was. */
void host_screen_leave(const struct host_screen *screen, struct buf *out);
/* Adds what sets the modes again that were set before. */
void host_screen_return(const struct host_screen *screen, struct buf *out);

#endif

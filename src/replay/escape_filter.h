/* escape_filter.h - what a program wrote to a terminal, made harmless for another terminal
 *
 * An allow list. What comes out is valid UTF-8 of printable text, tab, newline, return, backspace,
 * and of escape sequences only these:
 *
 *	ESC 7, ESC 8, ESC D, ESC E, ESC M	cursor and scrolling
 *	CSI n m				colours and styles
 *	CSI n A-H ` a d e f I Z s u	cursor
 *	CSI n J K X @ P L M b		erasing (not CSI 3 J: scrollback), inserting, repeating
 *	CSI n S T r			scrolling and its region
 *	CSI 4 h l			insert mode
 *	CSI ? n h l			modes 5, 6, 7, 12, 25, 47, 1047, 1048, 1049, 2026
 *
 * with at most 32 numbers up to 65535. Everything else is left out whole: titles, links, clipboard
 * and other OSC, DCS, APC, PM, SOS; questions (DA, DSR, DECRQSS, ENQ); window operations, bell,
 * keyboard and mouse modes. C1 controls (U+0080 to U+009F) are read as what they mean and are left
 * out too; invalid UTF-8 becomes U+FFFD. A reset (ESC c) becomes CSI 0 m, CSI r, CSI H, CSI 2 J.
 * The line drawing of VT100 (ESC ( 0, SO) becomes the characters it draws. */
#ifndef TALI_ESCAPE_FILTER_H
#define TALI_ESCAPE_FILTER_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define ESCAPE_FILTER_SEQUENCE 256	/* most bytes of a sequence; a longer one is left out */

struct escape_filter {
	int state;
	char sequence[ESCAPE_FILTER_SEQUENCE];	/* of a CSI, behind "CSI" */
	size_t len;
	bool too_long;
	uint32_t character;	/* of which UTF-8 is missing */
	unsigned missing, given;
	bool drawing[2];	/* G0 and G1 draw lines */
	int shift;		/* G0 or G1 is in use */
	int charset;		/* which one is being chosen */
};

#define ESCAPE_FILTER_INIT { .state = 0 }

/* Appends what is left of these bytes to `out`. What they leave unfinished, a sequence or a
 * character, is finished by the next call. */
void escape_filter_feed(struct escape_filter *filter, const void *data, size_t len,
			struct buf *out);

#endif

/* term.c - see term.h */
#include "base/term.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool term_colour(FILE *file)
{
	const char *no_color = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return !(no_color && *no_color) && terminal && strcmp(terminal, "dumb") != 0 &&
	       isatty(fileno(file));
}

/* C0 controls, DEL and the C1 controls (0xC2 0x80-0x9F in UTF-8) could steer a terminal. */
void term_print_safe(FILE *file, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	for (; *at; at++) {
		if ((*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7f)
			fprintf(file, "\\x%02x", *at);
		else if (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0)
			fprintf(file, "\\x%02x", *++at);
		else
			putc(*at, file);
	}
}

void term_paint(FILE *file, bool colour, enum term_style style, const char *text)
{
	static const char *const codes[] = {
		[TERM_PLAIN] = "", [TERM_BOLD] = "\033[1m", [TERM_DIM] = "\033[2m",
		[TERM_GREEN] = "\033[32m", [TERM_RED] = "\033[31m", [TERM_YELLOW] = "\033[33m",
	};
	bool styled = style != TERM_PLAIN && colour;

	if (styled)
		fputs(codes[style], file);
	term_print_safe(file, text);
	if (styled)
		fputs("\033[0m", file);
}

void term_print(FILE *file, enum term_style style, const char *text)
{
	term_paint(file, style != TERM_PLAIN && term_colour(file), style, text);
}

/* err.h - one error value: a code that decides the exit status and a sentence for people
 *
 * Functions that can fail take `struct err *err` last and return 0 or -1 (or a pointer or NULL).
 * The deep function says what failed, each caller may put its own context in front, main prints. */
#ifndef TALI_ERR_H
#define TALI_ERR_H

enum err_code {
	ERR_NONE,
	ERR_NO,		/* done, and the answer is no: exit 1 */
	ERR_USAGE,	/* wrong words on the command line, or an ambiguous id: exit 2 */
	ERR_INPUT,	/* an input file or value is not valid: exit 2 */
	ERR_ENV,	/* our environment failed, safe to retry: exit 3 */
	ERR_INTEGRITY,	/* journal, signature, tree or database does not check: exit 4 */
	ERR_NOT_FOUND,	/* no such thing: exit 5 */
	ERR_STATE,	/* expired, locked, or refused in this state: exit 5 */
	ERR_CODES
};

struct err {
	enum err_code code;
	char text[512];
};

#define ERR_INIT { ERR_NONE, "" }

/* Sets code and text; a text too long is cut and ends in "...". Always returns -1. */
int err_set(struct err *err, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set with ERR_ENV, then ": " and strerror(errno). Always returns -1. */
int err_sys(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts context and ": " in front of the text that is there; the code stays. Always returns -1. */
int err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The process exit status that belongs to `code`. */
int err_exit_status(enum err_code code);

#endif

/* api_load.h - candidates as live and exam make them: links, requests, keystrokes */
#ifndef TALI_API_LOAD_H
#define TALI_API_LOAD_H

#include "http_load.h"

#define API_LOAD_TOKEN 64	/* bytes of the token of a link, with its end */

/* The tokens that stdin has, one a line. The array is the caller's. */
char (*api_load_tokens(long *ret_count))[API_LOAD_TOKEN];

/* Sends a request. `head` is whole lines that say who asks. */
void api_load_send(struct http_load_client *client, const char *head, const char *method,
		   const char *path, const char *body, size_t len);

/* A file somebody types into: what was acknowledged, and what comes next. */
struct api_load_file {
	const char *name;
	long rev;		/* of the text that the next edit begins from */
	long seq;		/* of the last edit that was sent */
	size_t length;		/* of the text, after that edit */
};

/* A batch of `count` edits, which put `len` bytes of printable text and line ends at the end of
 * the file, about as many each; the first removes `del` bytes before, if there are
 * any. Writes into `ret`, of `size` bytes; gives its length. */
size_t api_load_batch(struct api_load_file *file, size_t count, size_t del, const char *text,
		      size_t len, char *ret, size_t size);

/* Takes the answer to the batch that was sent last. False when not all of it is acknowledged. */
bool api_load_acknowledged(struct api_load_file *file, const char *answer, size_t len);

/* The number behind the first `name` of a text, or -1. */
long api_load_number(const char *text, size_t len, const char *name);

#endif

/* api_load.c - see api_load.h */
#include "api_load.h"

#include "measure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char (*api_load_tokens(long *ret_count))[API_LOAD_TOKEN]
{
	char line[API_LOAD_TOKEN], (*tokens)[API_LOAD_TOKEN] = NULL;
	long count = 0;

	while (fgets(line, sizeof(line), stdin)) {
		tokens = realloc(tokens, (size_t)(count + 1) * sizeof(*tokens));
		if (!tokens)
			abort();
		snprintf(tokens[count++], sizeof(*tokens), "%.*s", (int)strcspn(line, "\n"), line);
	}
	if (!count)
		measure_fail("no tokens on standard input");
	*ret_count = count;
	return tokens;
}

void api_load_send(struct http_load_client *client, const char *head, const char *method,
		   const char *path, const char *body, size_t len)
{
	char text[1024];
	int head_len = snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s"
				"Content-Length: %zu\r\n\r\n", method, path, head, len);

	http_load_send(client, text, (size_t)head_len);
	http_load_send(client, body, len);
}

/* --- typing */

__attribute__((format(printf, 4, 5)))
static void add(char *text, size_t size, size_t *len, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*len += (size_t)vsnprintf(text + *len, size - *len, format, args);
	va_end(args);
	if (*len >= size)
		measure_fail("a batch is too long");
}

static void add_escaped(char *text, size_t size, size_t *at, const char *added, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (added[i] == '\n')
			add(text, size, at, "\\n");
		else if (added[i] == '"' || added[i] == '\\')
			add(text, size, at, "\\%c", added[i]);
		else
			add(text, size, at, "%c", added[i]);
}

size_t api_load_batch(struct api_load_file *file, size_t count, size_t del, const char *text,
		      size_t len, char *ret, size_t size)
{
	size_t at = 0;

	add(ret, size, &at, "{\"schema\":\"tali.batch/1\",\"client\":\"bench\",\"sent\":1,"
	    "\"base\":{\"%s\":%ld},\"events\":[", file->name, file->rev);
	for (size_t i = 0; i < count; i++) {
		size_t from = len * i / count, piece = len * (i + 1) / count - from;

		file->length -= del;
		add(ret, size, &at, "%s{\"seq\":%ld,\"time\":1,\"kind\":\"edit\",\"data\":{"
		    "\"edits\":[{\"file\":\"%s\",\"at\":%zu,\"del\":%zu,\"ins\":\"",
		    i ? "," : "", ++file->seq, file->name, file->length, del);
		add_escaped(ret, size, &at, text + from, piece);
		add(ret, size, &at, "\"}]}}");
		file->length += piece;
		del = 0;
	}
	add(ret, size, &at, "]}");
	return at;
}

long api_load_number(const char *text, size_t len, const char *name)
{
	const char *at = memmem(text, len, name, strlen(name));
	char digits[24];

	if (!at)
		return -1;
	at += strlen(name);
	snprintf(digits, sizeof(digits), "%.*s", (int)(text + len - at), at);
	return strtol(digits, NULL, 10);
}

bool api_load_acknowledged(struct api_load_file *file, const char *answer, size_t len)
{
	char key[256];

	if (api_load_number(answer, len, "\"acknowledged\":") != file->seq)
		return false;
	snprintf(key, sizeof(key), "\"%s\":", file->name);
	file->rev = api_load_number(answer, len, key);
	return file->rev >= 0;
}

/* print-page.c - pages and assets as tali serves them, for a server that is not ours (tests/web)
 *
 *	print-page landing | passcode [MESSAGE] | error NUMBER
 *	print-page session <SESSION.JSON	the page that belongs to a tali.session/1
 *	print-page me <SESSION.JSON		what is recorded of it, with made-up numbers
 *		the first line is {"status", "policy"}, the rest the page
 *	print-page asset PATH	{"type", "etag", "immutable"} and the bytes by gzip
 *	print-page markdown TEXT	its HTML */
#include "base/auto.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "web/asset.h"
#include "web/markdown.h"
#include "web/web_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int print_page(const char *kind, const char *argument, struct err *err)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	AUTO_JSON json_t *session = NULL;
	AUTO_JSON json_t *counts = json_pack("{s:i, s:i, s:i}", "edit", 1234, "run", 5, "odd", 1);
	AUTO_FREE char *policy = NULL;
	int64_t now;
	int result = -1;

	if (!strcmp(kind, "landing"))
		result = web_page_landing(&page, err);
	else if (!strcmp(kind, "passcode"))
		result = web_page_passcode(&page, argument, err);
	else if (!strcmp(kind, "error") && argument)
		result = web_page_error(&page, (enum web_page_error)strtol(argument, NULL, 10),
					err);
	else if ((session = json_loadf(stdin, 0, NULL)) != NULL && !strcmp(kind, "me"))
		result = web_page_me(&page, session, counts, err);
	else if (session && clock_parse_time(json_str(session, "now", ""), &now, err) == 0)
		result = web_page_session(&page, session, now, err);
	if (result < 0)
		return -1;
	policy = web_page_policy(&page);
	printf("{\"status\":%d,\"policy\":\"%s\"}\n%s", page.status, policy, buf_str(&page.html));
	return 0;
}

static int print_asset(const char *path, struct err *err)
{
	bool immutable = false;
	const struct asset *asset = asset_find(path, &immutable);
	AUTO_JSON json_t *head = NULL;

	if (!asset)
		return err_set(err, ERR_NOT_FOUND, "there is no %s", path);
	head = json_pack("{s:s, s:s, s:b}", "type", asset_type(asset), "etag", asset->gzip_etag,
			 "immutable", immutable);
	json_dumpf(head, stdout, JSON_COMPACT);
	putchar('\n');
	fwrite(asset->gzip, 1, asset->gzip_size, stdout);
	return 0;
}

static int print_markdown(const char *text, struct err *err)
{
	AUTO(buf_release) struct buf html = BUF_INIT(1 << 20);

	if (markdown_html(text, strlen(text), &html, err) < 0)
		return -1;
	fputs(buf_str(&html), stdout);
	return 0;
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "", *argument = argc > 2 ? argv[2] : NULL;
	struct err err = ERR_INIT;
	int result;

	hash_init();
	if (!strcmp(kind, "asset") && argument)
		result = print_asset(argument, &err);
	else if (!strcmp(kind, "markdown") && argument)
		result = print_markdown(argument, &err);
	else
		result = print_page(kind, argument, &err);
	if (result < 0)
		fprintf(stderr, "print-page: %s\n", err.text);
	return result < 0 ? 1 : 0;
}

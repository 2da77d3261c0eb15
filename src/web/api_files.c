/* api_files.c - see api_files.h */
#include "web/api_files.h"

#include "assess/live_files.h"
#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "http/http_reply.h"
#include "web/visitor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAG_SIZE 24

static const char *tag_of(int64_t rev, char tag[TAG_SIZE])
{
	snprintf(tag, TAG_SIZE, "\"%" PRId64 "\"", rev);
	return tag;
}

static void reply_rev(struct route_call *call, int64_t rev)
{
	char tag[TAG_SIZE];

	http_reply_header(call->request, "ETag", tag_of(rev, tag));
	http_reply_json(call->request, 200, json_pack("{s:I}", "rev", (json_int_t)rev));
}

void api_files_get(struct route_call *call)
{
	AUTO(buf_release) struct buf bytes = { 0 };
	struct err err = ERR_INIT;
	char tag[TAG_SIZE];
	int64_t rev;

	if (live_read(visitor_of(call)->live, visitor_store(call), call->rest, &bytes, &rev,
		      &err) < 0) {
		http_reply_err(call->request, &err);
		return;
	}
	http_reply_header(call->request, "ETag", tag_of(rev, tag));
	if (http_request_matches(call->request, "If-None-Match", tag)) {
		http_reply(call->request, 304, NULL, NULL, 0);
		return;
	}
	/* never a type that a browser would run: the bytes are the candidate's */
	http_reply_header(call->request, "Content-Disposition", "attachment");
	http_reply(call->request, 200, "application/octet-stream", buf_str(&bytes), bytes.len);
}

/* What must be there. False: answered. */
static bool wanted_rev(struct route_call *call, int64_t *ret)
{
	const char *match = http_request_header(call->request, "If-Match");
	const char *none = http_request_header(call->request, "If-None-Match");
	char *end;

	*ret = none ? LIVE_NO_FILE : LIVE_ANY_REV;
	if (none && strcmp(none, "*") != 0) {
		http_reply_error(call->request, 400, "invalid", "If-None-Match is * or nothing",
				 NULL);
		return false;
	}
	if (!match)
		return true;
	*ret = *match == '"' ? strtoll(match + 1, &end, 10) : 0;
	if (*ret > 0 && !strcmp(end, "\""))
		return true;
	http_reply_error(call->request, 400, "invalid", "If-Match is no entity tag of ours", NULL);
	return false;
}

void api_files_put(struct route_call *call)
{
	AUTO(buf_release) struct buf bytes = { 0 };
	struct err err = ERR_INIT;
	int64_t wanted, rev = -1;

	if (!wanted_rev(call, &wanted))
		return;
	if (http_request_body(call->request, LIVE_UPLOAD_MOST, &bytes, &err) < 0 ||
	    live_put(visitor_of(call)->live, visitor_store(call), call->rest, buf_str(&bytes),
		     bytes.len, wanted, &rev, &err) < 0) {
		if (rev >= 0)
			http_reply_error(call->request, 412, "changed", err.text, NULL);
		else
			http_reply_err(call->request, &err);
		return;
	}
	reply_rev(call, rev);
}

static void change(struct route_call *call, const char *op, const char *to)
{
	struct err err = ERR_INIT;
	int64_t rev;

	if (live_file(visitor_of(call)->live, visitor_store(call), op, call->rest, to, &rev,
		      &err) < 0)
		http_reply_err(call->request, &err);
	else
		reply_rev(call, rev);
}

void api_files_change(struct route_call *call)
{
	static const char *const ops[] = { "create", "delete", "rename" };
	AUTO_JSON json_t *body = visitor_body(call);
	const char *op = body ? json_str(body, "op", "") : "";
	const char *to = body ? json_str(body, "to", NULL) : NULL;
	size_t i, count = sizeof(ops) / sizeof(*ops);

	if (!body)
		return;
	for (i = 0; i < count && strcmp(op, ops[i]) != 0; i++)
		;
	if (i == count)
		http_reply_error(call->request, 400, "invalid", "there is no such operation", "op");
	else if (!to != (strcmp(op, "rename") != 0))
		http_reply_error(call->request, 400, "invalid", "only rename has a new name", "to");
	else
		change(call, op, to);
}

void api_files_delete(struct route_call *call)
{
	change(call, "delete", NULL);
}

/* --- all of them */

void api_files_archive(struct route_call *call)
{
	struct visitor *visitor = visitor_of(call);
	const char *name = visitor->assessment.task_name;
	struct err err = ERR_INIT;
	AUTO(fs_temp_release) char *folder = fs_temp_dir("tali-archive", &err);
	AUTO_FREE char *path = folder ? fs_join(folder, "work.tar.gz") : NULL;
	FILE *file = NULL;

	if (path && live_pack(visitor->live, visitor_store(call), path, name, &err) == 0)
		file = fopen(path, "re");
	if (!file) {
		if (err.code == ERR_NONE)
			err_sys(&err, "the archive");
		http_reply_err(call->request, &err);
		return;
	}
	http_reply_header(call->request, "Content-Disposition",
			  "attachment; filename=\"work.tar.gz\"");
	call->file.data = file;
	call->file.type = "application/gzip";
}

/* judge_material.c - see judge_material.h */
#include "score/judge_material.h"

#include "base/auto.h"
#include "base/buf.h"
#include "score/code_language.h"
#include "score/judge_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START "start/"
#define STATEMENT "README.md"
#define CHANGE_LEAST 40		/* bytes put in or taken out; smaller ones tell nothing */
#define TEXT_MAX ((size_t)1 << 20)
#define FILE_MAX ((size_t)1 << 20)

struct piece {
	json_t *json;
	int64_t seq;
	size_t order, bytes;	/* order: of its making */
};

struct gathering {
	const struct judge_source *source;
	const char *kinds;
	struct piece *pieces;
	size_t count, room, gone;
};

static void gathering_release(struct gathering *g)
{
	for (size_t i = 0; i < g->count; i++)
		json_decref(g->pieces[i].json);
	free(g->pieces);
}

static bool wants(const struct gathering *g, const char *kind)
{
	size_t len = strlen(kind);

	for (const char *at = g->kinds; (at = strstr(at, kind)) != NULL; at += len)
		if ((at == g->kinds || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

/* --- pieces */

static struct piece *add_piece(struct gathering *g, int64_t seq, const char *kind, const char *text,
			       size_t len, size_t most)
{
	struct buf shown = BUF_INIT(TEXT_MAX);
	struct piece *piece;

	if (g->count == g->room) {
		g->room = 2 * g->room + 64;
		g->pieces = buf_realloc(g->pieces, g->room, sizeof(*g->pieces));
	}
	g->gone += judge_text_add(&shown, text, len, most);
	piece = &g->pieces[g->count];
	*piece = (struct piece){ .seq = seq, .order = g->count++, .bytes = shown.len };
	piece->json = json_pack("{s:I, s:s, s:s%}", "seq", (json_int_t)seq, "kind", kind, "text",
				buf_str(&shown), shown.len);
	buf_release(&shown);
	return piece;
}

__attribute__((format(printf, 4, 5)))
static void add_words(struct gathering *g, int64_t seq, const char *kind, const char *format, ...)
{
	char text[600];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	add_piece(g, seq, kind, text, strlen(text), JUDGE_PIECE_BYTES);
}

static void add_text(struct gathering *g, int64_t seq, const char *kind, const char *text,
		     size_t len)
{
	if (len && wants(g, kind))
		add_piece(g, seq, kind, text, len, JUDGE_PIECE_BYTES);
}

/* --- from the facts */

static void add_talk(struct gathering *g, const struct facts *facts)
{
	for (size_t i = 0; i < facts->exchange_count; i++) {
		const struct fact_exchange *e = &facts->exchanges[i];

		add_text(g, e->seq, "prompt", e->prompt, e->prompt_len);
		if (e->answer_seq >= 0)
			add_text(g, e->answer_seq, "answer", e->answer, e->answer_len);
	}
	for (size_t i = 0; i < facts->note_count; i++)
		add_text(g, facts->notes[i].seq, "note", facts->notes[i].text,
			 strlen(facts->notes[i].text));
	for (size_t i = 0; i < facts->command_count; i++)
		add_text(g, facts->commands[i].seq, "command", facts->commands[i].text,
			 strlen(facts->commands[i].text));
	if (facts->estimate_seq >= 0 && wants(g, "estimate"))
		add_words(g, facts->estimate_seq, "estimate", "It will take %lld more minutes.",
			  (long long)facts->estimate_minutes);
}

static void add_checks(struct gathering *g, const struct facts *facts)
{
	for (size_t i = 0; i < facts->check_count; i++) {
		const struct fact_check *check = &facts->checks[i];

		if (check->by_hand)	/* a command, and told as one */
			continue;
		if (check->is_test && wants(g, "test"))
			add_words(g, check->seq, "test", "The visible tests: %u of %u passed.",
				  check->cases_passed, check->cases);
		else if (!check->is_test && wants(g, "run"))
			add_words(g, check->seq, "run", "The program was run%s and %s.",
				  check->reported ? " on the candidate's machine, which says so,"
						  : "",
				  check->passed ? "ended well" : "failed");
	}
}

static void add_changes(struct gathering *g, const struct facts *facts)
{
	for (size_t i = 0; wants(g, "change") && i < facts->change_count; i++) {
		const struct fact_change *change = &facts->changes[i];

		if (change->added + change->removed >= CHANGE_LEAST &&
		    change->origin != FACT_STARTER)
			add_words(g, change->seq, "change", "%u bytes put into %.200s, %u taken "
				  "out; where they come from: %s.", change->added,
				  facts->paths[change->path].path, change->removed,
				  facts_origin_name(change->origin));
	}
	for (size_t i = 0; wants(g, "paste") && i < facts->paste_count; i++)
		add_words(g, facts->pastes[i].seq, "paste", "%u bytes were pasted; where they come "
			  "from: %s.", facts->pastes[i].size,
			  facts_origin_name(facts->pastes[i].origin));
	for (size_t i = 0; wants(g, "look") && i < facts->look_count; i++)
		if (facts->looks[i].statement)
			add_words(g, facts->looks[i].seq, "look", "The statement was opened.");
}

/* --- the files that were handed in */

struct reading {
	struct gathering *gathering;
	json_t *starter;	/* {path: oid} */
	size_t files;
};

static int note_starter(void *arg, const struct repo_file *file, struct err *err)
{
	struct reading *reading = arg;

	(void)err;
	if (!strcmp(file->path, STATEMENT))	/* lies in the workspace, too */
		json_object_set_new(reading->starter, STATEMENT, json_string(file->oid));
	if (!strncmp(file->path, START, strlen(START)))
		json_object_set_new(reading->starter, file->path + strlen(START),
				    json_string(file->oid));
	return 0;
}

static bool is_text_for_people(const char *path)
{
	const char *dot = strrchr(path, '.');

	return code_language_of(path) || (dot && (!strcmp(dot, ".md") || !strcmp(dot, ".txt")));
}

static int add_file(void *arg, const struct repo_file *file, struct err *err)
{
	struct reading *reading = arg;
	struct gathering *g = reading->gathering;
	const char *before = json_string_value(json_object_get(reading->starter, file->path));
	AUTO(buf_release) struct buf text = { 0 };
	AUTO(buf_release) struct buf path = BUF_INIT(TEXT_MAX);
	struct piece *piece;

	if ((before && !strcmp(before, file->oid)) || !is_text_for_people(file->path) ||
	    file->size > FILE_MAX || reading->files == JUDGE_FILES)
		return 0;
	if (repo_read_blob(g->source->repo, file->oid, FILE_MAX, &text, err) < 0)
		return -1;
	reading->files++;
	piece = add_piece(g, g->source->facts->events - 1, "file", buf_str(&text), text.len,
			  JUDGE_FILE_BYTES);
	g->gone += judge_text_add(&path, file->path, strlen(file->path), JUDGE_PIECE_BYTES);
	json_object_set_new(piece->json, "path", json_string(buf_str(&path)));
	return 0;
}

static int add_files(struct gathering *g, struct err *err)
{
	AUTO_JSON json_t *starter = json_object();
	struct reading reading = { .gathering = g, .starter = starter };
	const struct judge_source *source = g->source;

	if (!source->repo || !wants(g, "file"))
		return 0;
	if (repo_each_file(source->repo, source->task_tree, note_starter, &reading, err) < 0)
		return -1;
	return repo_each_file(source->repo, source->tree, add_file, &reading, err);
}

/* --- what is shown of it */

static int by_seq(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* How many from the beginning and from the end have room, taken by turns. */
static void choose(const struct gathering *g, size_t *ret_first, size_t *ret_last)
{
	size_t bytes = 0, first = 0, last = 0;

	while (first + last < g->count && first + last < JUDGE_PIECES) {
		bool from_end = last < first;
		const struct piece *next = &g->pieces[from_end ? g->count - last - 1 : first];

		bytes += next->bytes;
		if (bytes > JUDGE_PIECES_BYTES)
			break;
		last += from_end;
		first += !from_end;
	}
	*ret_first = first;
	*ret_last = last;
}

static json_t *show(struct gathering *g)
{
	AUTO(buf_release) struct buf statement = BUF_INIT(TEXT_MAX);
	const char *text = g->source->statement;
	json_t *list = json_array();
	size_t first, last;

	if (g->count)
		qsort(g->pieces, g->count, sizeof(*g->pieces), by_seq);
	choose(g, &first, &last);
	for (size_t i = 0; i < g->count; i++)
		if (i < first || i >= g->count - last)
			json_array_append(list, g->pieces[i].json);
	judge_text_add(&statement, text, strlen(text), JUDGE_STATEMENT_BYTES);
	return json_pack("{s:s, s:o, s:I}", "statement", buf_str(&statement), "evidence", list,
			 "not_shown", (json_int_t)(g->count - first - last));
}

json_t *judge_material(const struct judge_source *source, const char *kinds, size_t *ret_gone,
		       struct err *err)
{
	AUTO(gathering_release) struct gathering g = { .source = source, .kinds = kinds };

	add_talk(&g, source->facts);
	add_checks(&g, source->facts);
	add_changes(&g, source->facts);
	if (add_files(&g, err) < 0)
		return NULL;
	*ret_gone = g.gone;
	return show(&g);
}

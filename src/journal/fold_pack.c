/* fold_pack.c - see fold_pack.h
 *
 * "tali fold 1", then in this order: where it stands, files by path, terminals, conversations,
 * the latest events, notes. Lists begin with their length. All by base/pack.h. */
#include "journal/fold_pack.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/pack.h"
#include "journal/fold_internal.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC "tali fold 1"
#define PATH_MAX_BYTES 1024
#define NAME_MAX_BYTES 4096
#define JSON_MAX_BYTES (1u << 20)
#define SEQ_MAX (INT64_MAX / 2)

enum entry_flag {
	ENTRY_PRESENT = 1, ENTRY_EXECUTABLE = 2, ENTRY_OPEN = 4, ENTRY_SHOWN = 8,
	ENTRY_OWN_TEXT = 16, ENTRY_TOUCHED = 32, ENTRY_IN_TREE = 64, ENTRY_TREE_EXECUTABLE = 128,
	ENTRY_TREE_IS_BASE = 256, ENTRY_FLAGS = 511,
};

/* --- ids in hex */

static unsigned digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

static void pack_id(struct buf *out, const char *hex)
{
	char bytes[HASH_SIZE];
	size_t len = strlen(hex) / 2, i;

	for (i = 0; i < len; i++)
		bytes[i] = (char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	pack_bytes(out, bytes, len);
}

/* Into an array that has room for most * 2 + 1. */
static void unpack_id(struct unpack *in, size_t most, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	size_t len, i;
	const char *bytes = unpack_bytes(in, most, &len);

	if (!unpack_check(in, len == REPO_OID_SIZE / 2 || len == HASH_SIZE))
		return;
	for (i = 0; i < len; i++) {
		hex[2 * i] = digits[(unsigned char)bytes[i] >> 4];
		hex[2 * i + 1] = digits[(unsigned char)bytes[i] & 15];
	}
	hex[2 * len] = '\0';
}

static bool all_hex(const char *id)
{
	return strspn(id, "0123456789abcdef") == strlen(id);
}

/* --- JSON */

static void pack_json(struct buf *out, const json_t *value)
{
	AUTO_FREE char *text = json_canonical(value);

	pack_text(out, text);
}

static json_t *unpack_json(struct unpack *in)
{
	struct err ignored = ERR_INIT;
	size_t len;
	const char *text = unpack_bytes(in, JSON_MAX_BYTES, &len);
	json_t *value = text ? json_parse(text, len, "data", &ignored) : NULL;

	unpack_check(in, value != NULL);
	return value;
}

static int64_t unpack_seq(struct unpack *in)
{
	return (int64_t)unpack_number(in, SEQ_MAX);
}

/* A count of things that take at least one byte each. */
static size_t unpack_count(struct unpack *in, uint64_t most)
{
	uint64_t left = (uint64_t)(in->end - in->at);

	return (size_t)unpack_number(in, left < most ? left : most);
}

/* --- files */

static unsigned entry_flags(const struct fold_entry *entry)
{
	bool own = entry->present && !entry->base[0];
	unsigned flags = 0;

	flags |= entry->present ? ENTRY_PRESENT : 0;
	flags |= entry->file.executable ? ENTRY_EXECUTABLE : 0;
	flags |= entry->file.open ? ENTRY_OPEN : 0;
	flags |= entry->file.shown ? ENTRY_SHOWN : 0;
	flags |= own ? ENTRY_OWN_TEXT : 0;
	flags |= entry->touched ? ENTRY_TOUCHED : 0;
	flags |= entry->tree[0] ? ENTRY_IN_TREE : 0;
	flags |= entry->tree_executable ? ENTRY_TREE_EXECUTABLE : 0;
	if (entry->tree[0] && !strcmp(entry->tree, entry->base))
		flags |= ENTRY_TREE_IS_BASE;
	return flags;
}

static void pack_entry(struct buf *out, const struct fold_entry *entry)
{
	unsigned flags = entry_flags(entry);

	pack_text(out, entry->file.path);
	pack_number(out, flags);
	if (flags & ENTRY_PRESENT) {
		pack_signed(out, entry->file.cursor);
		pack_signed(out, entry->file.cursor_to);
		pack_number(out, (uint64_t)entry->file.seq);
	}
	if (flags & ENTRY_OWN_TEXT) {
		pack_number(out, entry->kept_len);
		pack_bytes(out, entry->kept_hash.bytes, HASH_SIZE);
	} else if (flags & ENTRY_PRESENT) {
		pack_id(out, entry->base);
		pack_number(out, entry->base_origin);
		pack_number(out, (uint64_t)entry->base_seq);
	}
	if ((flags & ENTRY_IN_TREE) && !(flags & ENTRY_TREE_IS_BASE))
		pack_id(out, entry->tree);
}

static void unpack_kept(struct unpack *in, struct fold_files *files, struct fold_entry *entry)
{
	size_t len;
	const char *hash;

	entry->kept_len = (size_t)unpack_number(in, TEXT_MAX);
	hash = unpack_bytes(in, HASH_SIZE, &len);
	files->bytes += entry->kept_len;
	if (!unpack_check(in, hash && len == HASH_SIZE && files->bytes <= FOLD_TEXTS_MAX))
		return;
	memcpy(entry->kept_hash.bytes, hash, HASH_SIZE);
	entry->kept = true;
}

static void unpack_content(struct unpack *in, struct fold_files *files, struct fold_entry *entry,
			   unsigned flags)
{
	if (flags & ENTRY_OWN_TEXT) {
		unpack_kept(in, files, entry);
		return;
	}
	unpack_id(in, HASH_SIZE, entry->base);
	entry->base_origin = (enum text_origin)unpack_number(in, TEXT_ORIGINS - 1);
	entry->base_seq = unpack_seq(in);
}

/* What cannot be: a text of its own for what is not there, a base for a text of its own ... */
static bool flags_fit(unsigned flags)
{
	if (!(flags & ENTRY_PRESENT) &&
	    (flags & (ENTRY_OWN_TEXT | ENTRY_OPEN | ENTRY_SHOWN | ENTRY_EXECUTABLE |
		      ENTRY_TREE_IS_BASE)))
		return false;
	if ((flags & ENTRY_TREE_IS_BASE) &&
	    (!(flags & ENTRY_IN_TREE) || (flags & ENTRY_OWN_TEXT)))
		return false;
	return (flags & (ENTRY_PRESENT | ENTRY_IN_TREE)) != 0;
}

static struct fold_entry *unpack_path(struct unpack *in, struct fold_files *files)
{
	AUTO_FREE char *path = unpack_text(in, PATH_MAX_BYTES);
	const char *last = files->count ? files->entries[files->count - 1]->file.path : "";

	if (!path || !unpack_check(in, strcmp(last, path) < 0 && fs_path_confined(path)))
		return NULL;
	return fold_files_add(files, path);
}

static void unpack_entry(struct unpack *in, struct fold_files *files)
{
	struct fold_entry *entry = unpack_path(in, files);
	unsigned flags = (unsigned)unpack_number(in, ENTRY_FLAGS);

	if (!entry || !unpack_check(in, flags_fit(flags)))
		return;
	entry->touched = flags & ENTRY_TOUCHED;
	entry->tree_executable = flags & ENTRY_TREE_EXECUTABLE;
	if (flags & ENTRY_PRESENT) {
		entry->file.executable = flags & ENTRY_EXECUTABLE;
		entry->file.open = flags & ENTRY_OPEN;
		entry->file.shown = flags & ENTRY_SHOWN;
		entry->file.cursor = unpack_signed(in);
		entry->file.cursor_to = unpack_signed(in);
		entry->file.seq = unpack_seq(in);
		unpack_content(in, files, entry, flags);
		entry->present = !in->bad;
	}
	if (flags & ENTRY_TREE_IS_BASE) {
		if (unpack_check(in, strlen(entry->base) == REPO_OID_SIZE - 1))
			memcpy(entry->tree, entry->base, REPO_OID_SIZE);
	} else if (flags & ENTRY_IN_TREE) {
		unpack_id(in, REPO_OID_SIZE / 2, entry->tree);
	}
}

/* What was made and removed again since the last snapshot is nothing. */
static bool counts(const struct fold_entry *entry)
{
	return entry->present || entry->tree[0];
}

static void pack_files(struct buf *out, const struct fold_files *files)
{
	size_t i, count = 0;

	for (i = 0; i < files->count; i++)
		count += counts(files->entries[i]);
	pack_text(out, files->tree);
	pack_number(out, count);
	for (i = 0; i < files->count; i++)
		if (counts(files->entries[i]))
			pack_entry(out, files->entries[i]);
}

static void unpack_files(struct unpack *in, struct fold_files *files)
{
	AUTO_FREE char *tree = unpack_text(in, REPO_OID_SIZE - 1);
	size_t count = unpack_count(in, 2 * repo_limits.files);

	if (tree && unpack_check(in, all_hex(tree) &&
					     (!*tree || strlen(tree) == REPO_OID_SIZE - 1)))
		memcpy(files->tree, tree, strlen(tree));
	while (count-- && !in->bad)
		unpack_entry(in, files);
}

/* --- terminals */

static void pack_terminals(struct buf *out, const struct fold_terminals *terminals)
{
	size_t i;

	pack_number(out, terminals->count);
	for (i = 0; i < terminals->count; i++) {
		const struct fold_terminal *terminal = &terminals->list[i]->terminal;

		pack_text(out, terminal->id);
		pack_number(out, terminal->argv != NULL);
		if (terminal->argv)
			pack_json(out, terminal->argv);
		pack_signed(out, terminal->started);
		pack_signed(out, terminal->ended);
		pack_signed(out, terminal->exit_status);
		pack_signed(out, terminal->signal);
		pack_number(out, (uint64_t)terminal->seq);
		screen_pack(terminals->list[i]->screen, out);
	}
}

static void unpack_terminal(struct unpack *in, struct fold_terminals *terminals, size_t *cells)
{
	AUTO_FREE char *id = unpack_text(in, NAME_MAX_BYTES);
	AUTO_JSON json_t *argv = unpack_number(in, 1) ? unpack_json(in) : NULL;
	struct fold_terminal told = { .argv = argv };
	struct screen *screen;
	struct fold_terminal *terminal;

	told.started = unpack_signed(in);
	told.ended = unpack_signed(in);
	told.exit_status = unpack_signed(in);
	told.signal = unpack_signed(in);
	told.seq = unpack_seq(in);
	screen = in->bad ? NULL : screen_unpack(in);
	if (!screen)
		return;
	*cells += (size_t)screen_columns(screen) * (size_t)screen_rows(screen);
	if (!unpack_check(in, *cells <= FOLD_CELLS_MAX && !fold_terminals_find(terminals, id))) {
		screen_free(&screen);
		return;
	}
	terminal = &fold_terminals_add(terminals, id, screen)->terminal;
	told.id = terminal->id;
	*terminal = told;
	TAKE(argv);
}

static void unpack_terminals(struct unpack *in, struct fold_terminals *terminals)
{
	size_t count = unpack_count(in, FOLD_TERMINALS_MAX), cells = 0;

	while (count-- && !in->bad)
		unpack_terminal(in, terminals, &cells);
}

/* --- conversations */

static void pack_talk(struct buf *out, const struct fold_talk *talk)
{
	size_t i, j;

	pack_number(out, talk->count);
	for (i = 0; i < talk->count; i++) {
		const struct fold_conversation *conversation = &talk->list[i];

		pack_text(out, conversation->id);
		pack_text(out, conversation->model);
		pack_number(out, conversation->count);
		for (j = 0; j < conversation->count; j++) {
			const struct fold_message *message = &conversation->messages[j];

			pack_number(out, message->role);
			pack_number(out, (uint64_t)message->seq);
			pack_signed(out, message->instant);
			pack_json(out, message->data);
		}
	}
}

static void unpack_conversation(struct unpack *in, struct fold_talk *talk)
{
	AUTO_FREE char *id = unpack_text(in, NAME_MAX_BYTES);
	AUTO_FREE char *model = unpack_text(in, JSON_MAX_BYTES);
	size_t count = unpack_count(in, UINT32_MAX), had = talk->count;
	struct fold_conversation *conversation;

	if (in->bad)
		return;
	conversation = fold_talk_get(talk, id);
	if (!unpack_check(in, talk->count == had + 1))
		return;
	fold_talk_set_model(conversation, model);
	while (count--) {
		enum fold_role role = (enum fold_role)unpack_number(in, FOLD_TOOL);
		int64_t seq = unpack_seq(in), instant = unpack_signed(in);
		AUTO_JSON json_t *data = unpack_json(in);

		if (in->bad)
			return;
		fold_talk_add(conversation, role, seq, instant, data);
	}
}

static void unpack_talk(struct unpack *in, struct fold_talk *talk)
{
	size_t count = unpack_count(in, UINT32_MAX);

	while (count-- && !in->bad)
		unpack_conversation(in, talk);
}

/* --- the rest */

static void pack_rest(struct buf *out, const struct fold *fold)
{
	size_t i;

	for (i = 0; fold_latest_kinds[i]; i++) {
		const struct fold_latest *latest = &fold->latest[i];

		pack_number(out, latest->data != NULL);
		if (!latest->data)
			continue;
		pack_number(out, (uint64_t)latest->seq);
		pack_signed(out, latest->instant);
		pack_json(out, latest->data);
	}
	pack_number(out, fold->note_count);
	for (i = 0; i < fold->note_count; i++) {
		pack_number(out, (uint64_t)fold->notes[i].seq);
		pack_signed(out, fold->notes[i].instant);
		pack_text(out, fold->notes[i].actor);
		pack_text(out, fold->notes[i].text);
	}
}

static void unpack_note(struct unpack *in, struct fold *fold)
{
	int64_t seq = unpack_seq(in), instant = unpack_signed(in);
	AUTO_FREE char *actor = unpack_text(in, NAME_MAX_BYTES);
	AUTO_FREE char *text = unpack_text(in, JSON_MAX_BYTES);

	if (!in->bad)
		fold_add_note(fold, seq, instant, actor, text);
}

static void unpack_rest(struct unpack *in, struct fold *fold)
{
	size_t i, count;

	for (i = 0; fold_latest_kinds[i]; i++) {
		if (!unpack_number(in, 1))
			continue;
		fold->latest[i].seq = unpack_seq(in);
		fold->latest[i].instant = unpack_signed(in);
		fold->latest[i].data = unpack_json(in);
	}
	count = unpack_count(in, UINT32_MAX);
	while (count-- && !in->bad)
		unpack_note(in, fold);
}

struct keeper {
	int (*keep)(void *arg, const struct hash *hash, const void *bytes, size_t len,
		    struct err *err);
	void *arg;
};

static int keep_text(struct fold_entry *entry, const struct keeper *keeper, struct buf *packed,
		     struct err *err)
{
	buf_clear(packed);
	text_pack(entry->text, packed);
	entry->kept_hash = hash_of(packed->data, packed->len);
	entry->kept_len = text_len(entry->text);
	if (keeper->keep(keeper->arg, &entry->kept_hash, packed->data, packed->len, err) < 0)
		return -1;
	entry->kept = true;
	return 0;
}

static int keep_texts(struct fold_files *files, const struct keeper *keeper, struct err *err)
{
	AUTO(buf_release) struct buf packed = BUF_INIT(SIZE_MAX);
	size_t i;

	for (i = 0; i < files->count; i++) {
		struct fold_entry *entry = files->entries[i];

		if (entry->present && !entry->base[0] && !entry->kept &&
		    keep_text(entry, keeper, &packed, err) < 0)
			return -1;
	}
	return 0;
}

int fold_pack(struct fold *fold,
	      int (*keep)(void *arg, const struct hash *hash, const void *bytes, size_t len,
			  struct err *err),
	      void *arg, struct buf *out, struct err *err)
{
	struct keeper keeper = { keep, arg };
	size_t before = out->len;

	if (fold->part && fold->part != fold->parts)
		return err_set(err, ERR_STATE, "the last event is not complete");
	if (keep_texts(&fold->files, &keeper, err) < 0)
		return -1;
	pack_text(out, MAGIC);
	pack_signed(out, fold->seq);
	pack_signed(out, fold->event_instant);
	pack_signed(out, fold->instant);
	pack_files(out, &fold->files);
	pack_terminals(out, &fold->terminals);
	pack_talk(out, &fold->talk);
	pack_rest(out, fold);
	if (out->full || out->len - before > FOLD_PACK_MAX)
		return err_set(err, ERR_INPUT, "the state is larger than %u bytes", FOLD_PACK_MAX);
	return 0;
}

struct fold *fold_unpack(const struct fold_source *source, const void *bytes, size_t len,
			 struct err *err)
{
	struct unpack in = { .at = bytes, .end = (const uint8_t *)bytes + len };
	AUTO(fold_free) struct fold *fold = fold_new(source);
	AUTO_FREE char *magic = unpack_text(&in, sizeof(MAGIC));

	unpack_check(&in, magic && !strcmp(magic, MAGIC));
	fold->seq = unpack_signed(&in);
	unpack_check(&in, fold->seq >= -1 && fold->seq < SEQ_MAX);
	fold->event_instant = unpack_signed(&in);
	fold->instant = unpack_signed(&in);
	unpack_files(&in, &fold->files);
	unpack_terminals(&in, &fold->terminals);
	unpack_talk(&in, &fold->talk);
	unpack_rest(&in, fold);
	if (!unpack_check(&in, in.at == in.end)) {
		err_set(err, ERR_INPUT, "this is no packed state");
		return NULL;
	}
	return TAKE(fold);
}

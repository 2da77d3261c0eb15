/* plan.c - what one sandboxed run may do: its limits from a manifest, and the plan as bytes */
#include "sandbox/plan.h"

#include <string.h>

#include "base/auto.h"
#include "base/fs.h"

#define KIB 1024ULL
#define MIB (1024ULL * 1024)
#define WORDS_MOST 65536

const struct plan_limits plan_default_limits = {
	.cpu_ms = 10 * 1000,
	.wall_ms = 30 * 1000,
	.memory = 512 * MIB,
	.processes = 64,
	.output = 1024 * KIB,
	.disk = 256 * MIB,
	.inodes = 10 * 1000,
	.file_size = 256 * MIB,
	.open_files = 256,
};

const struct plan_limits plan_max_limits = {
	.cpu_ms = 3600 * 1000,
	.wall_ms = 2 * 3600 * 1000,
	.memory = 16 * 1024 * MIB,
	.processes = 4096,
	.output = 64 * MIB,
	.disk = 8 * 1024 * MIB,
	.inodes = 1000 * 1000,
	.file_size = 8 * 1024 * MIB,
	.open_files = 4096,
};

const struct plan_limits plan_terminal_max_limits = {
	.cpu_ms = 48 * 3600 * 1000,
	.wall_ms = 48 * 3600 * 1000,
	.memory = 16 * 1024 * MIB,
	.processes = 4096,
	.output = 1024 * MIB,
	.disk = 8 * 1024 * MIB,
	.inodes = 1000 * 1000,
	.file_size = 8 * 1024 * MIB,
	.open_files = 4096,
};

static const char *const default_env[] = {
	"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8", NULL,
};

/* Every field of struct plan_limits; key is NULL where a manifest has no word for it. */
static const struct limit_field {
	const char *name;
	const char *key;
	size_t offset;
	size_t size;
	uint64_t unit;
} limit_fields[] = {
#define FIELD(field) offsetof(struct plan_limits, field), sizeof(((struct plan_limits *)0)->field)
	{ "cpu time", "cpu_seconds", FIELD(cpu_ms), 1000 },
	{ "wall time", "wall_seconds", FIELD(wall_ms), 1000 },
	{ "memory", "memory_mb", FIELD(memory), MIB },
	{ "process", "processes", FIELD(processes), 1 },
	{ "output", "output_kb", FIELD(output), KIB },
	{ "disk", "disk_mb", FIELD(disk), MIB },
	{ "inode", NULL, FIELD(inodes), 1 },
	{ "file size", NULL, FIELD(file_size), 1 },
	{ "open files", "open_files", FIELD(open_files), 1 },
#undef FIELD
};
#define LIMIT_FIELDS (sizeof(limit_fields) / sizeof(*limit_fields))

static uint64_t field_get(const struct plan_limits *limits, const struct limit_field *field)
{
	const char *at = (const char *)limits + field->offset;
	uint64_t wide;
	uint32_t narrow;

	if (field->size == sizeof(wide)) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

static void field_set(struct plan_limits *limits, const struct limit_field *field, uint64_t value)
{
	char *at = (char *)limits + field->offset;
	uint32_t narrow = (uint32_t)value;

	if (field->size == sizeof(value))
		memcpy(at, &value, sizeof(value));
	else
		memcpy(at, &narrow, sizeof(narrow));
}

static const struct limit_field *field_of_key(const char *key)
{
	for (size_t i = 0; i < LIMIT_FIELDS; i++)
		if (limit_fields[i].key && strcmp(limit_fields[i].key, key) == 0)
			return &limit_fields[i];
	return NULL;
}

static int read_limit(struct plan_limits *limits, const char *key, const json_t *value,
		      struct err *err)
{
	const struct limit_field *field = field_of_key(key);
	uint64_t most;
	double number;

	if (!field)
		return err_set(err, ERR_INPUT, "limits: unknown key '%s'", key);
	if (!json_is_number(value))
		return err_set(err, ERR_INPUT, "limits: %s is not a number", key);

	most = field_get(&plan_max_limits, field);
	number = json_number_value(value) * (double)field->unit;
	if (!(number >= 1))
		return err_set(err, ERR_INPUT, "limits: %s must be more than 0", key);
	if (number > (double)most)
		return err_set(err, ERR_INPUT, "limits: %s is at most %llu", key,
			       (unsigned long long)(most / field->unit));

	field_set(limits, field, (uint64_t)number);
	return 0;
}

void plan_raise_limits(struct plan_limits *limits, const struct plan_limits *least)
{
	for (size_t i = 0; i < LIMIT_FIELDS; i++) {
		const struct limit_field *field = &limit_fields[i];

		if (field_get(limits, field) < field_get(least, field))
			field_set(limits, field, field_get(least, field));
	}
}

int plan_read_limits(struct plan_limits *limits, const json_t *object, struct err *err)
{
	struct plan_limits read = *limits;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return err_set(err, ERR_INPUT, "limits: not an object");

	json_object_foreach((json_t *)object, key, value)
		if (read_limit(&read, key, value, err) < 0)
			return -1;
	if (json_object_get(object, "disk_mb"))
		read.file_size = read.disk;

	*limits = read;
	return 0;
}

static int check_limits(const struct plan_limits *limits, const struct plan_limits *most,
			struct err *err)
{
	for (size_t i = 0; i < LIMIT_FIELDS; i++) {
		const struct limit_field *field = &limit_fields[i];
		uint64_t value = field_get(limits, field);

		if (value == 0 || value > field_get(most, field))
			return err_set(err, ERR_INPUT, "the %s limit must be between 1 and %llu",
				       field->name, (unsigned long long)field_get(most, field));
	}
	return 0;
}

int plan_check(const struct plan *plan, struct err *err)
{
	AUTO(buf_release) struct buf packed = BUF_INIT(PLAN_PACKED_MOST);
	const struct plan_limits *most =
		plan->terminal ? &plan_terminal_max_limits : &plan_max_limits;

	if (!plan->argv || !plan->argv[0] || !*plan->argv[0])
		return err_set(err, ERR_INPUT, "no command to run");
	if (plan->cwd && *plan->cwd && !fs_path_confined(plan->cwd))
		return err_set(err, ERR_INPUT, "the working folder '%s' is not below /work",
			       plan->cwd);
	if (check_limits(&plan->limits, most, err) < 0)
		return -1;

	plan_pack(plan, &packed);
	if (packed.full)
		return err_set(err, ERR_INPUT, "command and environment are longer than %d bytes",
			       PLAN_PACKED_MOST);
	return 0;
}

/* The packed form: this header, then argc + envc + 1 strings, each with its NUL; the last is
 * cwd. */
struct packed_header {
	struct plan_limits limits;
	uint32_t argc;
	uint32_t envc;
	uint32_t allow_weak;
	uint32_t terminal;
};

static uint32_t count_words(const char *const *words)
{
	uint32_t count = 0;

	while (words[count])
		count++;
	return count;
}

static void pack_words(const char *const *words, struct buf *packed)
{
	for (; *words; words++)
		buf_add(packed, *words, strlen(*words) + 1);
}

void plan_pack(const struct plan *plan, struct buf *packed)
{
	const char *const *env = plan->env ? plan->env : default_env;
	const char *cwd = plan->cwd ? plan->cwd : "";
	struct packed_header header;

	memset(&header, 0, sizeof(header));
	header.limits = plan->limits;
	header.argc = count_words(plan->argv);
	header.envc = count_words(env);
	header.allow_weak = plan->allow_weak;
	header.terminal = plan->terminal;

	buf_add(packed, &header, sizeof(header));
	pack_words(plan->argv, packed);
	pack_words(env, packed);
	buf_add(packed, cwd, strlen(cwd) + 1);
}

/* Points words[0..count) at the strings from *at on; false when they do not all end before
 * `end`. */
static bool unpack_words(const char **words, uint32_t count, const char **at, const char *end)
{
	for (uint32_t i = 0; i < count; i++) {
		const char *nul = memchr(*at, 0, (size_t)(end - *at));

		if (!nul)
			return false;
		words[i] = *at;
		*at = nul + 1;
	}
	return true;
}

struct plan *plan_unpack(const char *packed, size_t len)
{
	const char *at = packed, *end = packed + len;
	struct packed_header header;
	struct plan *plan;
	const char **words;

	if (len < sizeof(header))
		return NULL;
	memcpy(&header, at, sizeof(header));
	at += sizeof(header);
	if (header.argc == 0 || header.argc > WORDS_MOST || header.envc > WORDS_MOST * 2)
		return NULL;

	/* one block: the plan, argv with its NULL, env with its NULL */
	plan = buf_alloc(sizeof(*plan) + (header.argc + header.envc + 2) * sizeof(*words));
	words = (const char **)(plan + 1);
	plan->argv = words;
	plan->env = words + header.argc + 1;
	plan->limits = header.limits;
	plan->allow_weak = header.allow_weak;
	plan->terminal = header.terminal;
	plan->stdin_fd = -1;

	if (unpack_words(words, header.argc, &at, end) &&
	    unpack_words(words + header.argc + 1, header.envc, &at, end) &&
	    unpack_words(&plan->cwd, 1, &at, end) && at == end)
		return plan;

	plan_free(&plan);
	return NULL;
}

void plan_free(struct plan **plan)
{
	free(*plan);
	*plan = NULL;
}

/* code_metrics.c - see code_metrics.h */
#include "score/code_metrics.h"

#include "base/auto.h"
#include "base/buf.h"
#include "score/code_leftovers.h"
#include "score/code_names.h"
#include "score/number_map.h"

#include <stdlib.h>
#include <string.h>

#define DUPLICATE_LINES 6	/* of code, one after the other */
#define DUPLICATE_TOKENS 24	/* that they hold at least */

struct code_meter {
	struct code_metrics metrics;
	struct number_map starter;	/* its lines by hash */
	struct number_map windows;	/* of code lines by hash: file << 32 | first line */
};

void code_metrics_release(struct code_metrics *metrics)
{
	size_t i;

	for (i = 0; i < metrics->file_count; i++)
		free(metrics->files[i].path);
	free(metrics->files);
	free(metrics->functions);
	free(metrics->findings);
	*metrics = (struct code_metrics)CODE_METRICS_INIT;
}

struct code_meter *code_metrics_begin(void)
{
	return buf_alloc(sizeof(struct code_meter));
}

void code_metrics_drop(struct code_meter **meter)
{
	if (!*meter)
		return;
	code_metrics_release(&(*meter)->metrics);
	number_map_release(&(*meter)->starter);
	number_map_release(&(*meter)->windows);
	free(*meter);
	*meter = NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Of a line without the white space at its ends; 0 when nothing is left. */
static uint64_t line_hash(const char *line, size_t len)
{
	while (len && is_blank(line[len - 1]))
		len--;
	while (len && is_blank(*line)) {
		line++;
		len--;
	}
	return len ? number_map_hash(NUMBER_MAP_SEED, line, len) : 0;
}

/* Whether a line has a letter or digit at all. */
static bool has_word(const char *line, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((line[i] & 0x80) || (line[i] >= '0' && line[i] <= '9') ||
		    ((line[i] | 0x20) >= 'a' && (line[i] | 0x20) <= 'z'))
			return true;
	return false;
}

/* The line that begins at *at, which goes on to the next one. False at the end. */
static bool next_line(const char *text, size_t len, size_t *at, const char **ret_line,
		      size_t *ret_len)
{
	const char *end;

	if (*at > len)
		return false;
	end = *at < len ? memchr(text + *at, '\n', len - *at) : NULL;
	*ret_line = text + *at;
	*ret_len = (end ? (size_t)(end - text) : len) - *at;
	*at += *ret_len + 1;
	return true;
}

void code_metrics_starter(struct code_meter *meter, const char *path, const char *text,
			  size_t len)
{
	size_t at = 0, line_len;
	const char *line;

	if (!code_language_of(path))
		return;
	while (next_line(text, len, &at, &line, &line_len))
		number_map_place(&meter->starter, line_hash(line, line_len), NULL);
}

/* --- one file of the submission */

struct measuring {
	struct code_meter *meter;
	struct code_text *text;
	struct code_count *count;
	uint32_t file;
	bool *changed;			/* by line, from 1 */
	uint32_t *changes;		/* changed lines that hold something, up to this line */
	bool *duplicate;
	size_t first_function, first_finding;
};

static void find_changed(struct measuring *m)
{
	size_t at = 0, len;
	uint32_t number = 1;
	const char *line;

	for (; next_line(m->text->bytes, m->text->len, &at, &line, &len); number++) {
		if (has_word(line, len))
			m->changed[number] = !number_map_find(&m->meter->starter,
							      line_hash(line, len));
		else
			m->changed[number] = number > 1 && m->changed[number - 1];
	}
}

static void count_lines(struct measuring *m)
{
	uint32_t line;

	for (line = 1; line <= m->text->lines; line++) {
		uint8_t holds = m->text->holds[line];

		m->changes[line] = m->changes[line - 1] + (holds && m->changed[line]);
		m->count->lines += holds != 0;
		if (!holds || !m->changed[line])
			continue;
		m->count->changed_lines++;
		m->count->code_lines += (holds & CODE_LINE_CODE) != 0;
		m->count->comment_lines += holds == CODE_LINE_COMMENT;
	}
}

static bool any_changed(const struct measuring *m, uint32_t line, uint32_t lines)
{
	uint32_t last = line + lines - 1;

	return m->changes[last < m->text->lines ? last : m->text->lines] > m->changes[line - 1];
}

static void raise_to(uint32_t *most, uint32_t value)
{
	if (value > *most)
		*most = value;
}

static void count_function(struct code_count *count, const struct code_function *function)
{
	count->functions++;
	count->public_functions += function->is_public;
	count->documented += function->is_public && function->documented;
	count->complexity += function->complexity;
	raise_to(&count->complexity_max, function->complexity);
	count->function_lines += function->lines;
	raise_to(&count->function_lines_max, function->lines);
	raise_to(&count->nesting_max, function->nesting);
}

static void take_function(void *arg, const struct code_function *found)
{
	struct measuring *m = arg;
	struct code_metrics *metrics = &m->meter->metrics;
	struct code_function function = *found;

	function.file = m->file;
	function.changed = any_changed(m, function.line, function.lines);
	if (function.changed)
		count_function(m->count, &function);
	if (metrics->function_count == CODE_METRICS_FUNCTIONS)
		return;
	if ((metrics->function_count & (metrics->function_count - 1)) == 0)
		metrics->functions = buf_realloc(metrics->functions, metrics->function_count
						 ? metrics->function_count * 2 : 1,
						 sizeof function);
	metrics->functions[metrics->function_count++] = function;
}

static void add_finding(struct measuring *m, struct code_finding finding)
{
	struct code_metrics *metrics = &m->meter->metrics;

	finding.file = m->file;
	if (metrics->finding_count == CODE_METRICS_FINDINGS)
		return;
	if (!metrics->findings)
		metrics->findings = buf_alloc(CODE_METRICS_FINDINGS * sizeof finding);
	metrics->findings[metrics->finding_count++] = finding;
}

static void take_leftover(void *arg, enum code_leftover what, uint32_t line, uint32_t lines)
{
	static const enum code_fault faults[] = {
		[CODE_LEFTOVER_DEBUG_PRINT] = CODE_FAULT_DEBUG_PRINT,
		[CODE_LEFTOVER_CODE] = CODE_FAULT_COMMENTED_CODE,
		[CODE_LEFTOVER_TODO] = CODE_FAULT_TODO,
	};
	struct measuring *m = arg;

	if (!any_changed(m, line, lines))
		return;
	m->count->leftovers++;
	add_finding(m, (struct code_finding){ .fault = faults[what], .line = line,
					      .lines = lines });
}

/* --- duplicates: windows of lines of code, by the tokens that begin on them */

struct code_line_sum {
	uint32_t line, tokens;
	uint64_t hash;
};

/* Lines that bring something in are alike everywhere. */
static bool is_import(const struct code_token *token)
{
	return token->kind == CODE_KEYWORD &&
	       (code_tokens_is(token, "import") || code_tokens_is(token, "from") ||
		code_tokens_is(token, "use") || code_tokens_is(token, "using") ||
		code_tokens_is(token, "package"));
}

/* Yours; *ret_count of them. */
static struct code_line_sum *sum_lines(const struct code_text *text, size_t *ret_count)
{
	struct code_line_sum *sums = buf_alloc((text->count + 1) * sizeof *sums);
	size_t i, count = 0;
	bool passed = false;

	for (i = 0; i < text->count; i++) {
		const struct code_token *token = &text->tokens[i];

		if (token->first)
			passed = is_import(token);
		if (passed)
			continue;
		if (!count || sums[count - 1].line != token->line)
			sums[count++] = (struct code_line_sum){ .line = token->line,
								.hash = NUMBER_MAP_SEED };
		sums[count - 1].tokens++;
		sums[count - 1].hash = number_map_hash(sums[count - 1].hash, token->text,
						       token->len) * 31;
	}
	*ret_count = count;
	return sums;
}

static uint64_t window_hash(const struct code_line_sum *sums, uint32_t *ret_tokens)
{
	uint64_t hash = NUMBER_MAP_SEED;
	size_t i;

	*ret_tokens = 0;
	for (i = 0; i < DUPLICATE_LINES; i++) {
		hash = number_map_mix(hash ^ sums[i].hash);
		*ret_tokens += sums[i].tokens;
	}
	return hash;
}

static void mark_duplicate(struct measuring *m, const struct code_line_sum *sums, uint64_t place)
{
	struct code_metrics *metrics = &m->meter->metrics;
	struct code_finding *last = metrics->finding_count > m->first_finding
				  ? &metrics->findings[metrics->finding_count - 1] : NULL;
	uint32_t begin = sums[0].line, end = sums[DUPLICATE_LINES - 1].line;
	size_t i;

	for (i = 0; i < DUPLICATE_LINES; i++)
		m->duplicate[sums[i].line] = true;
	if (!any_changed(m, begin, end - begin + 1))
		return;
	if (last && last->fault == CODE_FAULT_DUPLICATE && begin < last->line + last->lines)
		last->lines = end - last->line + 1;
	else
		add_finding(m, (struct code_finding){
			.fault = CODE_FAULT_DUPLICATE, .line = begin, .lines = end - begin + 1,
			.other_file = (uint32_t)(place >> 32), .other_line = (uint32_t)place,
		});
}

static void find_duplicates(struct measuring *m)
{
	size_t count, i;
	AUTO_FREE struct code_line_sum *sums = sum_lines(m->text, &count);
	uint32_t line;

	for (i = 0; i + DUPLICATE_LINES <= count; i++) {
		uint32_t tokens;
		uint64_t hash = window_hash(&sums[i], &tokens), *place;
		bool is_new;

		if (tokens < DUPLICATE_TOKENS)
			continue;
		place = number_map_place(&m->meter->windows, hash, &is_new);
		if (is_new)
			*place = (uint64_t)m->file << 32 | sums[i].line;
		else if (*place >> 32 != m->file ||
			 (i >= DUPLICATE_LINES &&
			  (uint32_t)*place <= sums[i - DUPLICATE_LINES].line))
			mark_duplicate(m, &sums[i], *place);
	}
	for (line = 1; line <= m->text->lines; line++)
		m->count->duplicate_lines += m->duplicate[line] && m->changed[line];
}

/* --- all of it */

static int by_function_line(const void *a, const void *b)
{
	const struct code_function *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

static int by_finding_line(const void *a, const void *b)
{
	const struct code_finding *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->fault > y->fault) - (x->fault < y->fault);
}

static void sort_found(const struct measuring *m)
{
	struct code_metrics *metrics = &m->meter->metrics;

	if (metrics->function_count > m->first_function)
		qsort(metrics->functions + m->first_function,
		      metrics->function_count - m->first_function, sizeof *metrics->functions,
		      by_function_line);
	if (metrics->finding_count > m->first_finding)
		qsort(metrics->findings + m->first_finding,
		      metrics->finding_count - m->first_finding, sizeof *metrics->findings,
		      by_finding_line);
}

static void count_names(struct measuring *m)
{
	struct code_names names;

	code_names_count(m->text, m->changed, &names);
	m->count->names = names.names;
	m->count->short_names = names.short_names;
	m->count->odd_names = names.odd_names;
}

static void add_count(struct code_count *total, const struct code_count *count)
{
	total->lines += count->lines;
	total->changed_lines += count->changed_lines;
	total->code_lines += count->code_lines;
	total->comment_lines += count->comment_lines;
	total->duplicate_lines += count->duplicate_lines;
	total->leftovers += count->leftovers;
	total->functions += count->functions;
	total->public_functions += count->public_functions;
	total->documented += count->documented;
	total->complexity += count->complexity;
	raise_to(&total->complexity_max, count->complexity_max);
	total->function_lines += count->function_lines;
	raise_to(&total->function_lines_max, count->function_lines_max);
	raise_to(&total->nesting_max, count->nesting_max);
	total->names += count->names;
	total->short_names += count->short_names;
	total->odd_names += count->odd_names;
}

static void measure(struct code_meter *meter, struct code_text *text, struct code_file *file,
		    uint32_t index)
{
	AUTO_FREE bool *changed = buf_alloc(text->lines + 2);
	AUTO_FREE bool *duplicate = buf_alloc(text->lines + 2);
	AUTO_FREE uint32_t *changes = buf_alloc((text->lines + 2) * sizeof *changes);
	struct measuring m = {
		.meter = meter, .text = text, .count = &file->count, .file = index,
		.changed = changed, .duplicate = duplicate, .changes = changes,
		.first_function = meter->metrics.function_count,
		.first_finding = meter->metrics.finding_count,
	};

	find_changed(&m);
	count_lines(&m);
	count_names(&m);
	code_functions_find(text, take_function, &m);
	code_leftovers_find(text, take_leftover, &m);
	find_duplicates(&m);
	sort_found(&m);
	add_count(&meter->metrics.total, &file->count);
}

bool code_metrics_add(struct code_meter *meter, const char *path, const char *text, size_t len)
{
	AUTO(code_text_release) struct code_text code = CODE_TEXT_INIT;
	const struct code_language *language = code_language_of(path);
	struct code_metrics *metrics = &meter->metrics;
	struct code_file *file;

	if (language && len > CODE_METRICS_FILE_MAX)
		metrics->left_out++;
	if (!language || len > CODE_METRICS_FILE_MAX)
		return false;
	metrics->files = buf_realloc(metrics->files, metrics->file_count + 1,
				     sizeof *metrics->files);
	file = &metrics->files[metrics->file_count];
	*file = (struct code_file){ .path = buf_strdup(path), .language = language->name };
	code_text_read(&code, language, text, len);
	measure(meter, &code, file, (uint32_t)metrics->file_count++);
	return true;
}

void code_metrics_end(struct code_meter **meter, struct code_metrics *ret)
{
	*ret = (*meter)->metrics;
	(*meter)->metrics = (struct code_metrics)CODE_METRICS_INIT;
	code_metrics_drop(meter);
}

const char *code_metrics_fault_name(enum code_fault fault)
{
	static const char *const names[CODE_FAULTS] = {
		[CODE_FAULT_DEBUG_PRINT] = "debug_print",
		[CODE_FAULT_COMMENTED_CODE] = "commented_code",
		[CODE_FAULT_TODO] = "todo",
		[CODE_FAULT_DUPLICATE] = "duplicate",
	};

	return names[fault];
}

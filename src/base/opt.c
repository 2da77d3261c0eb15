/* opt.c - see opt.h */
#include "base/opt.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/spelling.h"

#include <stdlib.h>
#include <string.h>

static bool is_entry(const struct opt *opt)
{
	return opt->name != NULL;
}

static bool is_positional(const struct opt *opt)
{
	return opt->pos || opt->rest;
}

void opt_list_release(struct opt_list *list)
{
	free(list->items);
	*list = (struct opt_list){ 0 };
}

static void list_add(struct opt_list *list, const char *item)
{
	list->items = buf_realloc(list->items, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = item;
}

static const struct opt *find_long(const struct opt *opts, const char *name, size_t len)
{
	for (; opts && is_entry(opts); opts++)
		if (!is_positional(opts) && strlen(opts->name) == len &&
		    !strncmp(opts->name, name, len))
			return opts;
	return NULL;
}

static const struct opt *find_key(const struct opt *opts, char key)
{
	for (; opts && is_entry(opts); opts++)
		if (!is_positional(opts) && opts->key && opts->key == key)
			return opts;
	return NULL;
}

static int read_number(const struct opt *opt, const char *value, struct err *err)
{
	char *end;
	long number = strtol(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || number == __LONG_MAX__)
		return err_set(err, ERR_USAGE, "--%s wants a number, not '%s'", opt->name, value);
	*opt->num = number;
	return 0;
}

static int set_value(const struct opt *opt, const char *value, struct err *err)
{
	if (opt->num)
		return read_number(opt, value, err);
	if (opt->list)
		list_add(opt->list, value);
	else
		*opt->str = value;
	return 0;
}

struct parse {
	int argc, at;
	char **argv;
	const struct opt *opts, *common;
	const struct opt *pos;		/* next positional entry */
	struct err *err;
};

/* The name that `word` looks like more than like `best` ("": nothing yet), else `best`. */
static const char *find_like(const struct opt *opts, const char *word, const char *best)
{
	for (; opts && is_entry(opts); opts++)
		if (!is_positional(opts) &&
		    spelling_likeness(word, opts->name) > spelling_likeness(word, best))
			best = opts->name;
	return best;
}

static int refuse_long(const struct parse *parse, const char *word, size_t len)
{
	AUTO_FREE char *name = strndup(word, len);
	const char *meant = find_like(parse->common, name, find_like(parse->opts, name, ""));

	if (*meant)
		return err_set(parse->err, ERR_USAGE,
			       "unknown option --%s: did you mean --%s? (see -h)", name, meant);
	return err_set(parse->err, ERR_USAGE, "unknown option --%s (see -h)", name);
}

static int parse_long(struct parse *parse, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	const struct opt *opt = find_long(parse->opts, word, len);

	if (!opt)
		opt = find_long(parse->common, word, len);
	if (!opt)
		return refuse_long(parse, word, len);
	if (opt->flag) {
		if (equals)
			return err_set(parse->err, ERR_USAGE, "--%s takes no value", opt->name);
		*opt->flag = true;
		return 0;
	}
	if (equals)
		return set_value(opt, equals + 1, parse->err);
	if (parse->at + 1 >= parse->argc)
		return err_set(parse->err, ERR_USAGE, "--%s wants a value: %s", opt->name,
			       opt->arg);
	return set_value(opt, parse->argv[++parse->at], parse->err);
}

static int parse_short(struct parse *parse, const char *keys)
{
	for (; *keys; keys++) {
		const struct opt *opt = find_key(parse->opts, *keys);

		if (!opt)
			opt = find_key(parse->common, *keys);
		if (!opt)
			return err_set(parse->err, ERR_USAGE, "unknown option -%c (see -h)", *keys);
		if (opt->flag) {
			*opt->flag = true;
			continue;
		}
		if (keys[1])
			return set_value(opt, keys + 1, parse->err);
		if (parse->at + 1 >= parse->argc)
			return err_set(parse->err, ERR_USAGE, "-%c wants a value: %s", *keys,
				       opt->arg);
		return set_value(opt, parse->argv[++parse->at], parse->err);
	}
	return 0;
}

static void skip_to_positional(struct parse *parse)
{
	while (parse->pos && is_entry(parse->pos) && !is_positional(parse->pos))
		parse->pos++;
}

static int parse_positional(struct parse *parse, const char *word)
{
	skip_to_positional(parse);
	if (!parse->pos || !is_entry(parse->pos))
		return err_set(parse->err, ERR_USAGE, "unexpected argument '%s' (see -h)", word);
	if (parse->pos->rest) {
		list_add(parse->pos->rest, word);
		return 0;
	}
	*parse->pos->pos = word;
	parse->pos++;
	return 0;
}

/* A command line for somebody else (`run -- CMD`) begins at the first word that is not an
 * option. */
static bool command_begins(struct parse *parse)
{
	skip_to_positional(parse);
	return parse->pos && is_entry(parse->pos) && parse->pos->rest && parse->pos->command;
}

static int check_missing(struct parse *parse)
{
	skip_to_positional(parse);
	if (!parse->pos || !is_entry(parse->pos) || parse->pos->optional ||
	    (parse->pos->rest && parse->pos->rest->count))
		return 0;
	return err_set(parse->err, ERR_USAGE, "%s is missing (see -h)", parse->pos->name);
}

int opt_parse(int argc, char **argv, const struct opt *opts, const struct opt *common,
	      struct err *err)
{
	struct parse parse = { .argc = argc, .argv = argv, .opts = opts, .common = common,
			       .pos = opts, .err = err };
	bool words_only = false;

	for (; parse.at < argc; parse.at++) {
		const char *word = argv[parse.at];
		int result;

		if (!words_only && !strcmp(word, "--")) {
			words_only = true;
			continue;
		}
		if (words_only || word[0] != '-' || !word[1]) {
			words_only |= command_begins(&parse);
			result = parse_positional(&parse, word);
		} else if (word[1] == '-') {
			result = parse_long(&parse, word + 2);
		} else {
			result = parse_short(&parse, word + 1);
		}
		if (result < 0)
			return -1;
	}
	return check_missing(&parse);
}

static void print_option(FILE *out, const struct opt *opt)
{
	if (opt->key)
		fprintf(out, "-%c", opt->key);
	else
		fprintf(out, "--%s", opt->name);
	if (!opt->flag)
		fprintf(out, " %s", opt->arg);
}

void opt_print_synopsis(FILE *out, const struct opt *opts)
{
	const struct opt *opt;

	for (opt = opts; opt && is_entry(opt); opt++) {
		if (is_positional(opt))
			continue;
		fputs(" [", out);
		print_option(out, opt);
		fputs(opt->list ? "]..." : "]", out);
	}
	for (opt = opts; opt && is_entry(opt); opt++)
		if (is_positional(opt))
			fprintf(out, opt->optional ? " [%s%s]%s" : " %s%s%s",
				opt->command ? "-- " : "", opt->name, opt->rest ? "..." : "");
}

void opt_print_help(FILE *out, const struct opt *opts)
{
	for (; opts && is_entry(opts); opts++) {
		char left[64];

		if (is_positional(opts))
			snprintf(left, sizeof(left), "%s%s", opts->name, opts->rest ? "..." : "");
		else
			snprintf(left, sizeof(left), "%c%c%c --%s%s%s", opts->key ? '-' : ' ',
				 opts->key ? opts->key : ' ', opts->key ? ',' : ' ', opts->name,
				 opts->flag ? "" : " ", opts->flag ? "" : opts->arg);
		fprintf(out, "  %-26s %s\n", left, opts->help);
	}
}

/* reviewer.c - see reviewer.h */
#include "reviewer.h"

#include "base/json.h"
#include "base/term.h"
#include "store/config.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>

const char *reviewer_name(const char *given)
{
	const char *name = given ? given : getenv("TALI_REVIEWER");
	const struct passwd *user;

	if (name && *name)
		return name;
	user = getpwuid(getuid());
	return user ? user->pw_name : "reviewer";
}

int reviewer_blind(const struct cmd_ctx *ctx, bool blind, bool named, bool *ret, struct err *err)
{
	if (blind && named)
		return err_set(err, ERR_USAGE, "--blind or --named, not both");
	if (!blind && !named)
		return config_bool(ctx->store, "review.blind", ret, err);
	*ret = blind;
	return 0;
}

static void print_main_point(FILE *out, const json_t *review)
{
	const json_t *value = json_object_get(review, "value");
	const char *kind = json_str(review, "kind", ""), *subject = json_str(review, "subject", "");

	if (!strcmp(kind, "release"))
		fprintf(out, " score run %lld%s", (long long)json_integer_value(value),
			!strcmp(subject, "feedback") ? ", feedback only" : "");
	if (strcmp(kind, "override") != 0)
		return;
	putc(' ', out);
	term_print_safe(out, *subject ? subject : "score");
	if (json_is_number(value))
		fprintf(out, " %.2f", json_number_value(value));
	else
		fputs(" taken back", out);
}

int reviewer_print(const struct cmd_ctx *ctx, const json_t *review, struct err *err)
{
	const char *text = json_str(review, "text", "");

	if (ctx->json)
		return cmd_print_json(ctx, json_deep_copy(review), err);
	fprintf(ctx->out, "%s  ", json_str(review, "time", ""));
	term_print_safe(ctx->out, json_str(review, "who", ""));
	fprintf(ctx->out, "  %s", json_str(review, "kind", ""));
	print_main_point(ctx->out, review);
	if (*text) {
		fputs(": ", ctx->out);
		term_print_safe(ctx->out, text);
	}
	putc('\n', ctx->out);
	return 0;
}

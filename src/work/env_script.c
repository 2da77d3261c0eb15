/* env_script.c - see env_script.h */
#include "work/env_script.h"

#include <string.h>

/* POSIX: nothing but the quote itself is special between single quotes. */
static void quote_posix(const char *value, struct buf *out)
{
	buf_add_byte(out, '\'');
	for (; *value; value++) {
		if (*value == '\'')
			buf_add_str(out, "'\\''");
		else
			buf_add_byte(out, *value);
	}
	buf_add_byte(out, '\'');
}

/* fish: a backslash between single quotes stands for itself, but in front of these two. */
static void quote_fish(const char *value, struct buf *out)
{
	buf_add_byte(out, '\'');
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, *value);
	}
	buf_add_byte(out, '\'');
}

/* PowerShell: a quote is written twice, and U+2018 to U+201B (e2 80 98 to e2 80 9b) are quotes. */
static void quote_powershell(const char *value, struct buf *out)
{
	buf_add_byte(out, '\'');
	while (*value) {
		bool curly = !strncmp(value, "\xe2\x80", 2) && (unsigned char)value[2] >= 0x98 &&
			     (unsigned char)value[2] <= 0x9b;
		size_t len = curly ? 3 : 1;

		if (curly || *value == '\'')
			buf_add(out, value, len);
		buf_add(out, value, len);
		value += len;
	}
	buf_add_byte(out, '\'');
}

static const struct shell {
	const char *name;
	const char *before, *between;	/* around the name of a variable that is set */
	const char *out_before, *out_after;	/* and of one that is taken out */
	void (*quote)(const char *value, struct buf *out);
} shells[] = {
	{ "bash", "export ", "=", "unset ", "", quote_posix },
	{ "zsh", "export ", "=", "unset ", "", quote_posix },
	{ "fish", "set -gx ", " ", "set -e ", "", quote_fish },
	{ "powershell", "$env:", " = ", "$env:", " = $null", quote_powershell },
};

const char *env_script_shells(void)
{
	return "bash, zsh, fish, powershell";
}

static const struct shell *find(const char *name)
{
	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++)
		if (!strcmp(shells[i].name, name))
			return &shells[i];
	return NULL;
}

int env_script_write(const char *name, const json_t *variables, struct buf *out, struct err *err)
{
	const struct shell *shell = find(name);
	const json_t *value;
	const char *variable;

	if (!shell)
		return err_set(err, ERR_USAGE, "'%.40s' is none of the shells %s", name,
			       env_script_shells());
	json_object_foreach((json_t *)variables, variable, value) {
		if (json_is_string(value)) {
			buf_add_format(out, "%s%s%s", shell->before, variable, shell->between);
			shell->quote(json_string_value(value), out);
		} else {
			buf_add_format(out, "%s%s%s", shell->out_before, variable,
				       shell->out_after);
		}
		buf_add_byte(out, '\n');
	}
	return 0;
}

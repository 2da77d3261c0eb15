/* terminal_plan.c - see terminal_plan.h */
#include "assess/terminal_plan.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MIB (1024ULL * 1024)

/* What a person does takes longer, and more of all, than one run of a program. */
static void set_limits(struct plan_limits *limits)
{
	limits->cpu_ms = plan_terminal_max_limits.cpu_ms;
	limits->wall_ms = plan_terminal_max_limits.wall_ms;
	limits->output = 256 * MIB;
	if (limits->memory < 1024 * MIB)
		limits->memory = 1024 * MIB;
	if (limits->processes < 256)
		limits->processes = 256;
	if (limits->open_files < 1024)
		limits->open_files = 1024;
}

/* A name of a kind of terminal, and nothing else. */
static bool is_kind(const char *kind)
{
	return kind && *kind && strlen(kind) <= 32 &&
	       !kind[strspn(kind, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				  "-+._")];
}

const char *terminal_plan_shell(void)
{
	return access("/bin/bash", X_OK) == 0 || access("/usr/bin/bash", X_OK) == 0 ? "bash" : "sh";
}

int terminal_plan_make(struct terminal_plan *ret, struct plan *plan,
		       const struct manifest *manifest, const char *const *argv, const char *kind,
		       struct err *err)
{
	const char *const env[] = {
		"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8", "USER=candidate",
		"HISTFILE=", "PS1=\\w \\$ ", ret->kind, NULL,
	};

	snprintf(ret->kind, sizeof(ret->kind), "TERM=%s", is_kind(kind) ? kind : "dumb");
	memcpy(ret->env, env, sizeof(env));
	ret->shell[0] = terminal_plan_shell();
	ret->shell[1] = NULL;
	plan->terminal = true;
	plan->env = ret->env;
	plan->argv = argv ? argv : ret->shell;
	if (manifest_limits(manifest, NULL, &plan->limits, err) < 0)
		return -1;
	set_limits(&plan->limits);
	return 0;
}

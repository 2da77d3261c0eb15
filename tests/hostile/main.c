/* main.c - hostile ACT [KEY=VALUE...]: plays one act (hostile.h) */
#include "hostile.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char **words;

const char *hostile_word(const char *key)
{
	size_t len = strlen(key);

	for (char **word = words; word && *word; word++)
		if (strncmp(*word, key, len) == 0 && (*word)[len] == '=')
			return *word + len + 1;
	return NULL;
}

long hostile_number(const char *key, long otherwise)
{
	const char *word = hostile_word(key);

	return word ? strtol(word, NULL, 0) : otherwise;
}

int hostile_breach(bool open, const char *what)
{
	if (open) {
		printf("BREACH: %s\n", what);
		fflush(stdout);
	}
	return open;
}

bool hostile_opens(const char *path, int flags)
{
	int fd = open(path, flags | O_NONBLOCK | O_CLOEXEC, 0644);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool hostile_has_secret(int fd)
{
	const char *secret = hostile_word("secret");
	char text[8192];
	ssize_t got;

	if (!secret)
		return false;
	got = pread(fd, text, sizeof(text), 0);
	return got > 0 && memmem(text, (size_t)got, secret, strlen(secret));
}

void hostile_deafen(void)
{
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_IGN);
}

void hostile_linger(void)
{
	sleep(HOSTILE_LIFE);
}

static const struct hostile_act *find(const struct hostile_act *acts, const char *name)
{
	for (; acts->name; acts++)
		if (strcmp(acts->name, name) == 0)
			return acts;
	return NULL;
}

int main(int argc, char **argv)
{
	const struct hostile_act *lists[] = {
		hostile_files, hostile_processes, hostile_network, hostile_rights,
		hostile_surfaces, hostile_burdens, hostile_stores, hostile_lives,
		hostile_residue, hostile_probe,
	};

	for (size_t i = 0; argc > 1 && i < COUNT(lists); i++) {
		const struct hostile_act *act = find(lists[i], argv[1]);

		if (!act)
			continue;
		words = argv + 2;
		return act->run();
	}
	fprintf(stderr, "no such act\n");
	return HOSTILE_BROKEN;
}

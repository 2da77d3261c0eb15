/* pty-drive.c - sits at a terminal: `pty-drive STEPS CMD...` runs CMD on a new one of 80 by 24,
 * does what the lines of the file STEPS say, prints what CMD wrote, and exits as it did
 *
 *	expect TEXT	waits until TEXT comes, after what was expected before
 *	type TEXT	types it
 *	size COLUMNS ROWS	changes the size of the terminal
 *	signal NUMBER	sends CMD a signal
 *	stopped		waits until CMD is stopped (and continues it only by `signal 18`)
 *	raw, cooked	the terminal's modes are not, or are, as they were at first
 *	run COMMAND	runs it beside CMD, whose number is $PTY_CHILD, and goes on when it ends
 *			well
 *	hang-up		the terminal is gone
 *
 * \n \r \t \e \\ and \xNN stand for what they do in C. At the end the modes must be those of the
 * beginning, unless CMD was killed. Exits with 99, and says why, when a step fails or takes longer
 * than half a minute. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_MOST (4 * 1024 * 1024)
#define STEP_MS 30000

static char output[OUTPUT_MOST + 1];
static size_t output_len, looked;
static int master, slave;
static pid_t child;
static int status;
static int child_ended, child_stopped;
static struct termios first;

static void fail(const char *what, const char *step) __attribute__((noreturn));
static void fail(const char *what, const char *step)
{
	fwrite(output, 1, output_len, stdout);
	fprintf(stderr, "\npty-drive: %s: %s\n", what, step);
	if (child > 0)
		kill(child, SIGKILL);
	exit(99);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void look_at_child(void)
{
	int news;

	if (child_ended || waitpid(child, &news, WNOHANG | WUNTRACED | WCONTINUED) != child)
		return;
	child_stopped = WIFSTOPPED(news);
	child_ended = WIFEXITED(news) || WIFSIGNALED(news);
	if (child_ended)
		status = news;
}

/* True when some came. */
static int take_output(int wait_ms)
{
	size_t before = output_len;
	struct pollfd fd = { .fd = master, .events = POLLIN };
	ssize_t got;

	if (poll(&fd, 1, wait_ms) == 1 && master >= 0) {
		got = read(master, output + output_len, OUTPUT_MOST - output_len);
		if (got > 0)
			output_len += (size_t)got;
	}
	output[output_len] = 0;
	look_at_child();
	return output_len > before;
}

static int is_expected(const char *text, size_t len)
{
	char *at = memmem(output + looked, output_len - looked, text, len);

	if (at)
		looked = (size_t)(at - output) + len;
	return at != NULL;
}

static size_t unescape(char *text)
{
	static const char names[] = "nrte\\", bytes[] = "\n\r\t\033\\";
	char *to = text;

	for (char *at = text; *at; at++) {
		const char *name = at[0] == '\\' && at[1] ? strchr(names, at[1]) : NULL;

		if (name) {
			*to++ = bytes[name - names];
			at++;
		} else if (at[0] == '\\' && at[1] == 'x') {
			char hex[3] = { at[2], at[3], 0 };

			*to++ = (char)strtol(hex, NULL, 16);
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	*to = 0;
	return (size_t)(to - text);
}

static int is_as_first(void)
{
	struct termios modes;

	return tcgetattr(slave, &modes) == 0 && !memcmp(&modes, &first, sizeof(modes));
}

static void run_beside(const char *command, const char *step)
{
	pid_t pid = fork();
	int end = -1;

	if (pid == 0) {
		dup2(2, 1);
		execl("/bin/bash", "bash", "-c", command, (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &end, WNOHANG) == 0)
		take_output(5);
	if (end != 0)
		fail("failed", step);
}

/* True when the step is done. */
static int try_step(const char *verb, const char *text, size_t len)
{
	if (!strcmp(verb, "expect"))
		return is_expected(text, len);
	if (!strcmp(verb, "stopped"))
		return child_stopped;
	if (!strcmp(verb, "raw"))
		return !is_as_first();
	return is_as_first();
}

static void do_step(char *line)
{
	char *step = strdup(line), *text = strchr(line, ' ');
	long until = now_ms() + STEP_MS;
	struct winsize size = { 0 };
	size_t len;

	if (text)
		*text++ = 0;
	else
		text = line + strlen(line);
	len = strcmp(line, "run") ? unescape(text) : strlen(text);
	if (!strcmp(line, "type")) {
		if (write(master, text, len) != (ssize_t)len)
			fail("cannot type", step);
	} else if (!strcmp(line, "size")) {
		sscanf(text, "%hu %hu", &size.ws_col, &size.ws_row);
		ioctl(master, TIOCSWINSZ, &size);
	} else if (!strcmp(line, "signal")) {
		kill(child, (int)strtol(text, NULL, 10));
	} else if (!strcmp(line, "run")) {
		run_beside(text, step);
	} else if (!strcmp(line, "hang-up")) {
		close(slave);
		close(master);
		master = slave = -1;
	} else {
		while (!try_step(line, text, len)) {
			if (now_ms() > until)
				fail("took too long", step);
			if (child_ended && !take_output(0))
				fail("CMD ended before", step);
			take_output(20);
		}
	}
	free(step);
}

static void start(char **argv)
{
	struct winsize size = { .ws_col = 80, .ws_row = 24 };

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		fail("no terminal", strerror(errno));
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	ioctl(master, TIOCSWINSZ, &size);
	tcgetattr(slave, &first);
	child = fork();
	if (child > 0) {
		char number[16];

		snprintf(number, sizeof(number), "%d", (int)child);
		setenv("PTY_CHILD", number, 1);
		return;
	}
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		if (i < 2 || !getenv("PTY_DRIVE_STDERR"))
			dup2(slave, i);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

int main(int argc, char **argv)
{
	long until;
	char line[65536];
	FILE *steps;

	if (argc < 3 || !(steps = fopen(argv[1], "re"))) {
		fprintf(stderr, "usage: pty-drive STEPS CMD...\n");
		return 2;
	}
	start(argv + 2);
	while (fgets(line, sizeof(line), steps)) {
		line[strcspn(line, "\n")] = 0;
		if (*line)
			do_step(line);
	}
	until = now_ms() + STEP_MS;
	while (!child_ended) {
		if (now_ms() > until)
			fail("took too long", "to end");
		take_output(20);
	}
	while (take_output(0))
		;
	fwrite(output, 1, output_len, stdout);
	if (slave >= 0 && !is_as_first() && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
		fail("left changed", "the terminal's modes");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

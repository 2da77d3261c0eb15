/* ingest-load.c - many sessions send batches through the group commit until it is killed
 *
 *	ingest-load STORE CLIENT write:N ASSESSMENT...
 *
 * Each assessment is a session of its own thread, whose client goes by the name CLIENT. It asks how
 * far the client came, and goes on from there with batches of one to four events. On stdout it
 * says, one line at a time:
 *
 *	asked ID N	all up to N is stored, says the writer at the beginning or after a gap
 *	acked ID N	all up to N is on disk
 *	refused ID	the writer could not write (a full disk); it tries again
 *	closed ID	the assessment takes no more events; the session ends
 *
 * With N above 0 the process ends itself by SIGKILL in the Nth write of SQLite, when half of the
 * bytes are written. It ends with 0 when stdout is closed, with 1 on an error of another kind. */
#include "base/auto.h"
#include "base/buf.h"
#include "journal/journal_writer.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct clock system_clock;
static struct journal_writer *writer;
static const char *client;
static atomic_long writes_left;

struct session {
	const char *id;
	int64_t next;
	pthread_t thread;
};

static void fail(const char *what)
{
	fprintf(stderr, "ingest-load: %s\n", what);
	_exit(1);
}

static ssize_t write_or_die(int fd, const void *data, size_t len, off_t at)
{
	if (atomic_fetch_sub(&writes_left, 1) != 1)
		return pwrite(fd, data, len, at);
	if (pwrite(fd, data, len / 2, at) >= 0)
		kill(getpid(), SIGKILL);
	return -1;
}

static void plan_death(long after)
{
	sqlite3_vfs *vfs;

	atomic_store(&writes_left, after);
	sqlite3_initialize();
	vfs = sqlite3_vfs_find(NULL);
	if (vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)write_or_die) != SQLITE_OK)
		vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)write_or_die);
}

/* One write, so that lines do not mix; a line is gone or whole. */
static void say(const char *word, const char *id, int64_t number)
{
	AUTO_FREE char *line = number < 0 ? buf_format("%s %s\n", word, id)
					  : buf_format("%s %s %" PRId64 "\n", word, id, number);

	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(0);
}

static int send_batch(const struct session *session, int count, struct ingest_answer *ret,
		      struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(BATCH_MAX);
	AUTO(batch_release) struct batch batch = BATCH_INIT;

	buf_add_format(&text, "{\"schema\":\"tali.batch/1\",\"client\":\"%s\",\"sent\":1000,"
			      "\"events\":[", client);
	for (int i = 0; i < count; i++)
		buf_add_format(&text, "%s{\"seq\":%" PRId64 ",\"time\":%d,\"kind\":\"note\","
				      "\"data\":{\"text\":\"%s %" PRId64 "\"}}", i ? "," : "",
			       session->next + i, 900 + i, client, session->next + i);
	buf_add_str(&text, "]}");
	if (batch_parse(buf_str(&text), text.len, &batch, err) < 0)
		return -1;
	return journal_writer_submit(writer, session->id, &batch, ret, err);
}

static void *run(void *arg)
{
	struct session *session = arg;
	bool asking = true;

	for (;;) {
		int count = asking ? 0 : 1 + (int)(session->next % 4);
		struct ingest_answer answer;
		struct err err = ERR_INIT;

		if (send_batch(session, count, &answer, &err) < 0) {
			if (err.code != ERR_ENV && err.code != ERR_STATE)
				fail(err.text);
			say(err.code == ERR_ENV ? "refused" : "closed", session->id, -1);
			if (err.code == ERR_STATE)
				return NULL;
			continue;
		}
		say(asking ? "asked" : "acked", session->id, answer.acknowledged);
		session->next = answer.acknowledged + 1;
		asking = answer.gap_from != 0;
		if (answer.retry_ms)
			poll(NULL, 0, (int)answer.retry_ms);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct session sessions[64] = { { .next = 1 } };
	struct err err = ERR_INIT;
	int count = argc - 4;

	if (count < 1 || count > 64 || strncmp(argv[3], "write:", 6) != 0)
		fail("usage: ingest-load STORE CLIENT write:N ASSESSMENT...");
	signal(SIGPIPE, SIG_IGN);
	hash_init();
	client = argv[2];
	plan_death(strtol(argv[3] + 6, NULL, 10));
	writer = journal_writer_open(argv[1], &system_clock, &err);
	if (!writer)
		fail(err.text);
	for (int i = 0; i < count; i++) {
		sessions[i] = (struct session){ .id = argv[4 + i], .next = 1 };
		if (pthread_create(&sessions[i].thread, NULL, run, &sessions[i]) != 0)
			fail("no thread");
	}
	for (int i = 0; i < count; i++)
		pthread_join(sessions[i].thread, NULL);
	return 0;
}

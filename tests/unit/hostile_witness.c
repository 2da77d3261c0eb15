/* hostile_witness.c - what a hostile act would find outside */
#include "hostile_witness.h"

#include "sandbox_play.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/rand.h"

#define FILE_NAME "/tmp/tali-secret-%d"
#define QUEUE_NAME "tali-queue-%d"
#define WORDS_MOST 16
#define WORD_SIZE 160
#define DESCRIPTORS_MOST 16

static char secret[32];		/* the same place in the victim's memory */
static char words[WORDS_MOST][WORD_SIZE];
static const char *list[WORDS_MOST + 1];
static int word_count;
static char path_file[128], path_socket[128], name_queue[64], name_leak[64];
static int descriptors[DESCRIPTORS_MOST], descriptor_count;
static key_t key, new_key;
static int udp;
static pid_t victim;
static int reports;		/* the victim writes a byte for each signal */

static void add_word(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void add_word(const char *format, ...)
{
	va_list args;

	assert_true(word_count < WORDS_MOST);
	va_start(args, format);
	vsnprintf(words[word_count], WORD_SIZE, format, args);
	va_end(args);
	list[word_count] = words[word_count];
	word_count++;
}

static int keep(int fd)
{
	assert_true(fd >= 0 && descriptor_count < DESCRIPTORS_MOST);
	descriptors[descriptor_count++] = fd;
	return fd;
}

/* --- the victim */

static void be_victim(int report) __attribute__((noreturn));
static void be_victim(int report)
{
	char name[16];
	sigset_t signals;

	snprintf(name, sizeof(name), "victim%d", (int)getppid());
	prctl(PR_SET_NAME, name, 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	/* where a security module (yama) lets only parents trace, it is no wall of ours */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGUSR2);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (write(report, "r", 1) != 1)
		_exit(1);
	for (;;) {
		/* of two that wait the lower number comes first */
		int got = sigwaitinfo(&signals, NULL);

		if (got > 0 && write(report, got == SIGUSR1 ? "1" : "2", 1) != 1)
			_exit(1);
	}
}

static void start_victim(void)
{
	int ends[2];
	char ready;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	victim = fork();
	if (victim == 0)
		be_victim(ends[1]);
	close(ends[1]);
	reports = ends[0];
	assert_int_equal(read(reports, &ready, 1), 1);
	add_word("victim=%d", (int)victim);
	add_word("comm=victim%d", (int)getpid());
	add_word("address=%p", (void *)secret);
}

bool witness_was_signalled(void)
{
	bool found = false;
	char got;

	kill(victim, SIGUSR2);
	while (read(reports, &got, 1) == 1 && got != '2')
		found |= got == '1';
	return found;
}

/* --- sockets */

static int listen_local(const char *name, bool abstract)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = offsetof(struct sockaddr_un, sun_path) + strlen(name) + 1;
	int fd = keep(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	assert_true(strlen(name) + 2 < sizeof(address.sun_path));
	memcpy(address.sun_path + abstract, name, strlen(name));
	assert_int_equal(bind(fd, (void *)&address, (socklen_t)len), 0);
	assert_int_equal(listen(fd, 100), 0);
	return fd;
}

static int bind_loopback(int type, const char *word)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = keep(socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (void *)&address, sizeof(address)), 0);
	assert_int_equal(getsockname(fd, (void *)&address, &len), 0);
	add_word("%s=%d", word, ntohs(address.sin_port));
	return fd;
}

bool witness_was_sent_to(void)
{
	char byte;
	bool found = false;

	while (recv(udp, &byte, 1, MSG_DONTWAIT) >= 0)
		found = true;
	return found;
}

static void start_sockets(void)
{
	char name[48];

	snprintf(name, sizeof(name), "tali-%s", secret);
	listen_local(name, true);
	add_word("abstract=%s", name);
	snprintf(path_socket, sizeof(path_socket), "/tmp/tali-socket-%d", (int)getpid());
	unlink(path_socket);
	listen_local(path_socket, false);
	chmod(path_socket, 0777);
	add_word("path=%s", path_socket);
	assert_int_equal(listen(bind_loopback(SOCK_STREAM, "tcp"), 100), 0);
	udp = bind_loopback(SOCK_DGRAM, "udp");
}

/* --- files, queues, segments */

static key_t key_of(pid_t pid)
{
	return WITNESS_KEYS | (pid & 0xffff);
}

/* What the machine keeps of a witness. */
static void remove_things(pid_t pid)
{
	char name[128];

	snprintf(name, sizeof(name), QUEUE_NAME, (int)pid);
	syscall(SYS_mq_unlink, name);
	shmctl(shmget(key_of(pid), 0, 0), IPC_RMID, NULL);
	msgctl(msgget(key_of(pid), 0), IPC_RMID, NULL);
	semctl(semget(key_of(pid), 0, 0), 0, IPC_RMID);
	snprintf(name, sizeof(name), FILE_NAME, (int)pid);
	unlink(name);
}

/* A witness that was killed could not clean up, and a user may have ten message queues. */
static void remove_dead(void)
{
	DIR *folder = opendir("/tmp");
	struct dirent *entry;
	char path[300];
	int pid;

	while (folder && (entry = readdir(folder))) {
		snprintf(path, sizeof(path), "/tmp/%s", entry->d_name);
		if (sscanf(path, FILE_NAME, &pid) == 1 && kill(pid, 0) < 0 && errno == ESRCH)
			remove_things(pid);
	}
	if (folder)
		closedir(folder);
}

static void start_file(void)
{
	int fd;

	snprintf(path_file, sizeof(path_file), FILE_NAME, (int)getpid());
	unlink(path_file);
	/* both are left to whoever is forked */
	fd = keep(open(path_file, O_RDWR | O_CREAT | O_EXCL, 0644));
	assert_int_equal(fs_write_all(fd, secret, strlen(secret)), 0);
	keep(open("/", O_RDONLY | O_DIRECTORY));
	add_word("file=%s", path_file);
}

static void start_ids(void)
{
	snprintf(name_queue, sizeof(name_queue), QUEUE_NAME, (int)getpid());
	keep((int)syscall(SYS_mq_open, name_queue, O_RDWR | O_CREAT, 0666, NULL));
	add_word("mq=%s", name_queue);

	key = key_of(getpid());
	new_key = 0x7a120000 | (getpid() & 0xffff);
	assert_true(shmget(key, 4096, IPC_CREAT | 0666) >= 0);
	assert_true(msgget(key, IPC_CREAT | 0666) >= 0);
	assert_true(semget(key, 1, IPC_CREAT | 0666) >= 0);
	add_word("key=%d", (int)key);
	add_word("new=%d", (int)new_key);
}

bool witness_found_shm_file(void)
{
	char path[128];

	snprintf(path, sizeof(path), "/dev/shm/%s", name_leak);
	return unlink(path) == 0;
}

bool witness_found_ids(void)
{
	int found[] = { shmget(new_key, 0, 0), msgget(new_key, 0), semget(new_key, 0, 0) };

	shmctl(found[0], IPC_RMID, NULL);
	msgctl(found[1], IPC_RMID, NULL);
	semctl(found[2], 0, IPC_RMID);
	return found[0] >= 0 || found[1] >= 0 || found[2] >= 0;
}

/* --- all of them */

/* Locks on files that everybody can read. */
static void start_locks(void)
{
	static const char *const paths[] = { "/usr/bin/env", "/dev/null" };

	for (size_t i = 0; i < 2; i++)
		assert_int_equal(flock(keep(open(paths[i], O_RDONLY | O_CLOEXEC)),
				       LOCK_SH | LOCK_NB), 0);
}

void witness_start(void)
{
	unsigned char bytes[12];

	remove_dead();
	rand_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(secret + 2 * i, 3, "%02x", bytes[i]);
	setenv("TALI_SECRET", secret, 1);
	add_word("secret=%s", secret);
	snprintf(name_leak, sizeof(name_leak), "tali-leak-%d", (int)getpid());
	add_word("name=%s", name_leak);

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	start_victim();
	start_sockets();
	start_file();
	start_ids();
	start_locks();
}

void witness_end(void)
{
	kill(victim, SIGKILL);
	waitpid(victim, NULL, 0);
	close(reports);
	while (descriptor_count > 0)
		close(descriptors[--descriptor_count]);
	unlink(path_socket);
	remove_things(getpid());
	unsetenv("TALI_SECRET");
}

const char *const *witness_words(void)
{
	return list;
}

const char *witness_secret(void)
{
	return secret;
}

pid_t witness_victim(void)
{
	return victim;
}

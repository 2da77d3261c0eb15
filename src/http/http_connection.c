/* http_connection.c - see http_connection.h */
#include "http/http_connection.h"

#include "base/buf.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 250		/* how exactly reading is cut */
#define LINGER_MS 5000		/* of silence; this and the next as nginx has them */
#define LINGER_MOST_MS 30000	/* of all: a client with a slow line gets the answer, too */
#define LINGER_BYTES (64 << 20)

struct http_connections {
	pthread_mutex_t lock;	/* of all below */
	pthread_cond_t changed;
	struct http_connection *first;
	unsigned count;
	unsigned char *known;	/* by descriptor: of a connection of ours, or its wake */
	int known_size;
	bool ended;		/* no connection goes on */
	bool ending;		/* the thread shall end */
	pthread_t watch;
};

int64_t http_connection_now(void)
{
	return clock_steady();
}

/* --- all of them */

/* Shuts the reading side of those that had their time: a civetweb that waits for the rest of a body
 * gets its end. */
static void cut_slow(struct http_connections *all)
{
	int64_t now = http_connection_now();

	for (struct http_connection *one = all->first; one; one = one->next) {
		int64_t until = atomic_load(&one->read_until);

		if (until && now >= until) {
			atomic_store(&one->read_until, 0);
			atomic_store(&one->cut, true);
			shutdown(one->fd, SHUT_RD);
		}
	}
}

static void *watch_main(void *arg)
{
	struct http_connections *all = arg;
	struct timespec next;

	pthread_mutex_lock(&all->lock);
	while (!all->ending) {
		cut_slow(all);
		clock_gettime(CLOCK_MONOTONIC, &next);
		next.tv_nsec += TICK_MS * 1000000L;
		next.tv_sec += next.tv_nsec / 1000000000L;
		next.tv_nsec %= 1000000000L;
		pthread_cond_timedwait(&all->changed, &all->lock, &next);
	}
	pthread_mutex_unlock(&all->lock);
	return NULL;
}

struct http_connections *http_connections_open(struct err *err)
{
	struct http_connections *all = buf_alloc(sizeof(*all));
	pthread_condattr_t attributes;
	int error;

	pthread_mutex_init(&all->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&all->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	error = pthread_create(&all->watch, NULL, watch_main, all);
	if (error) {
		errno = error;
		err_sys(err, "cannot start a thread");
		pthread_cond_destroy(&all->changed);
		pthread_mutex_destroy(&all->lock);
		free(all);
		return NULL;
	}
	return all;
}

void http_connections_close(struct http_connections **all)
{
	struct http_connections *old = *all;

	*all = NULL;
	if (!old)
		return;
	pthread_mutex_lock(&old->lock);
	old->ending = true;
	pthread_cond_signal(&old->changed);
	pthread_mutex_unlock(&old->lock);
	pthread_join(old->watch, NULL);
	pthread_cond_destroy(&old->changed);
	pthread_mutex_destroy(&old->lock);
	free(old->known);
	free(old);
}

unsigned http_connections_count(struct http_connections *all)
{
	unsigned count;

	pthread_mutex_lock(&all->lock);
	count = all->count;
	pthread_mutex_unlock(&all->lock);
	return count;
}

void http_connections_wake(struct http_connections *all)
{
	pthread_mutex_lock(&all->lock);
	for (struct http_connection *one = all->first; one; one = one->next)
		if (one->wake >= 0)
			http_connection_wake(one);
	pthread_mutex_unlock(&all->lock);
}

void http_connections_end(struct http_connections *all)
{
	pthread_mutex_lock(&all->lock);
	all->ended = true;
	for (struct http_connection *one = all->first; one; one = one->next)
		http_connection_end(one);
	pthread_mutex_unlock(&all->lock);
}

/* --- finding the socket */

static bool is_known(const struct http_connections *all, int fd)
{
	return fd < all->known_size && all->known[fd];
}

static void set_known(struct http_connections *all, int fd, bool known)
{
	if (fd >= all->known_size) {
		int size = (fd + 256) * 2;

		all->known = buf_realloc(all->known, (size_t)size, 1);
		memset(all->known + all->known_size, 0, (size_t)(size - all->known_size));
		all->known_size = size;
	}
	all->known[fd] = known;
}

static bool has_ends(int fd, const struct sockaddr_in *peer, int own_port)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	if (getpeername(fd, (struct sockaddr *)&address, &len) < 0 ||
	    address.sin_family != AF_INET || address.sin_port != peer->sin_port ||
	    address.sin_addr.s_addr != peer->sin_addr.s_addr)
		return false;
	len = sizeof(address);
	return getsockname(fd, (struct sockaddr *)&address, &len) == 0 &&
	       ntohs(address.sin_port) == own_port;
}

/* A new socket has the lowest number that was free, so it is near the known ones. */
static int find_near(const struct http_connections *all, const struct sockaddr_in *peer,
		     int own_port)
{
	for (int fd = 0; fd < all->known_size + 64; fd++)
		if (!is_known(all, fd) && has_ends(fd, peer, own_port))
			return fd;
	return -1;
}

/* The first descriptor of this process for which `fits`; -1 when there is none. */
static int find_anywhere(bool (*fits)(int fd, const struct sockaddr_in *peer, int own_port),
			 const struct sockaddr_in *peer, int own_port)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;
	int found = -1;

	while (folder && found < 0 && (entry = readdir(folder))) {
		int fd = (int)strtol(entry->d_name, NULL, 10);

		if (entry->d_name[0] != '.' && fits(fd, peer, own_port))
			found = fd;
	}
	if (folder)
		closedir(folder);
	return found;
}

static bool listens_on(int fd, const struct sockaddr_in *peer, int own_port)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address), one = sizeof(int);
	int accepts = 0;

	(void)peer;
	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &one) == 0 && accepts &&
	       getsockname(fd, (struct sockaddr *)&address, &len) == 0 &&
	       address.sin_family == AF_INET && ntohs(address.sin_port) == own_port;
}

void http_connections_refuse(uint16_t port)
{
	int fd = find_anywhere(listens_on, NULL, port);

	if (fd >= 0)
		shutdown(fd, SHUT_RDWR);
}

struct http_connection *http_connection_open(struct http_connections *all)
{
	struct http_connection *connection = buf_alloc(sizeof(*connection));

	connection->all = all;
	connection->fd = connection->wake = -1;
	connection->since = http_connection_now();
	pthread_mutex_lock(&all->lock);
	connection->next = all->first;
	if (all->first)
		all->first->before = connection;
	all->first = connection;
	all->count++;
	pthread_mutex_unlock(&all->lock);
	return connection;
}

int http_connection_find(struct http_connection *connection, const char *peer, int peer_port,
			 int own_port)
{
	struct http_connections *all = connection->all;
	struct sockaddr_in address = { .sin_port = htons((uint16_t)peer_port) };
	int fd;

	if (connection->fd >= 0)
		return 0;
	if (inet_pton(AF_INET, peer, &address.sin_addr) != 1)
		return -1;
	pthread_mutex_lock(&all->lock);
	fd = find_near(all, &address, own_port);
	if (fd < 0)
		fd = find_anywhere(has_ends, &address, own_port);
	if (fd >= 0) {
		set_known(all, fd, true);
		connection->fd = fd;
		snprintf(connection->peer, sizeof(connection->peer), "%s", peer);
		if (all->ended)
			http_connection_end(connection);
	}
	pthread_mutex_unlock(&all->lock);
	return fd >= 0 ? 0 : -1;
}

void http_connection_close(struct http_connection *connection)
{
	struct http_connections *all = connection->all;

	pthread_mutex_lock(&all->lock);
	if (connection->before)
		connection->before->next = connection->next;
	else
		all->first = connection->next;
	if (connection->next)
		connection->next->before = connection->before;
	all->count--;
	if (connection->fd >= 0)
		set_known(all, connection->fd, false);
	if (connection->wake >= 0) {
		set_known(all, connection->wake, false);
		close(connection->wake);
	}
	pthread_mutex_unlock(&all->lock);
	free(connection);
}

/* --- one of them */

/* poll(2) until then, on one or two descriptors. */
static int wait_for(struct pollfd *fds, nfds_t count, int64_t until)
{
	for (;;) {
		int64_t left = until - http_connection_now();
		int ready = poll(fds, count, left < 0 ? 0 : left > 60000 ? 60000 : (int)left);

		if (ready != 0 && !(ready < 0 && errno == EINTR))
			return ready;
		if (until <= http_connection_now())
			return 0;
	}
}

void http_connection_end(struct http_connection *connection)
{
	if (connection->fd >= 0)
		shutdown(connection->fd, SHUT_RDWR);
}

void http_connection_linger(struct http_connection *connection)
{
	struct pollfd fd = { .fd = connection->fd, .events = POLLIN };
	int64_t most = http_connection_now() + LINGER_MOST_MS;
	char dropped[16384];
	ssize_t got = 1;

	shutdown(connection->fd, SHUT_WR);
	for (size_t sum = 0; sum < LINGER_BYTES && got > 0; sum += (size_t)got) {
		int64_t now = http_connection_now();

		if (now >= most || wait_for(&fd, 1, now + LINGER_MS) <= 0)
			return;
		got = recv(connection->fd, dropped, sizeof(dropped), MSG_DONTWAIT);
	}
}

/* Takes what was sent off the two pieces. */
static void advance(struct iovec piece[2], size_t sent)
{
	for (int i = 0; i < 2; i++) {
		size_t step = sent < piece[i].iov_len ? sent : piece[i].iov_len;

		piece[i].iov_base = (char *)piece[i].iov_base + step;
		piece[i].iov_len -= step;
		sent -= step;
	}
}

int http_connection_send(struct http_connection *connection, const void *data, size_t len,
			 const void *more, size_t more_len, int64_t until)
{
	struct iovec piece[2] = { { (void *)data, len }, { (void *)more, more_len } };
	struct msghdr message = { .msg_iov = piece, .msg_iovlen = 2 };
	struct pollfd fd = { .fd = connection->fd, .events = POLLOUT };

	while (piece[0].iov_len + piece[1].iov_len > 0) {
		ssize_t sent = sendmsg(connection->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent >= 0) {
			advance(piece, (size_t)sent);
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN || wait_for(&fd, 1, until) <= 0)
			return -1;
		if (fd.revents & (POLLERR | POLLHUP) || http_connection_now() >= until)
			return -1;
	}
	return 0;
}

ssize_t http_connection_offer(struct http_connection *connection, const void *data, size_t len)
{
	ssize_t sent;

	do {
		sent = send(connection->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (sent < 0 && errno == EINTR);
	return sent < 0 && errno == EAGAIN ? 0 : sent;
}

int http_connection_watch(struct http_connection *connection)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return -1;
	pthread_mutex_lock(&connection->all->lock);
	set_known(connection->all, fd, true);
	connection->wake = fd;
	pthread_mutex_unlock(&connection->all->lock);
	return 0;
}

void http_connection_wake(struct http_connection *connection)
{
	uint64_t one = 1;

	/* full is as good as woken */
	if (write(connection->wake, &one, sizeof(one)) < 0)
		return;
}

int http_connection_wait(struct http_connection *connection, int events, int64_t until)
{
	struct pollfd fds[2] = {
		{ .fd = connection->fd, .events = (short)(events | POLLRDHUP) },
		{ .fd = connection->wake, .events = POLLIN },
	};
	uint64_t count;

	if (wait_for(fds, 2, until) <= 0)
		return 0;
	if (fds[1].revents && read(connection->wake, &count, sizeof(count)) < 0 && errno != EAGAIN)
		return POLLERR;
	return fds[0].revents;
}

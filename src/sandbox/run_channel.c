/* run_channel.c - messages between the caller, the supervisor and the first process of a run */
#include "sandbox/run_channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sandbox/plan.h"

/* The kernel counts its own bookkeeping against the buffer. */
#define SEND_BUFFER (2 * PLAN_PACKED_MOST)

union control {
	char bytes[CMSG_SPACE(sizeof(int) * RUN_CHANNEL_FDS)];
	struct cmsghdr align;
};

int run_channel_pair(int ret[2])
{
	int size = SEND_BUFFER;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret) < 0)
		return -1;
	for (int i = 0; i < 2; i++)
		setsockopt(ret[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return 0;
}

int run_channel_send(int fd, const void *data, size_t len, const int *fds, size_t fd_count)
{
	struct iovec iov = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control control;
	ssize_t sent;

	if (fd_count > 0) {
		struct cmsghdr *head;

		memset(&control, 0, sizeof(control));
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
		memcpy(CMSG_DATA(head), fds, sizeof(int) * fd_count);
	}

	do
		sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)len ? 0 : -1;
}

static void take_fds(struct msghdr *message, int got[RUN_CHANNEL_FDS])
{
	struct cmsghdr *head;

	for (head = CMSG_FIRSTHDR(message); head; head = CMSG_NXTHDR(message, head)) {
		if (head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
		    head->cmsg_len <= CMSG_LEN(sizeof(int) * RUN_CHANNEL_FDS))
			memcpy(got, CMSG_DATA(head), head->cmsg_len - CMSG_LEN(0));
	}
}

ssize_t run_channel_receive(int fd, void *data, size_t size, int fds[RUN_CHANNEL_FDS])
{
	struct iovec iov = { .iov_base = data, .iov_len = size };
	union control control;
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.bytes, .msg_controllen = sizeof(control.bytes),
	};
	int got[RUN_CHANNEL_FDS] = { -1, -1, -1, -1 };
	bool bad;
	ssize_t len;

	do
		len = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (len < 0 && errno == EINTR);
	/* a peer that died with unread messages is gone, no more */
	if (len < 0 && errno == ECONNRESET)
		len = 0;
	if (len > 0)
		take_fds(&message, got);

	bad = len > 0 && (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC));
	for (int i = 0; i < RUN_CHANNEL_FDS; i++) {
		if (fds)
			fds[i] = bad ? -1 : got[i];
		if (got[i] >= 0 && (!fds || bad))
			close(got[i]);
	}
	if (bad) {
		errno = EMSGSIZE;
		return -1;
	}
	return len;
}

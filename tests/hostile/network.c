/* network.c - sockets, queues and shared memory that cross the border */
#include "hostile.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

/* An abstract name begins with a zero byte, a path does not. */
static bool connects_local(const char *name, bool abstract, int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(name), most = sizeof(address.sun_path) - 1;
	int fd = socket(AF_UNIX, type, 0);
	bool connected;

	memcpy(address.sun_path + abstract, name, len < most ? len : most);
	len += offsetof(struct sockaddr_un, sun_path) + 1;
	connected = connect(fd, (const struct sockaddr *)&address, (socklen_t)len) == 0;
	close(fd);
	return connected;
}

static int abstract_unix(void)
{
	const char *name = hostile_word("abstract");

	return name ? hostile_breach(connects_local(name, true, SOCK_STREAM), name)
		    : HOSTILE_BROKEN;
}

static int path_unix(void)
{
	const char *name = hostile_word("path");

	return name ? hostile_breach(connects_local(name, false, SOCK_STREAM), name)
		    : HOSTILE_BROKEN;
}

static int mq_read(void)
{
	const char *name = hostile_word("mq");

	return name ? hostile_breach(syscall(SYS_mq_open, name, O_RDONLY, 0, NULL) >= 0, name)
		    : HOSTILE_BROKEN;
}

/* "found" of several kinds: the key is the same for all three. */
static int shm_read(void)
{
	key_t key = (key_t)hostile_number("key", 0);
	int segment = shmget(key, 0, 0), bad = 0;

	bad |= hostile_breach(segment >= 0 && shmat(segment, NULL, SHM_RDONLY) != (void *)-1,
			      "a shared memory segment");
	bad |= hostile_breach(msgget(key, 0) >= 0, "a message queue");
	bad |= hostile_breach(semget(key, 0, 0) >= 0, "a semaphore set");
	return bad;
}

static int net_interfaces(void)
{
	struct ifaddrs *all = NULL;
	int bad = 0;

	if (getifaddrs(&all) < 0)
		return HOSTILE_BROKEN;
	for (struct ifaddrs *one = all; one; one = one->ifa_next)
		bad |= hostile_breach(strcmp(one->ifa_name, "lo") != 0 && (one->ifa_flags & IFF_UP),
				      one->ifa_name);
	freeifaddrs(all);
	return bad;
}

static struct sockaddr_in loopback(long port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static int tcp_loopback(void)
{
	struct sockaddr_in address = loopback(hostile_number("tcp", 22));
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return hostile_breach(connect(fd, (const struct sockaddr *)&address,
				      sizeof(address)) == 0, "TCP");
}

/* Whether it arrived is for the witness to say. */
static int udp_loopback(void)
{
	struct sockaddr_in address = loopback(hostile_number("udp", 53));
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (sendto(fd, "x", 1, 0, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return 0;
	return 0;
}

/* A word to a host that is not ours, and to the metadata service of a cloud; nothing is awaited. */
static int way_out(void)
{
	static const char *const hosts[] = { "192.0.2.1", "169.254.169.254" };
	int bad = 0;

	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct sockaddr_in address = loopback(9);
		int fd = socket(AF_INET, SOCK_DGRAM, 0);

		inet_pton(AF_INET, hosts[i], &address.sin_addr);
		bad |= hostile_breach(connect(fd, (const struct sockaddr *)&address,
					      sizeof(address)) == 0, hosts[i]);
		close(fd);
	}
	return bad;
}

static bool family_opens(int family, int type, int protocol)
{
	int fd = socket(family, type, protocol);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int netlink_nft(void)
{
	return hostile_breach(family_opens(AF_NETLINK, SOCK_RAW, 12), "nf_tables");
}

static int vsock_socket(void)
{
	return hostile_breach(family_opens(40, SOCK_STREAM, 0), "vsock");
}

static int odd_sockets(void)
{
	int bad = 0;

	bad |= hostile_breach(family_opens(AF_PACKET, SOCK_RAW, 0), "packet");
	bad |= hostile_breach(family_opens(AF_INET, SOCK_RAW, 1), "raw");
	bad |= hostile_breach(family_opens(AF_INET, SOCK_STREAM, 132), "sctp");
	bad |= hostile_breach(family_opens(AF_INET, SOCK_STREAM, 262), "mptcp");
	bad |= hostile_breach(family_opens(38, SOCK_SEQPACKET, 0), "algorithms");
	bad |= hostile_breach(family_opens(44, SOCK_RAW, 0), "xdp");
	return bad;
}

const struct hostile_act hostile_network[] = {
	{ "abstract_unix", abstract_unix },
	{ "path_unix", path_unix },
	{ "mq_read", mq_read },
	{ "shm_read", shm_read },
	{ "net_interfaces", net_interfaces },
	{ "tcp_loopback", tcp_loopback },
	{ "udp_loopback", udp_loopback },
	{ "way_out", way_out },
	{ "netlink_nft", netlink_nft },
	{ "vsock_socket", vsock_socket },
	{ "odd_sockets", odd_sockets },
	{ NULL, NULL },
};

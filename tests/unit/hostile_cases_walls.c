/* hostile_cases_walls.c - the acts that reach for what is outside, or for rights */
#include "hostile_case.h"

#include <signal.h>
#include <stdio.h>

#include "hostile_witness.h"

static void no_signal_came(const struct play *play)
{
	(void)play;
	assert_false(witness_was_signalled());
}

static void no_datagram_came(const struct play *play)
{
	(void)play;
	assert_false(witness_was_sent_to());
}

#define FOREIGN_CALL .verdicts = ON(VERDICT_SECURITY_VIOLATION)

const struct hostile_case hostile_wall_cases[] = {
	{ CASE(1, "abstract_unix", "an abstract socket outside cannot be connected to") },
	{ CASE(2, "cgroup_write", "control groups cannot be written"), .control = CONTROL_ROOT },
	{ CASE(3, "chroot_break", "the root cannot be changed"), .control = CONTROL_ROOT },
	{ CASE(4, "clock_probe", "the clock cannot be set"), .control = CONTROL_ROOT },
	{ CASE(5, "env_secret", "the environment of those who started it stays unknown") },
	{ CASE(0, "env_extra", "the environment is what the manual says") },
	{ CASE(6, "inherited_dirfd", "no folder of the host is inherited") },
	{ CASE(7, "inherited_fd", "no descriptor is inherited") },
	{ CASE(8, "kill_pgrp", "a signal to its group stays inside"), .judge = no_signal_came,
	  .through = witness_was_signalled },
	{ CASE(9, "kill_victim", "a process outside cannot be signalled"), .judge = no_signal_came,
	  .through = witness_was_signalled },
	{ CASE(0, "signal_all", "signals to all it can reach stay inside"), .judge = no_signal_came,
	  .control = CONTROL_NONE, .why = "bare it would end all that the user runs" },
	{ CASE(10, "mknod_dev", "device nodes cannot be made"), .control = CONTROL_ROOT },
	{ CASE(11, "mount_direct", "nothing can be mounted"), .control = CONTROL_ROOT },
	{ CASE(0, "unmount", "nothing can be unmounted"), .control = CONTROL_NONE,
	  .why = "bare it would take away what the machine has mounted" },
	{ CASE(12, "mq_read", "a message queue outside cannot be opened") },
	{ CASE(13, "net_interfaces", "the only network interface is lo"), .control = CONTROL_NONE,
	  .why = "a machine may have no other interface" },
	{ CASE(14, "open_by_handle", "no file can be opened by its handle"),
	  .control = CONTROL_ROOT },
	{ CASE(15, "parent_exe_write", "the program of its parent cannot be opened to write"),
	  .control = CONTROL_ROOT },
	{ CASE(16, "path_unix", "a socket with a path outside cannot be connected to") },
	{ CASE(17, "pidfd_steal", "descriptors of others cannot be copied") },
	{ CASE(18, "proc_sys_write", "settings of the kernel cannot be written"),
	  .control = CONTROL_ROOT },
	{ CASE(19, "proc_visibility", "processes outside cannot be seen") },
	{ CASE(20, "ptrace_parent", "its parent cannot be traced, read or seen") },
	{ CASE(21, "ptrace_victim", "a process outside cannot be traced") },
	{ CASE(22, "read_secret", "files outside cannot be read") },
	{ CASE(23, "reboot_probe", "the machine cannot be restarted"), .control = CONTROL_ROOT },
	{ CASE(24, "reopen_stdout", "standard output has no past") },
	{ CASE(25, "setuid_exec", "a set-user-id program gives no rights"),
	  .control = CONTROL_USER },
	{ CASE(26, "shm_read", "shared memory, queues and semaphores outside cannot be had") },
	{ CASE(27, "swap_probe", "swap space cannot be changed"), .control = CONTROL_ROOT },
	{ CASE(28, "tcp_loopback", "a TCP service of the host cannot be reached") },
	{ CASE(29, "tiocsti", "no terminal can be typed into"), .control = CONTROL_NONE,
	  .why = "the tests have no terminal, and kernels since 6.2 may refuse it anyway" },
	{ CASE(30, "tiocsti_highbits", "nor by a request with odd upper bits"),
	  .control = CONTROL_NONE,
	  .why = "as before" },
	{ CASE(31, "udp_loopback", "a UDP service of the host cannot be reached"),
	  .judge = no_datagram_came, .through = witness_was_sent_to },
	{ CASE(0, "way_out", "there is no way to other hosts"), .control = CONTROL_NONE,
	  .why = "a machine may have no way out either" },
	{ CASE(32, "vmread_victim", "memory of a process outside cannot be read") },
	{ CASE(33, "write_system", "the system cannot be written"), .control = CONTROL_NONE,
	  .why = "bare it would write to the machine" },
	{ CASE(34, "bpf_map", "there are no BPF maps"), .control = CONTROL_ROOT },
	{ CASE(35, "clone3_userns", "clone3 makes no user namespace") },
	{ CASE(36, "compat_int80", "a call of another architecture ends the run"), FOREIGN_CALL,
	  .control = CONTROL_NONE, .why = "a kernel may be built without them" },
	{ CASE(37, "dev_nodes", "there are only harmless devices") },
	{ CASE(38, "dmesg", "the kernel's messages cannot be read"), .control = CONTROL_ROOT },
	{ CASE(39, "flock_channel", "locks on files of the host are not noticed") },
	{ CASE(39, "flock_null", "nor locks on its devices"), .open_for_users = true },
	{ CASE(40, "io_uring", "there is no io_uring") },
	{ CASE(41, "keyring", "there are no keys") },
	{ CASE(42, "mount_in_userns", "nothing can be mounted in a namespace of its own") },
	{ CASE(43, "netlink_nft", "there are no packet filters"), .control = CONTROL_NONE,
	  .why = "a kernel may be without nf_tables" },
	{ CASE(44, "packet_in_userns", "there are no packet sockets in a namespace of its own") },
	{ CASE(0, "odd_sockets", "there are no rare kinds of sockets"), .control = CONTROL_NONE,
	  .why = "which of them a kernel has differs" },
	{ CASE(45, "perf_event", "there are no performance counters"), .control = CONTROL_ROOT },
	{ CASE(46, "personality", "there is but one personality") },
	{ CASE(47, "proc_leaks", "what the kernel tells of the whole machine is covered") },
	{ CASE(48, "userfaultfd", "page faults are the kernel's own") },
	{ CASE(49, "userns_nest", "no namespace of any kind can be made") },
	{ CASE(50, "vsock_socket", "there are no sockets to the hypervisor"),
	  .control = CONTROL_NONE,
	  .why = "a kernel may be without them" },
	{ CASE(63, "sched_fifo", "it cannot be scheduled before others"), .control = CONTROL_ROOT },
	{ CASE(0, "more_rights", "it has no rights and cannot get any") },
	{ CASE(87, "write_descriptors", "nobody listens on other descriptors") },
	{ CASE(95, "exec_shm", "shared memory cannot be executed as a file"),
	  .control = CONTROL_NONE, .why = "machines mount it differently" },
	{ CASE(116, "own_filter", "it has no system call filters of its own") },
	{ CASE(117, "x32_call", "an x32 call ends the run"), FOREIGN_CALL, .control = CONTROL_NONE,
	  .why = "a kernel may be built without them" },
	{ CASE(0, "unknown_calls", "unknown calls look absent"), .control = CONTROL_NONE,
	  .why = "they may be absent" },
	{ 0 },
};

#!/bin/bash
# init.sh - the first process of the machine that run.sh starts: control groups, the tests, the end
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
groups=/sys/fs/cgroup

# The kernel's first root cannot be changed for another (pivot_root), and a sandbox does that: the
# same files once more as a mount of their own.
if [ "${1:-}" != again ]; then
	mkdir -p /again
	mount --bind / /again && cd /again && mount --move . / && exec chroot . /vm/init again
fi

mount_all() {
	mount -t proc -o nosuid,nodev,noexec proc /proc
	mount -t sysfs -o nosuid,nodev,noexec sysfs /sys
	mount -t devtmpfs -o nosuid devtmpfs /dev
	mkdir -p /dev/pts /dev/shm
	mount -t devpts devpts /dev/pts
	for folder in /dev/shm /tmp /run; do
		mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$folder"
	done
	chmod 755 /run
	ln -sf /proc/self/fd /dev/fd
	mount -t cgroup2 cgroup2 $groups
	echo '+memory +pids +cpu' >$groups/cgroup.subtree_control
}

# As modprobe(8) would, which is not in so small a system.
load_overlay() {
	python3 - <<-'END'
		import ctypes
		with open("/vm/overlay.ko", "rb") as module:
		    ctypes.CDLL(None).syscall(313, module.fileno(), b"", 0)  # finit_module
	END
}

raise_loopback() {
	python3 - <<-'END'
		import fcntl, socket, struct
		lo = struct.pack("16sH14x", b"lo", 1 | 64)
		fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8914, lo)
	END
}

# delegate NAME UID: a group that the user may divide, with a leaf for the processes that are there
# already, as a service manager makes it (systemd: Delegate=yes, DelegateSubgroup=leaf)
delegate() {
	local group=$groups/$1
	mkdir -p "$group/leaf"
	chown "$2:$2" "$group" "$group/leaf"
	for file in cgroup.procs cgroup.threads cgroup.subtree_control; do
		chown "$2:$2" "$group/$file" "$group/leaf/$file"
	done
}

# inside GROUP COMMAND...: the command in that group, and its exit status
inside() {
	(
		echo "$BASHPID" >"$groups/$1/cgroup.procs" || exit 99
		shift
		exec "$@"
	)
}


doctor() {
	echo "# tali doctor, $1"
	shift
	"$@" 2>&1 | sed 's/^/# /'
	if [ "${PIPESTATUS[0]}" = 0 ]; then
		echo "ok - tali doctor finds all it needs"
	else
		echo "not ok - tali doctor finds all it needs"
	fi
}

# Where nothing is in the way but the command itself, it has to make room for its own groups.
doctors() {
	doctor "root in a leaf" inside root/leaf /vm/tali doctor
	doctor "root alone in its group" inside alone-root /vm/tali doctor
	doctor "a user in a leaf" inside user/leaf setpriv --reuid=1000 --regid=1000 \
		--clear-groups /vm/tali doctor
	doctor "a user alone in his group" inside alone-user setpriv --reuid=1000 --regid=1000 \
		--clear-groups /vm/tali doctor
}

# A user's tests are started by root, in the user's group.
test_program() {
	local group=root/leaf
	case $1 in *_user) group=user/leaf ;; esac
	echo "# test_$1 in the group $group"
	TALI_TEST_TIMEOUT=3000 inside $group /vm/tests/run "/vm/tests/unit/test_$1" 2>&1 |
		sed 's/^1\.\./# plan 1../'
	[ "${PIPESTATUS[0]}" -lt 99 ] || echo "not ok - test_$1 came to its end"
}

mount_all
load_overlay
raise_loopback
for name in root alone-root; do delegate $name 0; done
for name in user alone-user; do delegate $name 1000; done
rmdir $groups/alone-root/leaf $groups/alone-user/leaf
cd /vm || exit 1
read -r TALI_TEST </vm/pattern
[ -z "$TALI_TEST" ] || export TALI_TEST
export TALI_SRCDIR=/vm TALI_BUILDDIR=/vm
echo "# $(uname -sr), $(nproc) processors, $(grep MemTotal /proc/meminfo | tr -s ' ')"
for name in $(cat /vm/only); do
	if [ "$name" = doctor ]; then doctors; else test_program "$name"; fi
	echo "VM-END $name"
done
echo "# groups left: $(find $groups -name 'tali-*' ! -name tali-main | paste -sd' ')"
sync
echo b >/proc/sysrq-trigger

#!/bin/bash
# run.sh [BUILD] - the sandbox tests on a Debian kernel with control groups of version 2, in qemu
#
# BUILD is a build folder with its tests built (default: build beside the source). Debian's kernel
# and a small root with the packages below are put into memory; the machine has no disk and no
# network. Its processors are emulated, so it is slow. Prints the TAP of each program and a
# last line `N passed, N failed`.
#
# TALI_VM_CACHE=FOLDER	keeps the root and the kernel there for the next time
# TALI_VM_LIMIT=SECONDS	until the machine is ended (default: 3600)
# TALI_VM_ACCEL=kvm	faster, where nested virtualization works
# TALI_VM_ONLY=WORDS	only these programs ("sandbox hostile_user doctor")
# TALI_TEST=PATTERN	only those hostile programs whose names match ('*mem_*')
set -euo pipefail

source=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${1:-$source/build}" && pwd)
limit=${TALI_VM_LIMIT:-3600}
only=${TALI_VM_ONLY:-doctor sandbox_plan sandbox sandbox_user hostile hostile_user}
programs=(sandbox_plan sandbox sandbox_user hostile hostile_user)
# beside what the programs are linked with: what they run inside
guest_packages=(gcc make python3 procps)

fail() {
	echo "run.sh: $*" >&2
	exit 1
}

check_tools() {
	local pair missing=()
	for pair in qemu-system-x86_64:qemu-system-x86 debootstrap:debootstrap cpio:cpio \
		dpkg-deb:dpkg apt-get:apt; do
		command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
	done
	[ ${#missing[@]} = 0 ] || fail "missing: apt-get install ${missing[*]}"
	[ "$(uname -m)" = x86_64 ] || fail "only on x86-64"
	[ "$(id -u)" = 0 ] || fail "debootstrap needs root"
	. /etc/os-release
	[ "$ID" = debian ] || fail "the programs were built for $ID, the machine would be Debian"
	for pair in tali tests/hostile/hostile "${programs[@]/#/tests/unit/test_}"; do
		[ -x "$build/$pair" ] ||
			fail "$build/$pair is not built: make -C $build check TESTS="
	done
}

# The packages of the libraries that the programs are linked with.
library_packages() {
	ldd "$build/tali" "${programs[@]/#/$build/tests/unit/test_}" |
		sed -n 's/.* => \([^ ]*\) .*/\1/p' | sort -u | while read -r library; do
		dpkg-query -S "$library" 2>/dev/null ||
			dpkg-query -S "$(readlink -f "$library")" 2>/dev/null ||
			dpkg-query -S "${library#/usr}" 2>/dev/null || true
	done | cut -d: -f1 | sort -u
}

make_root() {
	local packages
	packages=$(library_packages | cat - <(printf '%s\n' "${guest_packages[@]}") | paste -sd,)
	[ "$packages" != "$(cat "$cache/root/done" 2>/dev/null)" ] || return 0
	echo "run.sh: making a Debian root" >&2
	rm -rf "$cache/root" "$cache/root.cpio.gz"
	debootstrap --variant=minbase --include="$packages" "$VERSION_CODENAME" "$cache/root" \
		>"$scratch/log" 2>&1 ||
		fail "debootstrap: $(tail -n 3 "$scratch/log")"
	rm -rf "$cache"/root/var/cache/apt/archives/*.deb "$cache"/root/var/lib/apt/lists/* \
		"$cache"/root/usr/share/{doc,man,locale,info}
	printf '%s\n' "$packages" >"$cache/root/done"
}

get_kernel() {
	local name
	[ ! -e "$cache/vmlinuz" ] || [ ! -e "$cache/overlay.ko" ] || return 0
	echo "run.sh: getting Debian's kernel" >&2
	name=$(apt-cache depends linux-image-cloud-amd64 |
		sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
	[ -n "$name" ] || fail "apt knows no linux-image-cloud-amd64: apt-get update"
	(cd "$scratch" && apt-get -qq -o APT::Sandbox::User=root download "$name" >log 2>&1 &&
		dpkg-deb -x "$name"_*.deb kernel) || fail "the kernel: $(tail -n 3 "$scratch/log")"
	cp "$scratch"/kernel/boot/vmlinuz-* "$cache/vmlinuz"
	find "$scratch/kernel/lib/modules" -name overlay.ko -exec cp {} "$cache/" \;
}

# pack FOLDER: its tree as the kernel unpacks it
pack() {
	(cd "$1" && find . -xdev ! -path './boot/*' | cpio --quiet -o -H newc -R 0:0) | gzip -1
}

# What is of ours lies in /vm, as in a build folder.
make_initrd() {
	local tree=$scratch/tree/vm program
	[ -e "$cache/root.cpio.gz" ] || pack "$cache/root" >"$cache/root.cpio.gz"
	mkdir -p "$tree/tests/unit" "$tree/tests/hostile"
	chmod -R 755 "$scratch/tree"
	cp "$build/tali" "$tree/"
	cp "$build/tests/hostile/hostile" "$tree/tests/hostile/"
	cp "${programs[@]/#/$build/tests/unit/test_}" "$tree/tests/unit/"
	cp "$source/tests/run" "$tree/tests/"
	install -m 755 "$source/tests/vm/init.sh" "$tree/init"
	cp "$cache/overlay.ko" "$tree/"
	printf '%s\n' "$only" >"$tree/only"
	printf '%s\n' "${TALI_TEST:-}" >"$tree/pattern"
	{ cat "$cache/root.cpio.gz" && pack "$scratch/tree"; } >"$scratch/initrd"
}

start_machine() {
	timeout -k 10 "$limit" qemu-system-x86_64 \
		-accel "${TALI_VM_ACCEL:-tcg,thread=multi}" -cpu max -smp 2 -m 2048 -nodefaults \
		-no-user-config -display none -serial stdio -no-reboot \
		-kernel "$cache/vmlinuz" -initrd "$scratch/initrd" \
		-append "console=ttyS0 loglevel=1 panic=-1 rdinit=/vm/init" \
		</dev/null 2>"$scratch/qemu.log"
}

# Prints what the machine does, and at last counts; a program that did not come to its end counts
# as failed.
count() {
	awk -v expected="$(wc -w <<<"$only")" '
		{ sub(/\r$/, "") }
		/^VM-END/ { ended++; next }
		/^(not )?ok / { if ($1 == "ok") passed++; else failed++ }
		{ print; fflush() }
		END {
			if (ended < expected) {
				print "# " expected - ended " programs did not come to their end"
				failed += expected - ended
			}
			printf "%d passed, %d failed\n", passed, failed
			exit failed > 0
		}'
}

check_tools
scratch=$(mktemp -d "${TMPDIR:-/tmp}/tali-vm.XXXXXX")
trap 'rm -rf --one-file-system "$scratch"' EXIT
cache=${TALI_VM_CACHE:-$scratch}
mkdir -p "$cache"
make_root
get_kernel
make_initrd
start_machine | count || {
	[ ! -s "$scratch/qemu.log" ] || tail -n 5 "$scratch/qemu.log" >&2
	exit 1
}

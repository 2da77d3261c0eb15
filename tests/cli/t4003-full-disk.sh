#!/bin/bash
# t4003-full-disk.sh - a disk that fills up loses nothing, and afterwards all goes on
test_description='a full disk loses nothing and the same command works afterwards'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fault.sh"

# A small disk of our own: as root, or else as root of a namespace of our own.
if [ "$(id -u)" = 0 ]
then
	private='unshare -m' runs=yes
else
	private='unshare -rm'
	runs=no		# the sandbox of a root that is none has no folder for its uids
fi
if $private true 2>/dev/null
then
	test_set_prereq DISK
fi

# Runs a script with a disk of 4 MB at ./disk, which holds the store.
on_disk() {
	mkdir -p disk &&
	$private bash -c 'mount -t tmpfs -o size=4m,mode=700 tmpfs disk || exit 77; . "$0"' "$@"
}

cat >common <<-\EOF
	export TALI_STORE=$PWD/disk/store
	fill() {
		# to the last block, then $1 blocks are given back
		dd if=/dev/zero of=disk/filler bs=4096 2>/dev/null
		truncate -s "-$((${1:-0} * 4096))" disk/filler
	}
	free() {
		rm -f disk/filler
	}
	# refused COMMAND...: one line, exit 3, nothing on stdout
	refused() {
		"$@" >out 2>err </dev/null
		code=$?
		cat err
		if [ $code != 3 ] || [ -s out ] || [ "$(wc -l <err)" != 1 ]
		then
			echo "$*: $code" && cat out
			exit 1
		fi
	}
	# by_and_by COMMAND...: it is tried with more and more room, and is refused until it is done
	by_and_by() {
		before=$(tali logs --json "$id" 2>/dev/null)
		for blocks in 0 1 2 4 8 12 16 24 32 48 64 96 128
		do
			free && fill $blocks
			"$@" >out 2>err </dev/null
			code=$?
			echo "$blocks blocks: $code $(cat err)"
			[ $code = 0 ] && break
			# a program has said what it has to say when its run cannot be recorded
			[ $code = 3 ] && { [ "$3" = run ] || [ ! -s out ]; } &&
				[ "$(wc -l <err)" = 1 ] || exit 1
			free
			tali verify >verified || { cat verified; exit 1; }
			case $(tali logs --json "$id" 2>/dev/null) in
			"$before"*) ;;
			*) echo "an event is gone"; exit 1 ;;
			esac
		done
		free
		[ $code = 0 ] || "$@" </dev/null || exit 1
		tali verify || exit 1
	}
	field() {
		sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$2"
	}
EOF

test_expect_success DISK 'init on a full disk is refused, and finished when there is room' '
	make_task &&
	cat >script <<-\EOF &&
		. ./common
		fill 1
		refused tali init "$TALI_STORE"
		free && tali init "$TALI_STORE" && tali verify && tali task import tiny
	EOF
	on_disk ./script
'

cat >start <<-\EOF
	. ./common
	tali init "$TALI_STORE" && tali task import tiny &&
	tali invite --json tiny ada@example.org >invite.out || exit 1
	id=$(field id invite.out) passcode=$(field passcode invite.out)
EOF

test_expect_success DISK 'invite on a full disk loses nothing' '
	cat >script <<-\EOF &&
		. ./start
		fill
		refused tali invite tiny second@example.org
		grep "disk full" err || exit 1
		by_and_by tali invite tiny second@example.org
		test "$(tali list --json | wc -l)" = 2
	EOF
	on_disk ./script
'

test_expect_success DISK 'start on a full disk starts no clock, or starts it once' '
	rm -rf work &&
	cat >script <<-\EOF &&
		. ./start
		by_and_by tali start "$passcode" work
		test "$(tali logs --json "$id" | grep -c "\"to\":\"active\"")" = 1 &&
		cmp work/run.sh tiny/start/run.sh
	EOF
	on_disk ./script
'

test_expect_success DISK 'run and submit on a full disk lose nothing' '
	rm -rf work &&
	cat >script <<-\EOF &&
		. ./start
		tali start "$passcode" work || exit 1
		cp tiny/solution/run.sh work && seq 5000 >work/numbers
		in_work() { ( cd work && "$@" ); }
		if [ "$1" = yes ]
		then
			by_and_by in_work tali run $2
			test "$(tali logs --json "$id" | grep -c "\"kind\":\"run\"")" = 1 || exit 1
		fi
		seq 6000 >work/numbers
		by_and_by in_work tali submit --yes
		test "$(tali logs --json "$id" | grep -c "\"kind\":\"signature\"")" = 1 || exit 1
		[ "$1" = no ] || by_and_by tali score $2 "$id"
		git --git-dir="$TALI_STORE/repos/$id.git" fsck --no-dangling
	EOF
	on_disk ./script $runs $weak
'

test_expect_success DISK 'what is due is handed in when there is room again' '
	rm -rf work &&
	cat >script <<-\EOF &&
		. ./start
		tali start "$passcode" work || exit 1
		for blocks in 0 2 8 12 16 24
		do
			free && fill $blocks
			tali_at +2h list >out 2>err
			code=$?
			echo "$blocks blocks: $code $(cat err)"
			[ $code = 0 ] || [ $code = 3 ] || exit 1
			[ $code = 0 ] && grep -q " submitted " out && break
			test "$(wc -l <err)" = 1 || exit 1
			test $code = 3 || grep -q "is due" err || exit 1
		done
		free
		tali_at +2h list >out 2>err && test ! -s err && grep -q " submitted " out &&
		tali logs "$id" | grep "time was up" && tali verify
	EOF
	on_disk ./script
'

test_done

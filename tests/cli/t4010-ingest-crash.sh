#!/bin/bash
# t4010-ingest-crash.sh - kill -9 during the group commit: all that was acknowledged is there, once
#
# TALI_SEED=N repeats the points of an earlier run, TALI_ROUNDS=N has so many kills.
test_description='a writer that is killed or has no disk loses nothing that it acknowledged'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fault.sh"

put_program kill_at tests/fake/kill-at
put_program ingest_load tests/fake/ingest-load

seed=${TALI_SEED:-$$} rounds=${TALI_ROUNDS:-200}
RANDOM=$seed
echo "# seed $seed, $rounds rounds"

# active COUNT WORD: so many assessments that are active; their ids are in $ids
active() {
	ids=
	for number in $(seq "$1")
	do
		begin "$2$number@example.org" "work-$2$number" >/dev/null || return 1
		ids="$ids $id"
	done
}

# numbers ID CLIENT: the client's numbers of all its events, in the order of the journal
numbers() {
	tali journal export "$1" >export.out &&
	sed -n 's/.*"client_seq":\([0-9]*\),.*"text":"'"$2"' \([0-9]*\)".*/\1 \2/p' export.out
}

# nothing_lost CLIENT FILE...: for each of $ids, the numbers go from 1 on without a gap, none is
# there twice, and none is missing up to the last one that was acknowledged in the logs
nothing_lost() {
	for id in $ids
	do
		acked=$(cat "${@:2}" | sed -n "s/^ack[a-z]* $id //p" | sort -n | tail -n 1)
		numbers "$id" "$1" >numbers.out &&
		awk -v acked="${acked:-0}" -v id="$id" '
			$1 != NR || $2 != NR { print id ": " $0 " on line " NR; bad = 1 }
			END { if (NR < acked) { print id ": " NR " of " acked; bad = 1 }
			      exit bad }' numbers.out >&2 || return 1
	done
}

# never_behind FILE: whoever asked after a restart was told at least what had been acknowledged
never_behind() {
	awk '$1 == "asked" && $3 < acked[$2] { print $0 " after " acked[$2]; bad = 1 }
	     $1 != "refused" && $3 > acked[$2] { acked[$2] = $3 }
	     END { exit bad }' "$1" >&2
}

test_expect_success 'sessions are made' '
	make_store && active 12 crash
'

# The other side of the pipe keeps the log when the writer is dead.
crash_once() {
	if [ $(($1 % 2)) = 0 ]
	then
		ingest_load "$TALI_STORE" tab write:$((1 + RANDOM % 400)) $ids | cat >>acks
		code=${PIPESTATUS[0]}
	else
		kill_at us:$((10000 + (RANDOM * 32768 + RANDOM) % 100000)) report \
			ingest_load "$TALI_STORE" tab write:0 $ids | cat >>acks
		code=${PIPESTATUS[0]}
	fi
	test "$code" = 137 || { echo "round $1: exit status $code" >&2; return 1; }
}

test_expect_success "$rounds kills of the writer lose nothing, and nothing is there twice" '
	: >acks &&
	for round in $(seq "$rounds")
	do
		crash_once "$round" || return 1
		if [ $((round % 40)) = 0 ]
		then
			never_behind acks && nothing_lost tab acks || return 1
		fi
	done &&
	never_behind acks && nothing_lost tab acks && tali verify &&
	echo "acknowledged $(grep -c ^acked acks) batches in $rounds lives" >&2 &&
	test "$(grep -c ^acked acks)" -ge "$rounds"
'

# load CLIENT LINES FILE: a writer that is stopped after so many lines
load() {
	ingest_load "$TALI_STORE" "$1" write:0 $ids | head -n "$2" >"$3"
}

two_writers() {
	load same 400 one.acks &
	load same 400 two.acks
	wait
}
test_expect_success 'two writers at once, for the same client, store each event once' '
	active 4 two && two_writers &&
	grep -q ^acked one.acks && grep -q ^acked two.acks &&
	nothing_lost same one.acks two.acks && tali verify
'

# begin_load FILE: a writer in the background, $load; what it says comes from descriptor 8
begin_load() {
	rm -f load.fifo && mkfifo load.fifo || return 1
	ingest_load "$TALI_STORE" tab write:0 $ids >load.fifo &
	load=$!
	exec 8<load.fifo
}

# await WORD TIMES FILE: reads on until the word came so often
await() {
	times=$2
	while [ "$times" -gt 0 ] && read -r line <&8
	do
		echo "$line" >>"$3"
		case $line in
		"$1"*) times=$((times - 1)) ;;
		esac
	done
	[ "$times" = 0 ]
}

end_load() {
	kill -9 $load && cat <&8 >>"$1"
	exec 8<&-
}

test_expect_success 'commands that write come through while a writer is busy' '
	active 3 busy && begin_load && await acked 20 busy.acks &&
	tali extend "$id" --by 1m && await acked 20 busy.acks &&
	(cd work-busy2 && tali submit --yes) && await closed 1 busy.acks &&
	await acked 20 busy.acks && end_load busy.acks &&
	nothing_lost tab busy.acks && tali verify
'

# A small disk of our own: as root, or else as root of a namespace of our own.
private='unshare -rm'
[ "$(id -u)" != 0 ] || private='unshare -m'
if $private true 2>/dev/null
then
	test_set_prereq DISK
fi

fill_and_free() {
	mkdir disk && mount -t tmpfs -o size=8m,mode=700 tmpfs disk || return 1
	export TALI_STORE=$PWD/disk/store
	make_store && active 3 full && begin_load && await acked 30 full.acks || return 1
	dd if=/dev/zero of=disk/filler bs=4096 2>/dev/null
	await refused 30 full.acks && rm disk/filler && await acked 30 full.acks &&
	end_load full.acks && nothing_lost tab full.acks && tali verify || return 1
	# the command, too
	{
		printf '{"schema":"tali.batch/1","client":"cli","sent":1,"events":[{"seq":1,'
		printf '"time":1,"kind":"note","data":{"text":"%060000d"}}]}' 0
	} >batch
	dd if=/dev/zero of=disk/filler bs=4096 2>/dev/null
	expect_error 3 disk tali journal append "$id" <batch && rm disk/filler &&
	tali journal append "$id" <batch && tali verify
}
{
	echo ". '$srcdir/tests/cli/fault.sh'"
	declare -f active await begin_load end_load expect_error expect_exit fill_and_free \
		nothing_lost numbers
	echo fill_and_free
} >script
test_expect_success DISK 'on a full disk all are told, nothing is lost, and afterwards it goes on' '
	$private bash ./script
'

test_done

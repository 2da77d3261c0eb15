#!/bin/bash
# t4000-crash.sh - kill -9 at any point loses nothing that was acknowledged and stops nobody
#
# TALI_SEED=N repeats the points of an earlier run, TALI_ROUNDS=N makes it longer (4 kills a round).
test_description='kill -9 at any point loses nothing and stops nobody'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fault.sh"

put_program kill_at tests/fake/kill-at

seed=${TALI_SEED:-$$} rounds=${TALI_ROUNDS:-25}
RANDOM=$seed
echo "# seed $seed, $rounds rounds"
kills=0 hits=0

# The journal of $id checks, and still begins with all that was ever seen of it.
nothing_lost() {
	tali verify "$id" >verify.out && tali logs --json "$id" >journal.now &&
	head -c "$(wc -c <journal.seen)" journal.now | cmp - journal.seen &&
	mv journal.now journal.seen
}

# Branch and tag are where the database says, and git finds all of it whole.
git_agrees() {
	repository=$TALI_STORE/repos/$id.git
	tali show --json "$id" >show.out || return 1
	[ "$(git --git-dir="$repository" rev-parse main)" = "$(field commit show.out)" ] &&
	if grep -q '"submitted":"' show.out
	then
		[ "$(git --git-dir="$repository" rev-parse submission)" = \
			"$(field commit show.out)" ]
	fi &&
	git --git-dir="$repository" fsck --no-dangling
}

count_folders() {
	find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'tali-[!t]*' | wc -l
}

# in_folder WORK COMMAND...
in_folder() {
	cd "$1" && shift && "$@"
	result=$?
	cd "$base" && return "$result"
}

# measure CALLS TIMES WORK COMMAND...: how far it comes when nobody kills it
measure() {
	in_folder "$2" kill_at "$mode:0" "$base/$mode.$1" "${@:3}" </dev/null
}

# crash NAME PATTERN WORK COMMAND...: it is killed somewhere. Had it printed that it was done, the
# assessment must show so (PATTERN). Then the journal is whole.
crash() {
	name=$1 pattern=$2
	if [ $((RANDOM % 4)) = 0 ]
	then
		point=us:$((1 + (RANDOM * 32768 + RANDOM) % $(cat "us.$name")))
	else
		point=call:$((1 + RANDOM % $(cat "call.$name")))
	fi
	in_folder "$3" kill_at "$point" "$base/report" "${@:4}" \
		>crash.out 2>crash.err </dev/null
	code=$?
	echo "$id $name $point: $code" >&2
	kills=$((kills + 1))
	case $code in
	137) hits=$((hits + 1)) ;;
	0) ;;
	*) cat crash.err >&2; return 1 ;;
	esac
	if [ $code = 0 ] || { [ -s crash.out ] && [ "$name" != run ]; }
	then
		tali show --json "$id" >show.out && grep "$pattern" show.out || return 1
	fi
	nothing_lost
}

# go_on WORK COMMAND...: the next command is not disturbed, mends what there is to mend, and leaves
# no folder of its own behind
go_on() {
	folders=$(count_folders)
	in_folder "$1" "${@:2}" >go-on.out </dev/null && nothing_lost && git_agrees &&
	test "$(count_folders)" -le "$folders"
}

change() { # WORK ROUND
	printf 'read -r a; echo "$a"; echo "$a" # %s\n' "$2" >"$1/run.sh"
}

test_expect_success 'a life without a crash is measured' '
	make_store &&
	for mode in call us
	do
		invite "$mode@example.org" && work=work.$mode &&
		measure start . tali start "$passcode" $work &&
		change $work x &&
		measure run $work tali run $weak &&
		change $work y &&
		measure submit $work tali submit --yes &&
		measure score . tali score $weak "$id" || return 1
	done
'

crash_start() {
	invite "round$1@example.org" && : >journal.seen && nothing_lost &&
	crash start "\"status\":\"active\"" . tali start --json "$passcode" "work$1" &&
	deadline=$(field deadline crash.out) &&
	go_on . tali start --json "$passcode" "work$1" &&
	test "${deadline:-$(field deadline go-on.out)}" = "$(field deadline go-on.out)" &&
	deadline=$(field deadline go-on.out) &&
	test "$(git -C "work$1" status --porcelain)" = "" &&
	cmp "work$1/run.sh" tiny/start/run.sh
}

crash_run() {
	change "work$1" "$1" &&
	crash run "\"status\":\"active\"" "work$1" tali run $weak &&
	go_on "work$1" tali run $weak &&
	git --git-dir="$TALI_STORE/repos/$id.git" show main:run.sh | cmp - "work$1/run.sh"
}

crash_submit() {
	echo "# last" >>"work$1/run.sh" &&
	crash submit "\"submitted\":\"" "work$1" tali submit --yes --json || return 1
	tali show --json "$id" >show.out || return 1
	if grep "\"submitted\":\"" show.out
	then
		expect_error 5 "handed in at" in_folder "work$1" tali submit --yes &&
		nothing_lost && git_agrees
	else
		go_on "work$1" tali submit --yes
	fi &&
	test "$(field deadline show.out)" = "$deadline" &&
	git --git-dir="$TALI_STORE/repos/$id.git" show submission:run.sh |
		cmp - "work$1/run.sh"
}

crash_score() {
	crash score "\"status\":\"scored\"" . tali score --json $weak "$id" &&
	go_on . tali score --json $weak "$id" &&
	test "$(json_get go-on.out "j[\"grade\"][\"verdict\"]")" = passed &&
	tali show --json "$id" >show.out && grep "\"status\":\"scored\"" show.out
}

test_expect_success 'start, run, submit and score are killed, and the next command goes on' '
	for round in $(seq "$rounds")
	do
		crash_start "$round" && crash_run "$round" && crash_submit "$round" &&
		crash_score "$round" || return 1
	done
'

test_expect_success 'at least half of the kills met their command at work' '
	echo "$hits of $kills" && test "$kills" = $((4 * rounds)) &&
	test "$hits" -ge $((2 * rounds))
'

test_expect_success 'the whole store verifies' '
	tali verify >verify.out && test "$(grep -c ": ok" verify.out)" = $((rounds + 4))
'

# Groups of our process namespace whose program is gone: other tests run beside this one, and theirs
# are at work.
dead_groups() {
	namespace=$(readlink /proc/self/ns/pid | tr -dc 0-9)
	find /sys/fs/cgroup -type d -name "tali-$namespace-*" 2>/dev/null |
	while read -r group
	do
		[ -d "/proc/${group##*-}" ] || [ ! -O "$group" ] || echo "$group"
	done
}

test_expect_success 'the next program removes the control groups that kills left' '
	begin last@example.org last && dead_groups >groups && cat groups &&
	in_folder last tali run $weak </dev/null &&
	while read -r group
	do
		! test -d "$group" || return 1
	done <groups
'

test_done

#!/bin/bash
# t4001-concurrent.sh - many tali processes write to one store at once
test_description='many processes write to one store at once'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fault.sh"

# at_once COUNT COMMAND...: runs it so many times at once with the number behind it; what each
# printed is in out.N and err.N, its exit status in code.N
at_once() {
	count=$1
	shift
	rm -f "$base"/code.* "$base"/out.* "$base"/err.*
	for number in $(seq "$count")
	do
		(
			"$@" "$number" >"$base/out.$number" 2>"$base/err.$number" </dev/null
			echo $? >"$base/code.$number"
		) &
	done
	wait
	tail -n 3 "$base"/err.* >&2
	echo "exit codes:" $(cat "$base"/code.*) >&2
}

# codes LIST: the sorted exit codes of the last at_once
codes() {
	test "$(echo $(sort -n "$base"/code.*))" = "$1"
}

# distinct NAME FILE: how many values this member has in lines of JSON
distinct() {
	field "$1" "$2" | sort -u | wc -l
}

count_events() { # ID KIND
	tali logs --json "$1" | grep -c '"kind":"'"$2"'"'
}

init_same() {
	tali init "$base/new"
}
test_expect_success 'eight processes make one store' '
	at_once 8 init_same && codes "0 0 0 0 0 0 0 0" &&
	test "$(cat out.* | grep -c "made a store")" = 1 &&
	TALI_STORE=$base/new && make_task && tali task import tiny &&
	begin first@example.org first && hand_in first && tali verify && rm -rf new
'
TALI_STORE=$base/store

invite_ten() {
	tali invite --json tiny $(seq -f "p$1-%g@example.org" 10)
}

for many in 2 8
do
	zeros=$(yes 0 | head -n $many | paste -sd " ")

	test_expect_success "$many processes invite different people" '
		rm -rf store && make_store &&
		at_once $many invite_ten && codes "$zeros" &&
		cat out.* >all && test "$(wc -l <all)" = $((10 * many)) &&
		test "$(distinct passcode all)" = $((10 * many)) &&
		test "$(tali verify | grep -c "^assessment .*: ok")" = $((10 * many))
	'

	invite_same() {
		tali invite --json tiny same@example.org --name "Number $1"
	}
	test_expect_success "$many processes invite the same person, and one invitation is made" '
		at_once $many invite_same && codes "$zeros" &&
		cat out.* >all && test "$(grep -c "\"made\":true" all)" = 1 &&
		test "$(distinct id all)" = 1 && test "$(distinct passcode all)" = 1 &&
		test "$(tali candidate list --json | grep -c same@example.org)" = 1 && tali verify
	'

	start_apart() {
		tali start --json "$passcode" "apart$many-$1"
	}
	test_expect_success "$many starts of one invitation start the clock once" '
		invite "apart$many@example.org" && at_once $many start_apart && codes "$zeros" &&
		cat out.* >all && test "$(distinct deadline all)" = 1 &&
		test "$(tali logs --json "$id" | grep -c "\"to\":\"active\"")" = 1 &&
		test "$(count_events "$id" snapshot)" = 1 &&
		for number in $(seq $many)
		do
			cmp "apart$many-$number/run.sh" tiny/start/run.sh || return 1
		done &&
		tali verify
	'

	start_together() {
		tali start --json "$passcode" "together$many"
	}
	test_expect_success "$many starts of one invitation in one folder leave it whole" '
		invite "together$many@example.org" && at_once $many start_together &&
		codes "$zeros" &&
		test "$(tali logs --json "$id" | grep -c "\"to\":\"active\"")" = 1 &&
		tali start "$passcode" "together$many" &&
		cmp "together$many/run.sh" tiny/start/run.sh &&
		test "$(git -C "together$many" status --porcelain)" = "" && tali verify
	'

	run_or_extend() {
		if [ $(($1 % 2)) = 0 ]
		then
			tali extend "$id" --by 1m
		else
			cd "both$many" && tali run $weak
		fi
	}
	test_expect_success "$many processes run and extend" '
		begin "both$many@example.org" "both$many" && at_once $many run_or_extend &&
		codes "$zeros" && test "$(count_events "$id" run)" = $((many / 2)) &&
		test "$(count_events "$id" extend)" = $((many / 2)) &&
		tali show --json "$id" >show.out &&
		test "$(json_get show.out "j[\"extra_seconds\"]")" = $((many * 30)) && tali verify
	'

	change_and_run() {
		cd "both$many" && echo "echo $1" >"file$1" && tali run $weak
	}
	test_expect_success "$many processes save the same work folder" '
		at_once $many change_and_run && codes "$zeros" &&
		test "$(count_events "$id" run)" = $((many / 2 + many)) &&
		git --git-dir="store/repos/$id.git" fsck --no-dangling &&
		test "$(git --git-dir="store/repos/$id.git" rev-parse main)" = \
			"$(tali show --json "$id" >show.out; field commit show.out)" && tali verify
	'

	submit_once() {
		cd "both$many" && tali submit --yes
	}
	test_expect_success "$many processes hand in, and one of them does" '
		fives=$(yes 5 | head -n $((many - 1)) | paste -sd " ") &&
		at_once $many submit_once && codes "0 $fives" &&
		test "$(count_events "$id" submit)" = 1 &&
		test "$(count_events "$id" signature)" = 1 && tali verify
	'

	score_it() {
		tali score --json $weak "$id"
	}
	test_expect_success "$many processes score, and each makes a run of its own" '
		at_once $many score_it && codes "$zeros" &&
		test "$(for one in out.*; do json_get "$one" "j[\"run\"][\"number\"]"; done |
			sort -n)" = "$(seq $many)" &&
		test "$(count_events "$id" score)" = $many &&
		test "$(count_events "$id" signature)" = $((many + 1)) && tali verify
	'

	enforce() {
		tali_at +2h list
	}
	test_expect_success "$many processes find that time is up, and it is handed in once" '
		begin "late$many@example.org" "late$many" &&
		at_once $many enforce && codes "$zeros" &&
		test "$(count_events "$id" submit)" = 1 && tali verify
	'
done

test_done

#!/bin/bash
test_description='a beginning of an id is enough where it is the only one'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# rename OLD NEW: an assessment gets that id, before anything was done with it
rename() {
	sqlite3 store/tali.db "PRAGMA foreign_keys = OFF;
		UPDATE assessment SET id = '$2' WHERE id = '$1';
		UPDATE event SET assessment_id = '$2' WHERE assessment_id = '$1'"
}

# shortest ID FILE: its shortest beginning of four or more signs that no other line has
shortest() {
	local n=4
	until [ "$(grep -c "^${1:0:n}" "$2")" = 1 ]; do
		n=$((n + 1))
	done
	echo "${1:0:n}"
}

test_expect_success 'a store with assessments whose ids begin alike' '
	make_store && add_tiny && for name in one two three
	do
		invite_one $name@example.org &&
		rename "$id" "$(printf "%s" "aaaa$name" | head -c 6)0000000000" ||
			return 1
	done &&
	tali list --json | sed "s/.*\"id\":\"\([^\"]*\)\".*/\1/" | sort >ids &&
	printf "%s0000000000\n" aaaaon aaaath aaaatw | test_cmp - ids'

test_expect_success 'a unique beginning is enough for every command' '
	tali show aaaao --json >show.json &&
	test "$(json_get show.json "j[\"email\"]")" = one@example.org &&
	tali logs aaaao >out && grep -q invite out && tali extend aaaao --by 5m --json >out.json &&
	test "$(json_get out.json "j[\"id\"]")" = aaaaon0000000000 &&
	tali resend aaaao >out && test "$(cut -f 2 out)" = aaaaon0000000000 &&
	expect_error 5 "it must be submitted to be scored" tali score aaaao &&
	tali revoke aaaao --json >out.json && test "$(json_get out.json "j[\"status\"]")" = revoked'

test_expect_success 'journal export and verify take one too' '
	invite_one journal@example.org &&
	tali list --json | sed "s/.*\"id\":\"\([^\"]*\)\".*/\1/" >ids &&
	short=$(shortest "$id" ids) && tali journal export "$short" >out &&
	grep -q "$id" out &&
	tali verify "$short" >out && grep -q "^$id: ok" out'

test_expect_success 'the whole id, and capitals, are fine' '
	tali show aaaatw0000000000 >out && grep -q two@example.org out && tali show AAAATW >out &&
	grep -q two@example.org out'

test_expect_success 'an ambiguous one lists the candidates' '
	expect_error 2 "tali: show: '\''aaaat'\'' is ambiguous: it could be $(printf "%s" \
		"aaaath0000000000 (tiny, scheduled), aaaatw0000000000 (tiny, scheduled)")" \
		tali show --blind aaaat &&
	for words in logs extend\ --by\ 5m resend revoke journal\ export score verify
	do
		text="tali: ${words%% --*}: '\''aaaat'\'' is ambiguous" && set -- $words &&
		expect_error 2 "$text" tali "$@" aaaat || return 1
	done &&
	tali list --status scheduled --count >out && test "$(cat out)" = 3'

test_expect_success 'the list of candidates ends after ten' '
	seq 14 | sed "s/.*/many&@example.org/" | xargs tali invite tiny >out &&
	cut -f 2 out >made &&
	n=10 && while read -r id
	do
		rename "$id" "bbbb${n}0000000000" && n=$((n + 1)) || return 1
	done <made &&
	expect_error 2 "bbbb190000000000 (tiny, scheduled), ..." tali show bbbb &&
	expect_error 2 "bbbb" tali show bbbb1 && tali show bbbb12 >out &&
	grep -q many3@example.org out'

test_expect_success 'an unknown one is not found' '
	expect_error 5 "no assessment '\''aaaax'\''" tali show aaaax &&
	expect_error 5 "no assessment '\''aaaaon00000000000'\''" tali show aaaaon00000000000 &&
	expect_error 5 "no assessment '\'''\''" tali show "" &&
	expect_error 5 "no assessment '\''%'\''" tali show % &&
	expect_error 5 "no assessment" tali show "aaaa%"'

test_expect_success 'candidates and tasks are found by a beginning too' '
	tali candidate show one@example.org --json >out.json &&
	who=$(json_get out.json "j[\"id\"]") &&
	tali candidate list --json | sed "s/.*\"id\":\"\([^\"]*\)\".*/\1/" >ids &&
	short=$(shortest "$who" ids) &&
	tali candidate show "$short" >out && grep -q one@example.org out &&
	expect_error 5 "no candidate '\''~'\''" tali candidate show "~" &&
	tali task show tiny --json >task.json &&
	tali task show "$(json_get task.json "j[\"id\"][:7]")" >out &&
	head -n 1 out | grep -qx tiny'

test_expect_success 'a version is found by its beginning' '
	tali task edit tiny --title New && first=$(json_get task.json "j[\"version\"]") &&
	tali task export tiny --version "$(echo "$first" | cut -c 1-8)" old/ &&
	diff -r tiny-folder old'

test_expect_success 'the name of a task goes before a beginning of an id' '
	id=$(json_get task.json "j[\"id\"]") && tiny_task other &&
	short=$(echo "$id" | cut -c 1-5) && tali task create "$short" --from other &&
	tali task show "$short" >out && head -n 1 out | grep -qx "$short"'

test_done

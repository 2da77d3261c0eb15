#!/bin/bash
test_description='tali note and tali estimate: what a candidate says beside the work'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# last_event EXPRESSION: of the newest event of the assessment
last_event() {
	tali logs "$id" --json | tail -n 1 >last.json && check_schema last.json &&
	json_get last.json "$1"
}

test_expect_success 'an assessment that is running' '
	make_store && add_tiny && invite_one && tali start "$passcode" work >/dev/null'

test_expect_success 'the words of a note are joined, and nothing is printed' '
	in_folder work tali note first the parser, "then  the" cache >out 2>err &&
	test_must_be_empty out && test_must_be_empty err &&
	test "$(last_event "j[\"kind\"], j[\"actor\"], j[\"data\"][\"text\"]")" = \
		"[\"note\", \"candidate\", \"first the parser, then  the cache\"]"'

test_expect_success 'a dash reads it from standard input, to the last line that says something' '
	printf "one\ntwo \303\244\n\n \t\n" | in_folder work tali note - &&
	test "$(last_event "j[\"data\"][\"text\"] == \"one\ntwo \u00e4\"")" = true'

test_expect_success 'behind two dashes a note may begin with one' '
	in_folder work tali note -- -x is wrong &&
	test "$(last_event "j[\"data\"][\"text\"]")" = "-x is wrong"'

test_expect_success 'with --json the event is printed' '
	in_folder work tali note --json hello >event.json && check_schema event.json &&
	tali logs "$id" --json | tail -n 1 | test_cmp - event.json'

test_expect_success 'notes are shown by logs, and cannot write to the terminal' '
	printf "a\033]0;title\007b" | in_folder work tali note - && tali logs "$id" >out &&
	grep -q "candidate  note hello$" out && ! grep -q "$(printf "\033")" out'

test_expect_success 'what is no note is refused, and nothing is recorded' '
	tali logs "$id" >before &&
	expect_error 2 "the note is empty" in_folder work tali note "" &&
	printf " \n\n" | expect_error 2 "the note is empty" in_folder work tali note - &&
	printf "\377" | expect_error 2 "not UTF-8" in_folder work tali note - &&
	printf "a\0b" | expect_error 2 "not UTF-8" in_folder work tali note - &&
	head -c 16385 /dev/zero | tr "\0" x >long &&
	expect_error 2 "longer than 16384 bytes" in_folder work tali note - <long &&
	yes | expect_error 2 "longer than 16384 bytes" in_folder work tali note - &&
	expect_exit 2 in_folder work tali note 2>err && tali logs "$id" >after &&
	test_cmp before after'

test_expect_success 'the longest note is taken' '
	head -c 16384 long | in_folder work tali note - &&
	test "$(last_event "len(j[\"data\"][\"text\"])")" = 16384'

test_expect_success 'an estimate is kept in minutes, rounded up' '
	in_folder work tali estimate 45m &&
	test "$(last_event "j[\"data\"]")" = "{\"minutes\": 45}" &&
	in_folder work tali estimate 1h30m &&
	test "$(last_event "j[\"data\"][\"minutes\"]")" = 90 &&
	in_folder work tali estimate 61s &&
	test "$(last_event "j[\"data\"][\"minutes\"]")" = 2 &&
	in_folder work tali estimate 0 --json >event.json && check_schema event.json &&
	test "$(json_get event.json "j[\"data\"][\"minutes\"]")" = 0 &&
	tali logs "$id" | grep -q "candidate  estimate 90 min$"'

test_expect_success 'what is no time is refused' '
	tali logs "$id" >before && expect_exit 2 in_folder work tali estimate soon 2>err &&
	expect_exit 2 in_folder work tali estimate -- -5m 2>err &&
	expect_error 2 "longer than 100000 minutes" in_folder work tali estimate 100d &&
	tali logs "$id" >after && test_cmp before after'

test_expect_success 'outside a work folder there is nothing to say' '
	expect_error 5 "not in a work folder" in_folder / tali note x &&
	expect_error 5 "not in a work folder" in_folder / tali estimate 5m'

test_expect_success 'after the deadline nothing is recorded any more' '
	expect_error 5 "it must be active" in_folder work tali_at +31m note late &&
	expect_error 5 "it must be active" in_folder work tali_at +31m estimate 5m &&
	tali logs "$id" >out && ! grep late out && tali verify "$id"'

test_done

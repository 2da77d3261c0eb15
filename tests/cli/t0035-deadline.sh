#!/bin/bash
test_description='the clock starts once, and the deadline is kept without anybody being there'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# row EXPRESSION: of the assessment $id, read without a command that would enforce the deadline
row() {
	sqlite3 store/tali.db "SELECT $1 FROM assessment WHERE id = '$id'"
}

test_expect_success 'start tells the time that is left' '
	make_store && add_tiny && invite_one && tali start "$passcode" work --json >start.json &&
	check_schema start.json && test "$(json_get start.json "j[\"resumed\"]")" = false &&
	test "$(json_get start.json "j[\"folder\"]")" = "$PWD/work" &&
	test "$(row "deadline - started")" = 1800000'

test_expect_success 'a second start resumes: same folder as it was, same deadline' '
	echo draft >work/answer && deadline=$(row deadline) &&
	tali_at +10m start "$passcode" work >out && grep -q "^resumed tiny: 19 min" out &&
	grep -qxF "$PWD/work (as you left it)" out && test "$(cat work/answer)" = draft &&
	test "$(row deadline)" = "$deadline" &&
	tali start "$passcode" work --json >start.json && check_schema start.json &&
	test "$(json_get start.json "j[\"resumed\"]")" = true'

test_expect_success 'a second start in another folder lays out the last snapshot there' '
	echo saved >work/answer && in_folder work tali run >/dev/null &&
	echo unsaved >work/answer &&
	tali start "$passcode" elsewhere >out && grep -q "^resumed tiny" out &&
	test "$(cat elsewhere/answer)" = saved && test "$(cat work/answer)" = unsaved &&
	test "$(row deadline)" = "$deadline" && in_folder elsewhere tali run >out &&
	grep -qx "the answer is saved" out'

test_expect_success 'the work folder is an ordinary git repository' '
	test "$(git -C elsewhere log --format=%s)" = "$(printf "run\nstart")" &&
	test -z "$(git -C elsewhere status --porcelain)" &&
	git -C elsewhere commit -qam mine --allow-empty'

test_expect_success 'a folder in use is refused before the clock starts' '
	first=$id && invite_one other@example.org && mkdir full && echo x >full/file &&
	expect_error 5 "full is not empty" tali start "$passcode" full &&
	expect_error 3 "cannot write in full/file: " tali start "$passcode" full/file/work &&
	expect_error 5 "work is the work folder of another assessment" \
		tali start "$passcode" work &&
	test "$(row status)" = scheduled && test "$(cat full/file)" = x && mkdir empty &&
	tali start "$passcode" empty && test "$(row status)" = active'

test_expect_success 'without a name the folder is called like the task' '
	invite_one named@example.org && tali start "$passcode" && test -e tiny/main.sh'

test_expect_success 'until the deadline nothing happens' '
	id=$first && tali_at +29m list >/dev/null && test "$(row status)" = active'

test_expect_success 'any later command hands it in, with the deadline as the time' '
	tali_at +2d candidate list >/dev/null && test "$(row status)" = submitted &&
	test "$(row "submitted = deadline")" = 1 && test "$(row deadline)" = "$deadline" &&
	tali show "$id" --json >show.json &&
	test "$(json_get show.json "j[\"submitted\"]")" = "$(json_get show.json "j[\"deadline\"]")"'

test_expect_success 'the journal says that it was the clock' '
	tali logs "$id" >out && grep -q "system  *submit [0-9a-f]* (time was up)$" out &&
	grep -q "system  *status active -> submitted" out && grep -q "system  *signature" out'

test_expect_success 'the last snapshot is what counts' '
	test "$(git -C "store/repos/$id.git" show submission:answer)" = saved &&
	tali verify "$id" &&
	tali score "$id" >out && grep -q "^grade 50.00 %" out'

test_expect_success 'all that were due are handed in, each once' '
	tali_at +2d list >/dev/null && tali_at +3d list --status submitted --count >out &&
	test "$(cat out)" = 2 && tali list --json >list.jsonl && check_schema list.jsonl &&
	sqlite3 store/tali.db "SELECT count(*) FROM event WHERE kind = '\''submit'\''" >out &&
	test "$(cat out)" = 3 && tali verify >verified'

test_expect_success 'start of what time has taken is refused' '
	expect_error 5 "it was handed in at" tali start "$passcode" tiny'

test_expect_success 'extra time is part of the deadline' '
	invite_one slow@example.org --duration 30m --extra-time 15m &&
	tali start "$passcode" slow &&
	test "$(row "deadline - started")" = 2700000 && tali_at +44m list >/dev/null &&
	test "$(row status)" = active && tali_at +46m list >/dev/null &&
	test "$(row status)" = submitted'

test_expect_success 'a run that time overtakes is not on the record' '
	invite_one over@example.org && tali start "$passcode" over && tali logs "$id" >before &&
	mkfifo go ready && { in_folder over tali run -- sh -c "echo ready; read line; echo out" \
		<go >ready 2>err & } && exec 9>go && exec 8<ready && read -r line <&8 &&
	tali_at +31m list >/dev/null && echo go >&9 && exec 9>&- && read -r line <&8 && exec 8<&- &&
	wait $! && test "$line" = out && test "$(row status)" = submitted &&
	tali logs "$id" >after && ! grep "  run " after &&
	grep -qx "tali: run: time was up before it ended: it is not on the record" err &&
	tali verify "$id"'

test_expect_success 'what was recorded after the last snapshot is handed in with it' '
	invite_one typist@example.org && tali start "$passcode" typed &&
	"$builddir/tests/fake/tell" store "$id" edit \
		"{\"edits\":[{\"file\":\"answer\",\"at\":0,\"del\":0,\"ins\":\"typed\"}]}" &&
	tali_at +2d list >/dev/null && test "$(row "submitted = deadline")" = 1 &&
	test "$(git --git-dir="store/repos/$id.git" show submission:answer)" = typed &&
	tali verify "$id" && tali logs "$id" --json | grep "\"reason\":\"submit\"" >out &&
	grep -q "\"open\":{\"answer\"" out
'

test_done

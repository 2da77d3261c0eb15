#!/bin/bash
test_description='tali replay: a session as it was at any moment'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# told MS ACTOR KIND MEMBERS: an event
told() {
	printf '{"after":%s,"actor":"%s","kind":"%s","data":{%s}}\n' "$@"
}
talk='"conversation":"c"'

# edit MS FILE AT DEL INS [ORIGIN]: an event of one edit, so long after the start of the work
edit() {
	printf '{"after":%s,"kind":"edit","data":{"edits":[{"file":"%s","at":%s,"del":%s,' \
		"$1" "$2" "$3" "$4"
	printf '"ins":"%s","origin":"%s"}]}}\n' "$5" "${6:-typed}"
}

test_expect_success 'a session is made: edits from 10 s on, a prompt, a paste that passes, a slip' '
	make_store && add_tiny && invite_one ada@example.org --name "Ada L" &&
	tali start "$passcode" work >/dev/null &&
	{
		edit 10000 answer 0 0 7 && edit 11000 answer 1 0 "\n" &&
		edit 40000 main.sh 0 0 "# \u001b[31mred\n" &&
		told 60000 candidate ai_prompt \
			"$talk,\"text\":\"what is \\u001b[2J\\nsix by seven\"" &&
		told 61000 ai ai_response "$talk,\"text\":\"42\"" &&
		edit 90000 answer 0 1 42 paste && edit 91000 main.sh 0 11 "" &&
		told 120000 candidate note "\"text\":\"that should be it\""
	} >events &&
	"$builddir/tests/fake/tell-lines" "$TALI_STORE" "$id" <events'

test_expect_success 'a running session is listed: marks, and edits between them' '
	tali replay "$id" --print >steps && cat steps &&
	grep -q "^     0:10  .* candidate  edit answer: +2 -0 bytes, 2 edits in 1 s$" steps &&
	grep -q "^     0:40 .* edit main.sh: +11 -0 bytes, 1 edit in 0 s$" steps &&
	grep -q "^     1:00 .* candidate  ai_prompt.*six by seven$" steps &&
	grep -q "ai_response" steps && ! grep -q "^six" steps &&
	grep -q "^     1:30 .* edit answer, main.sh: +2 -12 bytes, 2 edits in 1 s$" steps'

test_expect_success 'without a terminal it prints, with and without --print' '
	tali replay "$id" >plain && test_cmp steps plain &&
	tali replay "$id" --at 10s >plain && tali replay "$id" --at 10s -p >printed &&
	test_cmp plain printed'

test_expect_success 'the steps are JSON too' '
	tali replay "$id" --json >steps.jsonl && check_schema steps.jsonl &&
	grep "\"kind\":\"edit\"" steps.jsonl | head -1 >one &&
	test "$(json_get one "j[\"edits\"], j[\"inserted\"], j[\"files\"]")" = \
		"[2, 2, [\"answer\"]]"'

test_expect_success 'a file is what it was, byte for byte' '
	for pair in 9s: 10.5s:7 30s:7 89s:7 92s:42 2m:42; do
		tali replay "$id" --at "${pair%%:*}" --file answer >is &&
		printf "%s" "${pair#*:}" >expected &&
		{ [ "$pair" = 9s: ] || [ "$pair" = 10.5s:7 ] || echo >>expected; } &&
		test_cmp expected is || return 1
	done &&
	tali replay "$id" --at 41s --file main.sh >is &&
	{ printf "# \033[31mred\n" && cat tiny-folder/start/main.sh; } >expected &&
	test_cmp expected is && tali replay "$id" --at +92s --file main.sh >is &&
	test_cmp tiny-folder/start/main.sh is'

test_expect_success 'all ways to name a moment lead to the same' '
	seq=$(json_get one "j[\"last_seq\"]") && grep ai_prompt steps.jsonl >prompt &&
	instant=$(json_get prompt "j[\"instant\"]") &&
	for moment in "#$seq" 12s 0:12 "0:00:12" 0.2m; do
		tali replay "$id" --at "$moment" --file answer >is && echo 7 >expected &&
		test_cmp expected is || return 1
	done &&
	tali replay "$id" --at "$instant" --file answer >is && test_cmp expected is &&
	tali replay "$id" --at end --file answer >is && echo 42 >expected && test_cmp expected is &&
	tali replay "$id" --at 99h --json >late && tali replay "$id" --at end --json | cmp - late &&
	expect_error 2 "is no moment (write 31m" tali replay "$id" --at yesterday --file answer &&
	expect_error 5 "no event 999" tali replay "$id" --at "#999" --file answer &&
	expect_error 5 "there is no file" tali replay "$id" --at 9s --file nothing'

test_expect_success 'the state is printed without control characters' '
	tali replay "$id" --at 1m5s >state && cat -v state &&
	head -1 state | grep -q "^tiny  ada@example.org  $id  1:05 of 2:00  event" &&
	grep -q "^== file answer" state && grep -qx 7 state &&
	grep -q "what is .*\[2J$" state && grep -qx "six by seven" state &&
	grep -q "^1:01  response: 42$" state && ! grep -q "$(printf "\033")" state'

test_expect_success 'the state as JSON has all of it' '
	tali replay "$id" --at 1m5s --json >state.json && check_schema state.json &&
	json_get state.json "{f[\"path\"]: f[\"text\"] for f in j[\"files\"]}[\"answer\"]" >is &&
	printf "7\n\n" >expected && test_cmp expected is &&
	test "$(json_get state.json "j[\"at_ms\"], j[\"run\"]")" = "[65000, null]" &&
	test "$(json_get state.json "len(j[\"conversations\"][0][\"messages\"])")" = 2'

test_expect_success 'checkout lays the files of an instant into an empty folder' '
	tali replay "$id" --at 41s --checkout then >out 2>err && grep -q "files in then" err &&
	echo 7 >expected && test_cmp expected then/answer && grep -q red then/main.sh &&
	(cd then && find . -type f | sort) >names &&
	(cd work && find . -name .git -prune -o -type f -print | sort) >expected &&
	test_cmp expected names &&
	mkdir empty && tali replay "$id" --at 41s --checkout empty 2>err && diff -r then empty'

test_expect_success 'a folder with something in it, a link and a file are left alone' '
	expect_error 5 "then is not empty" tali replay "$id" --at 9s --checkout then &&
	echo 7 >expected && test_cmp expected then/answer &&
	mkdir target && ln -s target link &&
	expect_exit 3 tali replay "$id" --at 9s --checkout link &&
	: >file && expect_exit 3 tali replay "$id" --at 9s --checkout file &&
	rmdir target'

test_expect_success 'the tests run on the files of the instant' '
	expect_exit 1 tali replay "$id" --at 9s --run-tests >out && cat out &&
	grep -q "FAIL  filled" out && grep -qx "0 of 1 passed" out &&
	tali replay "$id" --at 12s --run-tests >out && grep -qx "1 of 1 passed" out &&
	expect_exit 1 tali replay "$id" --at 12s --run-tests --hidden >out && cat out &&
	grep -q "FAIL  judge/right" out && grep -q "pass  judge/some" out &&
	grep -qx "2 of 3 passed" out &&
	tali replay "$id" --at 92s --run-tests --hidden >out && grep -qx "3 of 3 passed" out &&
	tali replay "$id" --at 92s --run-tests --json >test.json && check_schema test.json'

test_expect_success 'work is handed in with the answer broken again' '
	(cd work && printf "42\n" >answer && tali_at +150s run --test >/dev/null && : >answer &&
		tali_at +200s submit --yes >/dev/null)'

test_expect_success 'first-pass names the event that made each case pass' '
	tali replay "$id" --print >steps && cat steps &&
	tali replay "$id" --first-pass --hidden >passes && cat passes &&
	grep -q "^     0:10  filled/.*  #.* edit.*(not at the end)$" passes &&
	grep -q "^     0:10  judge/some  #.* edit" passes &&
	grep -q "^     1:30  judge/right  #.* edit.*(not at the end)$" passes &&
	tali replay "$id" --first-pass --json >passes.json && check_schema passes.json &&
	json_get passes.json "[c[\"made_by\"][\"kind\"] for c in j[\"cases\"]]" >kinds &&
	echo "[\"edit\"]" >expected && test_cmp expected kinds'

test_expect_success 'nothing of it is in the journal, and the sealed session replays' '
	tali logs "$id" --json | wc -l >before && tali replay "$id" --first-pass >/dev/null &&
	expect_exit 1 tali replay "$id" --at end --run-tests >/dev/null &&
	tali logs "$id" --json | wc -l >after &&
	test_cmp before after && tali verify "$id" >/dev/null &&
	tali replay "$id" --at end --file answer >is && test_cmp /dev/null is'

test_expect_success 'the page holds the session, and can do nothing else' '
	tali replay "$id" --html page.html 2>err && grep -q " bytes in page.html" err &&
	grep -q "Policy\" content=\"default-src .none.; script-src .sha256-" page.html &&
	grep -q "that should be it" page.html && ! LC_ALL=C grep -q "$(printf "\033")" page.html &&
	tali replay "$id" --html - >out && cmp out page.html'

test_expect_success 'the page is of the whole session' '
	expect_error 2 "--html is about the whole session" \
		tali replay "$id" --at 1m --html page.html &&
	expect_error 2 "only one of" tali replay "$id" --print --html page.html &&
	expect_error 2 "--html prints no JSON" tali --json replay "$id" --html page.html &&
	expect_error 3 "" tali replay "$id" --html nowhere/page.html'

test_expect_success 'the branch has a commit for each step, by the candidate' '
	tali replay "$id" --branch history 2>err && grep -q "commits on main in history" err &&
	git -C history fsck --strict && git -C history log --reverse --format="%s" main >subjects &&
	cat subjects && head -1 subjects | grep -q "^snapshot .*(start)" &&
	grep -q "^answer: +2 -0$" subjects && grep -q "^ai_prompt" subjects &&
	grep -q "^submit" subjects && git -C history log --format="%an <%ae>" main | sort -u >who &&
	echo "Ada L <ada@example.org>" >expected && test_cmp expected who &&
	git -C history log --format=%ct main | sort -rn -c &&
	git clone -q history clone && git -C clone show "HEAD~2:answer" >is && echo 42 >expected &&
	git -C history log -1 --format=%b "main^{/^answer: .2}" >body && cat body &&
	grep -qx "At: 0:11" body && grep -q "^Events: [0-9]*-[0-9]*$" body &&
	expect_error 5 "history is not empty" tali replay "$id" --branch history'

test_expect_success 'the tree of each commit is what checkout gives' '
	git -C history archive "main^{/^answer: .2}" | tar -x --one-top-level=archived &&
	tali replay "$id" --at 12s --checkout laid 2>/dev/null && diff -r archived laid'

test_expect_success 'a session that does not fold is shown up to the event that is wrong' '
	invite_one bob@example.org && tali start "$passcode" bobs >/dev/null &&
	{ edit 5000 answer 0 0 7 && edit 10000 answer 99 0 8 && edit 20000 answer 1 0 9; } >bad &&
	"$builddir/tests/fake/tell-lines" "$TALI_STORE" "$id" <bad && bob=$id &&
	tali replay "$bob" --at 9s --file answer >is && printf 7 >expected &&
	test_cmp expected is &&
	expect_error 4 "event 7 (edit): " tali replay "$bob" --at 11s --file answer &&
	expect_error 4 "event 7 (edit): " tali replay "$bob" --branch bobs-history &&
	test ! -e bobs-history &&
	expect_error 4 "event 7 (edit): " tali replay "$bob" --first-pass &&
	tali replay "$bob" --print >steps && grep -q "edit answer" steps'

test_expect_success 'words that do not go together are refused' '
	expect_error 2 "only one of" tali replay "$id" --print --file x --at 1s &&
	expect_error 2 "needs --at" tali replay "$id" --file x &&
	expect_error 2 "needs --at" tali replay "$id" --run-tests &&
	expect_error 2 "no --at" tali replay "$id" --first-pass --at 1s &&
	expect_error 2 "--hidden goes with" tali replay "$id" --hidden &&
	expect_error 2 "prints no JSON" tali replay "$id" --at 1s --file x --json &&
	expect_error 5 "no assessment" tali replay zzzz'

test_expect_success 'an invitation that nobody took has nothing but its marks' '
	invite_one eve@example.org && tali replay "$id" >steps && grep -q "invite" steps &&
	expect_error 5 "the work has not begun" tali replay "$id" --first-pass'

test_done

#!/bin/bash
test_description='tali submit: once, whole, and nothing of it can change afterwards'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

test_expect_success 'an assessment that is running' '
	make_store && add_tiny && invite_one && tali start "$passcode" work && echo 7 >work/answer'

test_expect_success 'submit needs a terminal or --yes' '
	expect_error 2 "nobody to ask: say --yes" in_folder work tali submit </dev/null &&
	yes | expect_error 2 "nobody to ask: say --yes" in_folder work tali submit &&
	tali show "$id" --json >show.json && test "$(json_get show.json "j[\"status\"]")" = active'

# at_terminal ANSWER COMMAND...: its standard input is a terminal on which ANSWER is typed
at_terminal() {
	/usr/bin/python3 -c '
import os, pty, subprocess, sys
master, terminal = pty.openpty()
os.write(master, sys.argv[1].encode())
sys.exit(subprocess.run(sys.argv[2:], stdin=terminal).returncode)' "$@"
}

test_expect_success 'at a terminal it asks, and no is no' '
	expect_exit 1 in_folder work at_terminal "n
" tali submit 2>err && grep -q "Hand in? Nothing can be changed afterwards" err &&
	grep -q "tali: submit: not handed in" err &&
	expect_exit 1 in_folder work at_terminal "
" tali submit &&
	tali show "$id" --json >show.json && test "$(json_get show.json "j[\"status\"]")" = active'

test_expect_success 'outside a work folder it is refused' '
	expect_error 5 "not in a work folder (made by \`tali start\`)" tali submit --yes'

test_expect_success 'submit from a folder below hands in the whole work' '
	mkdir work/below && ln -s /etc/passwd work/stolen && ln -s answer work/below/link &&
	echo new >work/below/file && mkfifo work/pipe &&
	(cd work/below && tali submit --yes --json >../../submit.json 2>../../err) &&
	check_schema submit.json && test "$(json_get submit.json "j[\"status\"]")" = submitted'

test_expect_success 'links and special files are left out, and that is told' '
	echo "tali: submit: 3 links or special files are not part of it" >expected &&
	test_cmp expected err &&
	git -C "store/repos/$id.git" ls-tree -r --name-only refs/tags/submission >names &&
	printf "%s\n" README.md answer below/file main.sh >expected && test_cmp expected names'

test_expect_success 'commit, tag and tree are what was told' '
	repo=store/repos/$id.git && commit=$(json_get submit.json "j[\"commit\"]") &&
	test "$(git -C "$repo" rev-parse submission)" = "$commit" &&
	test "$(git -C "$repo" rev-parse HEAD)" = "$commit" &&
	test "$(git -C "$repo" rev-parse "$commit^{tree}")" = \
		"$(json_get submit.json "j[\"tree\"]")" &&
	git -C "$repo" log -1 --format=%B submission >message &&
	grep -q "^Assessment: $id$" message'

test_expect_success 'a second submit is refused' '
	expect_error 5 "the assessment is submitted (handed in at 2" \
		in_folder work tali submit --yes'

test_expect_success 'no more runs, snapshots, starts' '
	echo 42 >work/answer && tali logs "$id" >before &&
	expect_error 5 "it must be active to run programs" in_folder work tali run &&
	expect_error 5 "it must be active to run programs" in_folder work tali run --test &&
	expect_error 5 "it was handed in at 2" tali start "$passcode" work &&
	tali logs "$id" >after && test_cmp before after'

test_expect_success 'no more time either' '
	expect_error 5 "its time is over" tali extend "$id" --by 10m &&
	expect_error 5 "cannot become revoked" tali revoke "$id"'

test_expect_success 'the seal is checked' '
	tali verify "$id" --json >verify.json && check_schema verify.json &&
	test "$(json_get verify.json "j[\"ok\"], j[\"signatures\"]")" = "[true, 1]"'

test_expect_success 'what is graded is what was handed in, whatever the folder holds now' '
	tali score "$id" >out && grep -q "^grade 50.00 % (5 of 10 points)" out'

test_expect_success 'a moved tag is put back, a changed commit in the row is an integrity failure' '
	first=$(git -C "$repo" rev-list --max-parents=0 HEAD) &&
	git -C "$repo" update-ref refs/tags/submission "$first" &&
	tali score "$id" --dry-run >out && grep -q "^grade 50.00 %" out &&
	cp -R store twisted && sqlite3 twisted/tali.db \
		"UPDATE assessment SET commit_id = '\''$first'\'' WHERE id = '\''$id'\''" &&
	expect_error 4 "commit" tali verify "$id" --store twisted &&
	expect_error 4 "commit" tali score "$id" --store twisted'

test_expect_success 'a lost object is an integrity failure' '
	cp -R store lossy && blob=$(git -C "$repo" rev-parse submission:answer) &&
	rm lossy/repos/*/objects/"$(echo "$blob" | cut -c 1-2)/$(echo "$blob" | cut -c 3-)" &&
	expect_error 4 "object $blob is missing or damaged" tali verify "$id" --store lossy &&
	expect_error 4 "object $blob is missing or damaged" tali score "$id" --store lossy'

test_expect_success 'after the deadline it is handed in already' '
	invite_one late@example.org && tali start "$passcode" late && echo 42 >late/answer &&
	expect_error 5 "the assessment is submitted (handed in at" \
		in_folder late tali_at +31m submit --yes &&
	tali score "$id" >out && grep -q "^grade 0.00 %" out'

test_expect_success 'work without a change can be handed in' '
	invite_one idle@example.org && tali start "$passcode" idle &&
	(cd idle && tali submit -y --quiet >../out) && grep -q "^handed in tiny at 2" out &&
	tali verify "$id" && test "$(git -C "store/repos/$id.git" log --oneline | wc -l)" = 1'

test_expect_success 'without its pointer a folder is no work folder, and nothing is handed in' '
	invite_one gone@example.org && tali start "$passcode" gone && rm gone/.git/tali.json &&
	expect_error 5 "not in a work folder" in_folder gone tali submit --yes &&
	tali show "$id" --json >show.json && test "$(json_get show.json "j[\"status\"]")" = active'

test_expect_success 'a pointer that is no pointer is refused' '
	echo "{}" >gone/.git/tali.json &&
	expect_error 2 "not a tali.work/1 file" in_folder gone tali submit --yes'

test_done

#!/bin/bash
test_description='stored tasks: list, show, edit, copy, archive, export, import; versions stay'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# of NAME EXPRESSION: something of a stored task
of() {
	tali task show "$1" --json >task.json && check_schema task.json && json_get task.json "$2"
}

test_expect_success 'list shows name, version, type and whether it is proved' '
	make_store && test -z "$(tali task list)" && add_tiny && tali task list >out &&
	test "$(wc -l <out)" = 1 &&
	grep -qE "^tiny +[0-9a-f]{12} +bug_fix +basic +bash +30 min +not proved$" out &&
	tali task list --json >list.jsonl && check_schema list.jsonl'

test_expect_success 'show has versions and rubric' '
	tali task show tiny >out && head -n 1 out | grep -qx tiny &&
	grep -q "^  versions  *$(of tiny "j[\"version\"]")" out &&
	test "$(of tiny "len(j[\"versions\"])")" = 1 &&
	test "$(of tiny "\"categories\" in j[\"rubric\"]")" = true &&
	first=$(of tiny "j[\"version\"]")'

test_expect_success 'a task is found by name, by id and by a beginning of the id' '
	id=$(of tiny "j[\"id\"]") && test "$(of "$id" "j[\"name\"]")" = tiny &&
	test "$(of "$(echo "$id" | cut -c 1-5)" "j[\"name\"]")" = tiny &&
	expect_error 5 "no task '\''tin'\''" tali task show tin'

test_expect_success 'edit by options makes a version, the old one stays' '
	tali task edit tiny --title "Another title" --time-limit 40 >out &&
	test "$(of tiny "[j[\"title\"], j[\"time_limit_minutes\"], len(j[\"versions\"])]")" = \
		"[\"Another title\", 40, 2]" && test "$(of tiny "j[\"version\"]")" != "$first" &&
	of tiny "[v[\"version\"] for v in j[\"versions\"]]" | grep -q "$first"'

test_expect_success 'an edit that changes nothing says so' '
	tali task edit tiny --time-limit 40 >out && grep -q "unchanged$" out &&
	test "$(of tiny "len(j[\"versions\"])")" = 2'

test_expect_success 'edit --from takes a folder, and back again is the old version' '
	tali task edit tiny --from tiny-folder >out && ! grep -q unchanged out &&
	test "$(of tiny "j[\"version\"], len(j[\"versions\"])")" = "[\"$first\", 2]" &&
	test "$(of tiny "j[\"title\"]")" = "The answer"'

test_expect_success 'a bad edit changes nothing' '
	expect_error 2 "task.json:8: /time_limit_minutes" tali task edit tiny --time-limit 1 &&
	expect_error 2 "/type" tali task edit tiny --type none && tiny_task broken &&
	rm broken/README.md && expect_error 2 "README.md: is missing" \
		tali task edit tiny --from broken &&
	expect_error 5 "no such folder" tali task edit tiny --from nowhere &&
	test "$(of tiny "j[\"version\"]")" = "$first"'

# editor SCRIPT: the user's editor is that sh script on $1
editor() {
	printf '#!/bin/sh\n%s\n' "$1" >"the editor" && chmod +x "the editor" &&
	export EDITOR="'$PWD/the editor' --wait" && unset VISUAL
}

test_expect_success 'without options the editor of the user gets the manifest' '
	editor "test \"\$1\" = --wait && sed -i \"s/: 30,/: 90,/\" \"\$2\"" &&
	tali task edit tiny &&
	test "$(of tiny "j[\"time_limit_minutes\"]")" = 90'

test_expect_success 'an editor that fails, or changes nothing, changes nothing' '
	version=$(of tiny "j[\"version\"]") && editor "echo garbage >\"\$2\"; exit 1" &&
	expect_error 1 "the editor ended with an error: nothing was changed" tali task edit tiny &&
	editor ":" && tali task edit tiny >out && grep -q "unchanged$" out &&
	test "$(of tiny "j[\"version\"]")" = "$version"'

test_expect_success 'what the editor made is kept when it cannot be stored, and can be mended' '
	editor "sed -i \"s/: 90,/: 9000,/; s/bug_fix/bug/\" \"\$2\"" &&
	expect_exit 2 tali task edit tiny >out 2>err && test_must_be_empty out &&
	grep -q "/type: " err && grep -q "/time_limit_minutes: " err &&
	kept=$(sed -n "s/.*your changes are kept.*--from \([^\`]*\)\`.*/\1/p" err) &&
	test -d "$kept" &&
	grep -q 9000 "$kept/task.json" &&
	sed -i "s/9000/60/; s/\"bug\"/\"bug_fix\"/" "$kept/task.json" &&
	tali task edit tiny --from "$kept" && test "$(of tiny "j[\"time_limit_minutes\"]")" = 60 &&
	rm -r "$kept"'

test_expect_success 'VISUAL goes before EDITOR' '
	editor "sed -i \"s/: 60,/: 61,/\" \"\$2\"" && VISUAL=true tali task edit tiny >out &&
	grep -q unchanged out'

test_expect_success 'a task gets another name, but none that is taken' '
	tali task edit tiny --name small &&
	expect_error 5 "no task '\''tiny'\''" tali task show tiny &&
	tiny_task two && tali task create two --from two && expect_error 5 \
		"there is a task '\''two'\'' already" tali task edit small --name two &&
	tali task edit small --name tiny --title "The answer" --time-limit 30'

test_expect_success 'copy is a task of its own' '
	tali task copy tiny copied --json >task.json && check_schema task.json &&
	tali task edit copied --title Other && test "$(of tiny "j[\"title\"]")" = "The answer" &&
	tali task export tiny a/ && tali task export copied b/ && diff -r a/start b/start &&
	expect_error 5 "there is a task '\''tiny'\'' already" tali task copy copied tiny &&
	expect_error 2 "NAME is missing" tali task copy tiny'

test_expect_success 'export and import round trip to the same version' '
	version=$(of tiny "j[\"version\"]") && tali task export tiny >out &&
	echo tiny.tar.gz | test_cmp - out &&
	tali init other && tali task import tiny.tar.gz --store other &&
	test "$(TALI_STORE=other of tiny "j[\"version\"]")" = "$version" &&
	tali task export tiny --store other again.tar.gz && cmp tiny.tar.gz again.tar.gz &&
	tali task export tiny out-folder/ && tali init third &&
	tali task import out-folder --store third &&
	test "$(TALI_STORE=third of tiny "j[\"version\"]")" = "$version"'

test_expect_success 'the archive is one that tar reads, below one folder' '
	tar -tzf tiny.tar.gz >names && grep -qx tiny/task.json names && ! grep -v "^tiny/" names &&
	tar -xzf tiny.tar.gz && tali task check ./tiny'

test_expect_success 'export overwrites only with --force, and takes an older version' '
	expect_error 5 "tiny.tar.gz is there already" tali task export tiny &&
	tali task export tiny --force && mkdir full && echo x >full/x &&
	expect_error 5 "full/ is not empty" tali task export tiny full/ &&
	tali task export tiny --version "$first" older/ && diff -r tiny-folder older &&
	expect_error 5 "no task version" tali task export tiny --version 0000000 newer/'

test_expect_success 'import reads zip and tar, and gives another name' '
	(cd tiny-folder && /usr/bin/python3 -m zipfile -c ../task.zip task.json README.md start \
		hidden solution variants) && tali task import task.zip --name zipped &&
	tar -cf task.tar -C tiny-folder . &&
	tali task import task.tar --name tarred --json >task.json &&
	check_schema task.json && tali task export zipped z/ && tali task export tarred t/ &&
	diff -r -x task.json z t &&
	expect_error 5 "there is a task '\''zipped'\'' already" \
		tali task import task.zip --name zipped'

# evil NAME TYPE LINK: evil.tar with a good task and one more entry
evil() {
	/usr/bin/python3 -c '
import io, sys, tarfile
with tarfile.open("evil.tar", "w") as tar:
    tar.add("tiny-folder", "evil")
    entry = tarfile.TarInfo(sys.argv[1])
    entry.type, entry.linkname, entry.mode = sys.argv[2].encode(), sys.argv[3], 0o644
    data = b"pwned" if sys.argv[2] == "0" else b""
    entry.size = len(data)
    tar.addfile(entry, io.BytesIO(data))' "$@"
}

test_expect_success 'an archive that leaves its folder is refused, and writes nothing' '
	for name in ../outside evil/../../outside /tmp/tali-outside-$$ evil/start/../../../outside \
		evil/.git/config
	do
		evil "$name" 0 "" && expect_exit 2 \
			tali task import evil.tar --name evil 2>err || return 1
	done &&
	test ! -e ../outside && test ! -e outside && test ! -e /tmp/tali-outside-$$ &&
	expect_error 5 "no task '\''evil'\''" tali task show evil'

test_expect_success 'links and devices of an archive are refused' '
	evil evil/start/link 2 /etc/passwd && expect_exit 2 tali task import evil.tar --name evil &&
	evil evil/start/hard 1 /etc/passwd && expect_exit 2 tali task import evil.tar --name evil &&
	evil evil/start/pipe 6 "" && expect_exit 2 tali task import evil.tar --name evil &&
	expect_error 5 "no task '\''evil'\''" tali task show evil'

test_expect_success 'what is no archive is refused' '
	echo text >text.tar.gz && expect_exit 2 tali task import text.tar.gz 2>err && cat err &&
	head -c 300 tiny.tar.gz >cut.tar.gz && expect_exit 2 tali task import cut.tar.gz &&
	expect_error 5 "none.tar.gz" tali task import none.tar.gz &&
	test -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name "tali-import*" -newer text.tar.gz)"'

test_expect_success 'an assessment keeps the version it was made with' '
	tali task edit tiny --from tiny-folder && invite_one &&
	tali task edit tiny --title "Newer" && tiny_task harder &&
	echo 43 >harder/solution/answer &&
	sed -i "s/42/43/" harder/hidden/judge.sh harder/README.md &&
	tali task edit tiny --from harder && tali start "$passcode" work &&
	grep -q 42 work/README.md &&
	echo 42 >work/answer && in_folder work tali submit --yes &&
	tali score "$id" --json >score.json &&
	test "$(json_get score.json "j[\"task_version\"], j[\"grade\"][\"percent\"]")" = \
		"[\"$first\", 100]" &&
	expect_exit 1 tali score "$id" -n --version latest --min 100 >out &&
	old=$id && invite_one new@example.org && tali start "$passcode" work-new &&
	grep -q 43 work-new/README.md'

test_expect_success 'archive takes a task out of lists and use, --undo brings it back' '
	tali task archive tiny --json >task.json && check_schema task.json &&
	test "$(json_get task.json "j[\"archived\"]")" = true && ! tali task list | grep "^tiny " &&
	tali task list --all | grep -q "^tiny .*archived$" &&
	expect_error 5 "task '\''tiny'\'' is archived" tali invite tiny more@example.org &&
	tali show "$old" && tali score "$old" -n >out && tali start "$passcode" work-new &&
	tali task archive tiny --undo && tali invite tiny more@example.org'

test_expect_success 'the starter repository holds nothing that is hidden' '
	git -C "store/repos/start-$(of tiny "j[\"id\"]").git" cat-file --batch-all-objects --batch \
		>objects && grep -qa "Write 43" objects && ! grep -qa "echo 1..2" objects &&
	! grep -qa "judge" objects'

test_expect_success 'all of it verifies' 'tali verify >out && grep -qx "task tiny: ok" out'

test_done

#!/bin/bash
test_description='tali score --archive: each archive by itself, whatever the others are'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# bare COMMAND...: nothing of a user or a store is there
bare() {
	env -i PATH="$PATH" TMPDIR="${TMPDIR:-$root}" "$@"
}

# grade FILE... [OPTION...]
grade() {
	bare tali score $weak --task task --archive "$@"
}

# zip_of FILE PYTHON: a zip file; z is the open archive
zip_of() {
	/usr/bin/python3 -c 'import stat, sys, zipfile
z = zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED)
exec(sys.argv[2])
z.close()' "$@"
}

# tar_of FILE PYTHON: a tar file; add(NAME, TYPE, LINK, DATA) adds an entry
tar_of() {
	/usr/bin/python3 -c 'import io, sys, tarfile
t = tarfile.open(sys.argv[1], "w")
def add(name, type=tarfile.REGTYPE, link="", data=b"42\n"):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = type, link
    info.size = len(data) if type == tarfile.REGTYPE else 0
    t.addfile(info, io.BytesIO(data) if info.size else None)
exec(sys.argv[2])
t.close()' "$@"
}

test_expect_success 'a task and two answers as archives of all kinds' '
	tiny_task task && mkdir full half && echo 42 >full/answer && echo 7 >half/answer &&
	tar czf full.tar.gz full && tar cf half.tar -C half . &&
	zip_of full.zip "z.writestr(\"answer\", \"42\")"'

test_expect_success 'a line for each, in their order' '
	grade half.tar full.zip full.tar.gz --jobs 3 >out 2>err && test_must_be_empty err &&
	printf "%s\t%s\t%s\t%s\n" half.tar 50.00 wrong_answer "5 of 10 points" \
		full.zip 100.00 passed "10 of 10 points" \
		full.tar.gz 100.00 passed "10 of 10 points" >expected && test_cmp expected out'

test_expect_success 'one JSON line for each, with its name; one suite for each' '
	grade full.zip half.tar --json -o all.xml >out.jsonl && check_schema out.jsonl &&
	/usr/bin/python3 -c "
import json, xml.etree.ElementTree as tree
lines = [json.loads(line) for line in open(\"out.jsonl\")]
assert [l[\"run\"][\"archive\"] for l in lines] == [\"full.zip\", \"half.tar\"]
assert [l[\"grade\"][\"percent\"] for l in lines] == [100, 50]
suites = tree.parse(\"all.xml\").getroot()
assert [(s.get(\"name\"), s.get(\"failures\")) for s in suites] == [
    (\"full.zip\", \"0\"), (\"half.tar\", \"1\")]"'

test_expect_success 'the archive and its folder are the same submission' '
	bare tali score $weak --task task --workspace full --json >folder.json &&
	grade full.tar.gz --json >archive.json &&
	for field in "j[\"submission\"]" "j[\"grade\"]" "j[\"task_version\"]"
	do
		test "$(json_get folder.json "$field")" = \
			"$(json_get archive.json "$field")" || return 1
	done'

test_expect_success 'a single folder is taken off, unless the task has one of its name' '
	cp -R task deep && mkdir -p deep/start/app && mv deep/start/answer deep/start/app &&
	mkdir deep/solution/app deep/variants/almost/app &&
	mv deep/solution/answer deep/solution/app &&
	mv deep/variants/almost/answer deep/variants/almost/app &&
	sed -i "s|\"answer\"|\"app/answer\"|" deep/task.json &&
	sed -i "s|answer|app/answer|g" deep/hidden/judge.sh && mkdir app && echo 42 >app/answer &&
	tar cf app.tar app && mkdir me && cp -R app me && tar cf me.tar me &&
	zip_of mac.zip "z.writestr(\"me/app/answer\", \"42\"); z.writestr(\"__MACOSX/x\", \"\")" &&
	bare tali score $weak --task deep --archive app.tar me.tar mac.zip >out &&
	cut -f 2 out | sort -u >grades && echo 100.00 | test_cmp - grades'

# --- what is refused

test_expect_success 'hostile archives of every kind' '
	mkdir bad &&
	tar_of bad/dots.tar "add(\"../escaped\")" &&
	tar_of bad/absolute.tar "add(\"/tmp/tali-escaped\")" &&
	tar_of bad/link.tar "add(\"answer\", tarfile.SYMTYPE, \"/etc/passwd\")" &&
	tar_of bad/hard.tar "add(\"answer\"); add(\"b\", tarfile.LNKTYPE, \"answer\")" &&
	tar_of bad/device.tar "add(\"null\", tarfile.CHRTYPE)" &&
	tar_of bad/fifo.tar "add(\"pipe\", tarfile.FIFOTYPE)" &&
	tar_of bad/git.tar "add(\".git/config\")" &&
	tar_of bad/case.tar "add(\"answer\"); add(\"Answer\")" &&
	tar_of bad/twice.tar "add(\"answer\"); add(\"answer\")" &&
	tar_of bad/control.tar "add(\"an\\x01swer\")" &&
	tar_of bad/backslash.tar "add(\"a\\\\\\\\b\")" &&
	tar_of bad/long.tar "add(\"x/\" * 600 + \"y\")" &&
	tar_of bad/many.tar "for i in range(100000): add(f\"f{i}\", data=b\"\")" &&
	zip_of bad/bomb.zip "z.writestr(\"zeros\", bytes(40 << 20))" &&
	zip_of bad/zdots.zip "z.writestr(\"../escaped\", \"x\")" &&
	zip_of bad/zlink.zip "
i = zipfile.ZipInfo(\"answer\"); i.create_system = 3; i.external_attr = 0o120777 << 16
z.writestr(i, \"/etc/passwd\")" &&
	echo no archive >bad/text.zip && : >bad/empty.zip && head -c 30 full.zip >bad/short.zip &&
	mkdir bad/folder.zip && mkfifo bad/pipe.zip && ls -d bad/* | wc -l >count &&
	echo 21 | test_cmp - count'

test_expect_success 'each is refused in one line that names it, the others are graded' '
	expect_exit 2 grade full.zip bad/* half.tar --exit-zero -o bad.xml >out 2>err &&
	cut -f 1,2 out >graded && printf "full.zip\t100.00\nhalf.tar\t50.00\n" >expected &&
	test_cmp expected graded && test "$(wc -l <err)" = 21 &&
	for file in bad/*
	do
		test "$(grep -c "^tali: score: $file: " err)" = 1 || return 1
	done && ! LC_ALL=C grep -P "[\x00-\x08\x0b-\x1f]" err &&
	test "$(grep -c "type=\"refused\"" bad.xml)" = 21 &&
	! grep -q "<failure.*refused" bad.xml &&
	test ! -e escaped && test ! -e ../escaped && test ! -e /tmp/tali-escaped'

test_expect_success 'nothing is left of any of them' '
	mkdir tmp && expect_exit 2 env -i PATH="$PATH" TMPDIR="$PWD/tmp" tali score $weak \
		--task task --archive full.zip bad/bomb.zip bad/dots.tar >out 2>err &&
	test -z "$(ls -A tmp)"'

test_expect_success 'one that is not there is refused like the others' '
	expect_exit 2 grade none.zip full.zip >out 2>err && grep -q "none.zip.: no such file" err &&
	grep -q "^full.zip" out'

test_expect_success 'a name that would be a command or a control character is none' '
	cp full.zip "::error::x.zip" && cp full.zip "$(printf "a\tb\033[31m.zip")" &&
	grade ./*x.zip "$(printf "a\tb\033[31m.zip")" "::error::x.zip" >out &&
	! grep "^::" out && ! LC_ALL=C grep -P "\x1b" out &&
	test "$(cut -f 2 out | sort -u)" = 100.00'

# --- exit statuses

# a validator that ends with neither 42 nor 43 on "boom": our side failed for that one
checked_task() {
	mkdir -p checked/start checked/hidden/io checked/solution &&
	echo "# Say" >checked/README.md &&
	echo "echo no" >checked/start/main.sh && echo "echo yes" >checked/solution/main.sh &&
	: >checked/hidden/io/a.in && : >checked/hidden/io/a.ans &&
	cat >checked/hidden/check.sh <<-\END && cat >checked/task.json <<-\END2
	read -r said
	case $said in yes) exit 42 ;; boom) exit 7 ;; *) exit 43 ;; esac
	END
	{"schema": "tali.task/1", "name": "say", "title": "Say", "type": "algorithm",
	 "difficulty": "basic", "language": "bash", "time_limit_minutes": 30,
	 "run": ["sh", "main.sh"],
	 "tests": [{"id": "io", "kind": "io", "visibility": "hidden", "points": 1, "dir": "io",
	  "argv": ["sh", "main.sh"], "compare": {"validator": ["sh", "check.sh"]}}]}
	END2
}

test_expect_success 'our side failed for one: 3, above refused and below' '
	checked_task && zip_of boom.zip "z.writestr(\"main.sh\", \"echo boom\")" &&
	zip_of yes.zip "z.writestr(\"main.sh\", \"echo yes\")" &&
	zip_of no.zip "z.writestr(\"main.sh\", \"echo no\")" &&
	expect_exit 3 bare tali score $weak --task checked --archive yes.zip boom.zip no.zip \
		bad/dots.tar --min 50 -o checked.xml >out 2>err &&
	cut -f 1,2 out >graded && printf "yes.zip\t100.00\nno.zip\t0.00\n" >expected &&
	test_cmp expected graded && test "$(wc -l <err)" = 2 &&
	grep -c "type=\"environment\"" checked.xml >count && grep -qx 1 count &&
	grep -c "<failure" checked.xml >count && grep -qx 1 count'

test_expect_success 'refused is 2, below the minimum 1, else 0; --exit-zero makes 0 of 1 alone' '
	expect_exit 2 grade half.tar bad/dots.tar --min 60 >out 2>err &&
	expect_exit 1 grade half.tar full.zip --min 60 >out && grade half.tar --min 50 >out &&
	grade half.tar --min 60 --exit-zero >out &&
	expect_exit 2 grade half.tar bad/dots.tar --exit-zero >out 2>err'

test_expect_success 'a task that cannot grade is told once for each, and blames nobody' '
	echo "exit 1" >checked/solution/main.sh &&
	expect_exit 2 bare tali score $weak --task checked --archive yes.zip no.zip \
		-o none.xml >out 2>err && grep -q "^yes.zip" out && ! grep -q "^no.zip" out &&
	grep -q "no.zip: the task cannot grade" err && ! grep -q "<failure" none.xml'

test_expect_success 'formats with room for one take one' '
	grade full.zip --format gradescope >out && test "$(json_get out "j[\"score\"]")" = 10 &&
	expect_error 2 "has room for one submission" \
		grade full.zip half.tar --format gradescope &&
	expect_error 2 "--jobs is a number from 1 to 64" grade full.zip --jobs 65 &&
	expect_error 2 "not both" grade full.zip --workspace full'

test_expect_success 'grades for a spreadsheet, and no name is a formula' '
	cp full.zip "=1+1.zip" && echo no >broken.zip &&
	expect_exit 2 grade "=1+1.zip" half.tar broken.zip -o grades.csv >out 2>err &&
	test "$(wc -l <out)" = 2 && /usr/bin/python3 - <<-\END &&
		import csv
		with open("grades.csv", newline="") as file:
		    rows = list(csv.reader(file))
		assert rows[0] == ["submission", "task", "verdict", "percent", "points", "possible",
		                   "score", "test filled", "test judge", "fault"], rows[0]
		assert rows[1][:6] == ["\x27=1+1.zip", "tiny", "passed", "100", "10", "10"], rows[1]
		assert rows[1][7:] == ["0", "10", ""], rows[1]
		assert rows[2][:6] == ["half.tar", "tiny", "wrong_answer", "50", "5", "10"], rows[2]
		assert rows[3][:4] == ["broken.zip", "", "refused", ""] and rows[3][-1], rows[3]
		assert len(rows) == 4
	END
	grade half.tar --format csv >out && test "$(wc -l <out)" = 2 &&
	bare tali score $weak --task task --workspace full --format csv >out &&
	test "$(tail -n 1 out | cut -d, -f1-4)" = ",tiny,passed,100"'

# stopped SIGNAL WORD...: ends it while a submission runs; its temporary folders are in tmp
stopped() {
	local signal=$1 code
	shift
	rm -rf tmp && mkdir tmp &&
	{ env -i PATH="$PATH" TMPDIR="$PWD/tmp" env --default-signal=INT "$root/bin/tali" score \
		$weak --task slow "$@" >out 2>err & } &&
	until [ -n "$(find tmp -maxdepth 1 -name tali-scratch\*)" ]
	do
		kill -0 $! || return 1
	done &&
	kill "-$signal" $!
	wait $!
	code=$?
	cat err && test "$code" = 130 && test -z "$(ls -A tmp)" && test_must_be_empty out
}

test_expect_success 'whoever stops it finds no folder left behind' '
	cp -R task slow && echo "exec sleep 1000" >slow/hidden/judge.sh &&
	rm -rf slow/solution slow/variants && sed -i "/\"variants\"/d; s/^  \],/  ]/" \
		slow/task.json && stopped INT --archive full.zip half.tar full.tar.gz &&
	grep -q "score: interrupted after 0 of 3" err &&
	stopped TERM --archive --jobs 2 full.zip half.tar full.tar.gz &&
	stopped INT --workspace full && grep -q "score: interrupted" err'

test_done

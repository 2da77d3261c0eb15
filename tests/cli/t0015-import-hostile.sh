#!/bin/bash
test_description='hostile and broken packages: refused in one line, and nothing is half imported'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

packages=$srcdir/tests/import questions=$srcdir/tests/import/coderunner/questions.xml
put_program kill_at tests/fake/kill-at

# nothing_left: no task, no repository, no temporary folder
nothing_left() {
	tali task list >left && ls store/repos >>left &&
	find "${TMPDIR:-/tmp}" -maxdepth 1 -name "tali-import*" >>left &&
	cat left >&2 && test ! -s left
}

# refuses TEXT FROM [OPTION...]: exit status 2, one line with TEXT, nothing left, stored or not
refuses() {
	expect_error 2 "$1" tali task import "${@:2}" && nothing_left &&
	expect_error 2 "$1" tali task import "${@:2}" --output out && test -z "$(ls -A out)"
}

# fresh FORMAT/NAME: a copy of a good package, ./package
fresh() {
	rm -rf package && cp -R "$packages/$1" package && chmod -R u+w package
}

# pack EXPRESSION: package.tar of ./package with what the Python expression adds to `tar`
pack() {
	/usr/bin/python3 -c '
import io, sys, tarfile
def add(name, kind=tarfile.REGTYPE, data=b"x", link=""):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname, entry.size = kind, link, len(data)
    tar.addfile(entry, io.BytesIO(data))
with tarfile.open("package.tar", "w") as tar:
    tar.add("package")
    exec(sys.argv[1])' "$1"
}

test_expect_success 'there is a store' 'make_store'

test_expect_success 'paths of an archive that lead out are refused' '
	fresh exercism/count-vowels-python &&
	for name in ../outside package/../../outside /tmp/tali-outside-$$ package/.git/config \
		"package/a\\\\b"
	do
		pack "add(\"$name\")" && expect_exit 2 tali task import package.tar 2>err &&
		nothing_left || return 1
	done && test ! -e ../outside && test ! -e outside && test ! -e /tmp/tali-outside-$$'

test_expect_success 'links, devices and pipes of an archive are refused' '
	for kind in SYMTYPE LNKTYPE
	do
		pack "add(\"package/l\", tarfile.$kind, b\"\", \"/etc/passwd\")" &&
		refuses "'\''package/l'\'': is a link" package.tar || return 1
	done &&
	for kind in CHRTYPE BLKTYPE FIFOTYPE
	do
		pack "add(\"package/d\", tarfile.$kind, b\"\")" &&
		refuses "'\''package/d'\'': is neither" package.tar || return 1
	done'

test_expect_success 'names twice, or that differ by case, are refused' '
	pack "add(\"package/x\"); add(\"package/x\")" && refuses "has it twice" package.tar &&
	pack "add(\"package/x\"); add(\"package/X\")" && refuses "differ by the case" package.tar &&
	pack "add(\"package/x\"); add(\"package/x/y\")" &&
	refuses "a file has its name" package.tar'

test_expect_success 'a hundred thousand files are refused at once' '
	pack "[add(\"package/f%d\" % i, data=b\"\") for i in range(100000)]" &&
	refuses "more than 20000 files and folders" package.tar &&
	pack "[add(\"package/f%d\" % i, data=b\"\") for i in range(11000)]" &&
	refuses "more than 10000 files and folders" package.tar'

test_expect_success 'bombs are refused: by size, and by depth' '
	/usr/bin/python3 -c "
import zipfile
with zipfile.ZipFile(\"bomb.zip\", \"w\", zipfile.ZIP_DEFLATED) as zip:
    zip.writestr(\"problem/one\", bytes(40 << 20))
with zipfile.ZipFile(\"many.zip\", \"w\", zipfile.ZIP_DEFLATED) as zip:
    for i in range(10):
        zip.writestr(\"problem/%d\" % i, bytes(30 << 20))
with zipfile.ZipFile(\"deep.zip\", \"w\") as zip:
    zip.writestr(\"a/\" * 100 + \"b\", \"x\")" &&
	refuses "'\''problem/one'\'': larger than" bomb.zip &&
	refuses "bytes in all" many.zip && refuses "nested more than 64 deep" deep.zip'

test_expect_success 'links of a folder that lead out, and its pipes, are refused' '
	fresh exercism/count-vowels-python && ln -s /etc/passwd package/l &&
	refuses "'\''l'\'': a link that leads out of the package" package && rm package/l &&
	ln -s ../../.. package/l && refuses "a link that leads out" package && rm package/l &&
	ln -s . package/l && refuses "links that lead in a circle" package && rm package/l &&
	mkfifo package/p && refuses "'\''p'\'': neither a file nor a folder" package &&
	rm package/p &&
	: >"package/$(printf "a\tb")" && refuses "not a path that a package may use" package'

test_expect_success 'a link that stays inside is a copy' '
	fresh exercism/count-vowels-python && ln -s count_vowels.py package/again.py &&
	tali task import package --output linked -q && test ! -h linked/package/start/again.py &&
	cmp package/count_vowels.py linked/package/start/again.py'

# without_openat2.py COMMAND...: as on a kernel, or in a container, that has none
cat >without_openat2.py <<-\EOF
	import ctypes, os, struct, sys
	words = [(0x20, 0, 0, 0), (0x15, 0, 1, 437), (6, 0, 0, 0x50026), (6, 0, 0, 0x7fff0000)]
	code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *word) for word in words))
	program = struct.pack("=HxxxxxxQ", len(words), ctypes.addressof(code))
	libc = ctypes.CDLL(None, use_errno=True)
	assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program, 0, 0) == 0
	os.execvp(sys.argv[1], sys.argv[1:])
EOF
test_expect_success 'without openat2 no link is followed, and why is said' '
	ln -s count_vowels.py package/again2.py && expect_error 2 "where the kernel has openat2" \
		/usr/bin/python3 without_openat2.py tali task import package --output without &&
	rm package/again.py package/again2.py &&
	/usr/bin/python3 without_openat2.py tali task import package --output without -q'

test_expect_success 'broken JSON names file and line' '
	fresh exercism/count-vowels-python && sed -i "4s/.*/:/" package/.meta/config.json &&
	refuses ".meta/config.json:4: " package &&
	fresh classroom/greeting && sed -i "9s/,//" package/.github/classroom/autograding.json &&
	refuses ".github/classroom/autograding.json:10: " package &&
	fresh classroom/greeting &&
	sed -i "s/Has an/H\\xe4s an/" package/.github/classroom/autograding.json &&
	refuses ".github/classroom/autograding.json:14: not UTF-8" package'

test_expect_success 'broken YAML names file and line' '
	fresh classroom/shout && file=package/.github/workflows/classroom.yml &&
	sed -i "7s/.*/  : [/" $file && refuses ".github/workflows/classroom.yml:" package &&
	fresh classroom/shout && sed -i "s/test -s shout.sh/*x/" $file &&
	refuses ".github/workflows/classroom.yml:26: aliases are refused" package'

test_expect_success 'broken XML names file and line, and entities are not expanded' '
	sed "s|</defaultgrade>|</x>|" "$questions" >broken.xml &&
	refuses "broken.xml:11: mismatched tag" broken.xml &&
	sed "2i <!DOCTYPE quiz [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>" \
		"$questions" >bomb.xml &&
	refuses "bomb.xml:2: a document type declaration is refused" bomb.xml &&
	printf "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n\xff</quiz>" >latin.xml &&
	refuses "latin.xml:3: " latin.xml && echo "<quiz></quiz>" >empty.xml &&
	refuses "the package has no task" empty.xml'

test_expect_success 'another encoding that XML declares is read' '
	sed "s/encoding=\"UTF-8\"/encoding=\"ISO-8859-1\"/; s/Greatest/Gr\\xf6\\xdfte/" \
		"$questions" >latin1.xml &&
	tali task import latin1.xml --output latin1 -q && grep -q "Größte" latin1/gr-te/README.md'

test_expect_success 'what a package lacks is named' '
	fresh exercism/count-vowels-python && rm package/count_vowels_test.py &&
	refuses "count_vowels_test.py: not in the package" package &&
	fresh exercism/count-vowels-python && rm -r package/.docs &&
	refuses ".docs: not in the package" package &&
	fresh exercism/count-vowels-python && echo "{}" >package/.meta/config.json &&
	refuses "/files is no object" package &&
	fresh exercism/count-vowels-python &&
	sed -i "s|\"count_vowels.py\"|\"../../etc/passwd\"|" package/.meta/config.json &&
	refuses "/files/solution/0 is no path" package &&
	fresh classroom/greeting && sed -i "s/\"run\"/\"ran\"/" \
		package/.github/classroom/autograding.json &&
	refuses "autograding.json: test 1: run: is missing" package'

test_expect_success 'a file of a question that is named to lead out is refused' '
	sed "s|<file name=\"data.txt\"|<file name=\"../data.txt\"|" \
		"$questions" >out.xml &&
	refuses "'\''../data.txt'\''" out.xml &&
	sed "s|encoding=\"base64\">|&?|" "$questions" >coded.xml &&
	refuses "file '\''data.txt'\''" coded.xml'

test_expect_success 'one question that is not in order keeps the others out' '
	sed "s|name=\"data.txt\"|name=\"answer.py\"|" "$questions" >twice.xml &&
	refuses "two files of the package would be this one" twice.xml'

# whole_or_absent: what is in the store can be exported and checked; all six or none
whole_or_absent() {
	count=$(tali task list | wc -l) && { [ "$count" = 0 ] || [ "$count" = 6 ]; } &&
	tali verify >verify.out || return 1
	for name in $(tali task list | awk '{ print $1 }')
	do
		rm -rf exported && tali task export "$name" exported/ &&
		tali task check ./exported || return 1
	done
}

test_expect_success 'kill -9 while storing leaves all tasks or none' '
	kill_at call:0 calls tali task import "$questions" -q &&
	rm -r store && total=$(cat calls) && kills=0 &&
	for part in 1 2 3 4 5 6 7 8 9 10 11 12
	do
		tali init store >/dev/null || return 1
		if kill_at call:$((part * total / 13)) calls \
			tali task import "$questions" -q
		then
			:
		else
			kills=$((kills + 1))
		fi
		whole_or_absent || return 1
		rm -rf store
	done && echo "$kills killed of $total calls" && test "$kills" -ge 10'

test_expect_success 'kill -9 while moving leaves whole folders' '
	kill_at call:0 calls tali task import "$questions" -q --output moved &&
	total=$(cat calls) &&
	for back in 1 2 3 4 5 6
	do
		rm -rf moved
		kill_at call:$((total - back)) calls \
			tali task import "$questions" -q --output moved
		for folder in moved/*
		do
			test ! -d "$folder" || tali task check "./$folder" || return 1
		done
	done'

test_expect_success 'what a killed one left the next removes, and nothing of one that lives' '
	rm -rf moved && mkdir tmp &&
	tar cf questions.tar -C "$(dirname "$questions")" questions.xml &&
	TMPDIR=$PWD/tmp kill_at call:0 calls tali task import questions.tar -q --output first &&
	test -z "$(ls -A tmp)" && total=$(cat calls) &&
	! TMPDIR=$PWD/tmp kill_at call:$((total / 2)) calls \
		tali task import questions.tar -q --output moved &&
	test "$(ls -A tmp | grep -c "^tali-import")" = 1 &&
	test "$(ls -A moved | grep -c "^.tali-import")" = 1 &&
	mkdir -p moved/.tali-import.living/task &&
	TMPDIR=$PWD/tmp flock moved/.tali-import.living \
		tali task import questions.tar -q --output moved &&
	test -z "$(ls -A tmp)" && test -d moved/.tali-import.living/task &&
	test "$(ls -A moved | grep -c "^.tali-import")" = 1 && diff -r first moved \
		-x .tali-import.living'

test_done

#!/bin/bash
test_description='tali sandbox: any program, without a store'
. "$(dirname "$0")/lib.sh"

sandbox() {
	tali sandbox $weak "$@"
}

# verdict_of OPTION...: runs, and prints the verdict of the report
verdict_of() {
	sandbox --report report.json "$@" >/dev/null 2>err
	json_get report.json 'j["verdict"]'
}

test_expect_success 'it runs a program, with its output and its exit status' '
	expect_exit 7 sandbox -- sh -c "echo out; echo err >&2; exit 7" >out 2>err &&
	echo out | test_cmp - out && echo err | test_cmp - err'

test_expect_success 'it needs no store, no HOME and no TMPDIR' '
	env -i PATH="$PATH" tali sandbox $weak -- true'

test_expect_success 'a signal is 128 and its number, and a program that is not there is 127' '
	expect_exit 143 sandbox -q -- sh -c "kill -TERM \$\$" &&
	expect_exit 127 sandbox -- no-such-program 2>err && grep -q no-such-program err'

test_expect_success 'standard input is ours, or a file' '
	echo ours | sandbox -- cat >out && echo ours | test_cmp - out &&
	echo file >input && sandbox --stdin input -- cat >out </dev/null && test_cmp input out &&
	expect_error 2 "--stdin" sandbox --stdin none -- cat'

test_expect_success 'the environment is made up, and what is asked for' '
	SECRET=1 WANTED=2 sandbox --env A=1 --env WANTED --env LANG=C --env NONE -- env >out &&
	sort out >sorted && printf "%s\n" A=1 HOME=/tmp LANG=C \
		PATH=/usr/local/bin:/usr/bin:/bin WANTED=2 | test_cmp - sorted &&
	expect_error 2 "names no variable" sandbox --env =1 -- true'

test_expect_success 'the report is valid and says what held' '
	sandbox --report report.json -- true && check_schema report.json &&
	test "$(json_get report.json "j[\"verdict\"]")" = ok &&
	json_get report.json "j[\"enforced\"]" | grep -q "network namespace"'

test_expect_success 'each limit has its verdict, and the exit status of a stopped run is 137' '
	expect_exit 137 sandbox --wall 0.2 -- sleep 5 2>err && grep -q "stopped: wall_limit" err &&
	test "$(verdict_of --cpu 0.2 -- sh -c "while :; do :; done")" = time_limit &&
	test "$(verdict_of --output 1k -- head -c 5000 /dev/zero)" = output_limit &&
	test "$(verdict_of --disk 1m -- head -c 2m /dev/zero -o x)" = runtime_error &&
	test "$(verdict_of --disk 1m -- sh -c "head -c 2000000 /dev/zero >x")" = disk_limit &&
	test "$(verdict_of --files 5 -- sh -c "touch 1 2 3 4 5 6 7")" = disk_limit'

test_expect_success ENFORCED 'memory and processes too' '
	test "$(verdict_of --memory 32m -- python3 -c "x = b\"x\" * 99999999")" = memory_limit &&
	test "$(verdict_of --processes 3 -- sh -c "sleep 1 & sleep 1 & sleep 1 & sleep 1 & wait")" \
		= process_limit'

test_expect_success 'what is no limit is refused' '
	expect_error 2 "is not a number of seconds" sandbox --cpu soon -- true &&
	expect_error 2 "is not a number of seconds" sandbox --wall 0 -- true &&
	expect_error 2 "is not a size" sandbox --memory 64q -- true &&
	expect_error 2 "is not a size" sandbox --disk -1 -- true &&
	expect_error 2 "memory limit must be between" sandbox --memory 999g -- true &&
	expect_error 2 "process limit must be between" sandbox --processes 0 -- true &&
	expect_error 2 "CMD is missing" sandbox --'

test_expect_success 'a folder is copied in, and what changed comes back' '
	mkdir -p dir/sub && echo 1 >dir/same && echo 1 >dir/changed &&
	touch -d 2001-01-01 dir/same && chmod 600 dir/same && stat -c "%a %Y %i" dir/same >before &&
	sandbox --dir dir -- sh -c \
		"echo 2 >changed; echo 3 >sub/new; chmod 4755 sub/new; rm same" &&
	test "$(cat dir/changed dir/sub/new)" = "$(printf "2\n3")" &&
	test "$(stat -c %a dir/sub/new)" = 755 &&
	stat -c "%a %Y %i" dir/same | test_cmp before -'

test_expect_success 'links, special files and .git do not come back' '
	sandbox --dir dir -- sh -c "ln -s /etc/passwd link; mkfifo pipe
		mkdir -p .git/hooks sub/.GIT
		echo x >.git/hooks/post-checkout; echo x >sub/.GIT/config; echo 4 >last" 2>err &&
	grep -q "4 links, special files or .git not brought back" err &&
	ls -A dir dir/sub >names && ! grep -iE "link|pipe|git" names && test -s dir/last'

test_expect_success 'nothing is written through a link of ours' '
	mkdir other && ln -s ../other dir/out && echo kept >other/file &&
	expect_exit 3 sandbox --dir dir -- sh -c "rm -f out; mkdir out; echo x >out/file" 2>err &&
	test "$(cat other/file)" = kept && rm dir/out'

test_expect_success 'a folder has its place, and :ro brings nothing back' '
	sandbox --dir dir:a/b:ro --dir dir/sub:/work/c -- \
		sh -c "cat a/b/changed c/new; echo x >a/b/x; echo y >c/y" >out &&
	printf "2\n3\n" | test_cmp - out && test ! -e dir/x && test -e dir/sub/y &&
	expect_error 2 "is not below /work" sandbox --dir dir:../up -- true &&
	expect_error 2 "none" sandbox --dir none -- true'

test_expect_success 'a folder that does not fit is refused' '
	head -c 3000000 /dev/zero >dir/big &&
	expect_error 2 "too many bytes" sandbox --disk 1m --dir dir -- true && rm dir/big'

test_expect_success ROOT 'nothing is left behind' '
	long=$((86400 + $$)) &&
	sandbox --dir dir -- sh -c "sleep $long & setsid sleep $long &" &&
	! pgrep -fx "sleep $long" && mount >mounts && ! grep -w work mounts &&
	test -z "$(find "$TMPDIR" -mindepth 1 -maxdepth 1 -name "tali-*")"'

test_expect_success 'what cannot be enforced is refused by name, with the mend' '
	if tali doctor -q 2>doctor.err
	then
		sandbox -- true
	else
		expect_error 3 "cannot enforce the" tali sandbox -- true
	fi'

# The folder is a mount of its own in the namespace of this command alone.
test_expect_success ROOT 'what is mounted below a folder of programs is seen too' '
	cat >mounted.sh <<-\END &&
	mount -t tmpfs none /usr/local/src && echo seen >/usr/local/src/mark &&
	tali sandbox $1 -- sh -c "cat /usr/local/src/mark; touch /usr/local/src/new /usr/new"
	END
	{ unshare -m sh mounted.sh "$weak" >out 2>err; test $? = 1; } &&
	echo seen | test_cmp - out && ! test -e /usr/local/src/mark &&
	test "$(grep -c "Read-only file system" err)" = 2'

# Where they are installed: DATADIR/tali/templates
datadir=$(printf 'datadir: ; @echo $(datadir)\n' |
	make -s --no-print-directory -C "$builddir" -f Makefile -f - datadir)
case $(id -u)$datadir in
0/usr/*) [ ! -d "$datadir" ] || test_set_prereq SEEN_DATADIR ;;
esac

# Installed in the namespace of this command alone.
test_expect_success SEEN_DATADIR 'installed templates, with tests and solutions, are not seen' '
	cat >installed.sh <<-\END &&
	mount -t tmpfs none "$1" && mkdir -p "$1/tali/templates/cart/hidden" &&
	echo seen >"$1/mark" && echo secret >"$1/tali/templates/cart/hidden/test.py" &&
	tali sandbox $2 -- sh -c "cat \$1/mark; find \$1/tali/templates -mindepth 1" sh "$1"
	END
	unshare -m sh installed.sh "$datadir" "$weak" >out && echo seen | test_cmp - out'

test_done

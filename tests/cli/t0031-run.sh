#!/bin/bash
test_description='tali run: programs of the candidate, in the sandbox and on the record'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

test_expect_success 'an assessment that is running' '
	make_store && add_tiny && invite_one && tali start "$passcode" work >/dev/null && cd work'

test_expect_success 'without words it runs the program of the task' '
	echo 41 >answer && tali run >../out 2>../err && echo "the answer is 41" >../expected &&
	test_cmp ../expected ../out && test_must_be_empty ../err'

test_expect_success 'the exit status is passed on' '
	for status in 0 1 2 3 5 42 127 255
	do
		expect_exit "$status" tali run -- sh -c "exit $status" || return 1
	done'

test_expect_success 'a signal is 128 and its number' '
	expect_exit 143 tali run -- sh -c "kill -TERM \$\$" 2>../err &&
	grep -q "^tali: run: stopped: runtime_error (signal 15)$" ../err &&
	expect_exit 137 tali run --quiet -- sh -c "kill -KILL \$\$" 2>../err &&
	test_must_be_empty ../err'

test_expect_success 'a program that is not there is told' '
	expect_exit 127 tali run -- no-such-program >../out 2>../err && test_must_be_empty ../out &&
	grep -q no-such-program ../err'

test_expect_success 'standard input reaches the program, to its end and byte for byte' '
	head -c 300000 /dev/urandom >../bytes && tali run -- sha256sum <../bytes >../sum &&
	sha256sum <../bytes | test_cmp - ../sum &&
	echo line | tali run -- cat >../out && echo line | test_cmp - ../out &&
	tali run -- cat </dev/null >../out && test_must_be_empty ../out'

test_expect_success 'standard input can be a file, or ours by name' '
	printf "from a file\0" >../input && tali run --stdin ../input -- cat >../out &&
	test_cmp ../input ../out && echo ours | tali run --stdin - -- cat >../out &&
	echo ours | test_cmp - ../out &&
	expect_error 2 "nothing-here" tali run --stdin nothing-here -- cat &&
	expect_error 2 "no --stdin" tali run --test --stdin ../input
'
test_expect_success 'a program that reads nothing ends though input goes on' '
	yes | tali run -- echo done >../out && echo done | test_cmp - ../out'

test_expect_success 'stdout and stderr keep apart, each in its order' '
	tali run -- sh -c \
		"for i in 1 2 3; do echo out \$i; echo err \$i >&2; done" >../out 2>../err &&
	seq 3 | sed "s/^/out /" | test_cmp - ../out && seq 3 | sed "s/^/err /" | test_cmp - ../err'

test_expect_success 'words behind the program are its own' '
	tali run printf "%s|" -t --json "a b" "" "*" >../out &&
	printf "%s|" -t --json "a b" "" "*" |
	test_cmp - ../out && tali run -- printf "%s|" -- -h >../out &&
	printf "%s|" -- -h | test_cmp - ../out'

test_expect_success 'files that the program makes come back, with their mode' '
	tali run -- sh -c "mkdir -p made/deep && echo x >made/deep/file && echo 5 >answer &&
		printf \"#!/bin/sh\n\" >tool && chmod +x tool" &&
	test "$(cat made/deep/file)" = x && test "$(cat answer)" = 5 && test -x tool &&
	test ! -x made/deep/file'

test_expect_success 'a deletion in the sandbox takes nothing away' '
	tali run -- rm -r made answer && test "$(cat made/deep/file)" = x && test -e answer'

test_expect_success 'links, odd files and a .git made by the program do not come back' '
	tali run -- sh -c "ln -s /etc/passwd stolen; mkfifo pipe; mkdir .git nested
		echo x >.git/config
		mkdir nested/.git && echo x >nested/.git/HEAD; echo fine >nested/fine" &&
	test ! -L stolen && test ! -e pipe && test ! -e nested/.git &&
	test "$(cat nested/fine)" = fine &&
	! grep -qx x .git/config'

test_expect_success 'a file that changed here meanwhile is kept' '
	mkfifo ../go ../ready && { tali run -- sh -c "echo ready; read line; echo theirs >answer;
		echo new >late" <../go >../ready 2>../err & } && exec 9>../go &&
		read -r line <../ready &&
	echo mine >answer && echo go >&9 && exec 9>&- && wait $! &&
	test "$(cat answer)" = mine && test "$(cat late)" = new &&
	grep -q "^tali: run: 1 file.*changed .*meanwhile" ../err'

test_expect_success 'in a folder below the program runs there' '
	mkdir -p below/it && echo here >below/it/file && (cd below/it &&
	tali run -- pwd >../../../out &&
		tali run -- cat file >>../../../out && tali run -- sh -c "echo made >made-here") &&
	sed -n 1p ../out | grep -q "/below/it$" && sed -n 2p ../out | grep -qx here &&
	test "$(cat below/it/made-here)" = made'

test_expect_success 'with --json the report goes to stdout and all output to stderr' '
	expect_exit 3 tali run --json -- sh -c \
		"echo out; echo err >&2; exit 3" >../run.json 2>../err &&
	check_schema ../run.json && printf "%s\n" err out >../expected && sort ../err |
	test_cmp ../expected - &&
	test "$(json_get ../run.json "j[\"exit_status\"], j[\"recorded\"]")" = "[3, true]"'

test_expect_success 'every run is on the record with its words, output and tree' '
	tali run -- sh -c "echo recorded-output" &&
	tali logs "$id" --json | tail -n 1 >../event.json &&
	check_schema ../event.json && test "$(json_get ../event.json "j[\"kind\"]")" = run &&
	test "$(json_get ../event.json "j[\"data\"][\"argv\"]")" = \
		"[\"sh\", \"-c\", \"echo recorded-output\"]" &&
	json_get ../event.json "j[\"data\"][\"stdout\"]" >../stdout && cat ../stdout &&
	test "$(json_get ../event.json "j[\"data\"][\"tree\"]")" = \
		"$(git -C "../store/repos/$id.git" rev-parse "HEAD^{tree}")"'

test_expect_success 'the sandbox has no network, no store and no secrets of ours' '
	SECRET_TOKEN=hunter2 tali run -- env >../out && ! grep -q hunter2 ../out &&
	expect_exit 1 tali run -- sh -c "cat \"\$1\" 2>/dev/null" sh \
		"$TALI_STORE/keys/sign.key" >../out &&
	test_must_be_empty ../out &&
	expect_exit 1 tali run -- sh -c "test -e \"\$1\"" sh "$TALI_STORE"'

test_expect_success '--test runs the visible tests and nothing that is hidden' '
	: >answer && expect_exit 1 tali run --test >../out 2>../err &&
	printf "%s\n" "  FAIL  filled/exit  (wrong_answer)" "0 of 1 passed" | test_cmp - ../out &&
	test_must_be_empty ../err && echo 1 >answer &&
	tali run -t >../out && printf "%s\n" "  pass  filled/exit" "1 of 1 passed" |
	test_cmp - ../out && ! ls | grep judge && tali run --test --json >../test.json &&
	check_schema ../test.json && ! grep -q judge ../test.json &&
	test "$(json_get ../test.json "j[\"passed\"], j[\"total\"], j[\"recorded\"]")" = \
		"[1, 1, true]"'

test_expect_success '--test takes no program' '
	expect_error 2 "--test takes no program" \
		in_folder ../work tali run --test -- ls &&
	rm -f error.out error.err'

test_expect_success 'outside a work folder there is nothing to run' '
	cd .. && expect_error 5 "not in a work folder (made by \`tali start\`)" tali run -- true &&
	expect_error 5 "not in a work folder" in_folder / tali run -- true'

test_expect_success 'a hostile .git of the candidate has no effect' '
	mkdir -p evil work/.git/hooks &&
	for hook in post-checkout pre-commit post-index-change reference-transaction
	do
		printf "#!/bin/sh\ntouch %s/evil/ran\n" "\"$PWD\"" >"work/.git/hooks/$hook" &&
		chmod +x "work/.git/hooks/$hook" || return 1
	done &&
	cat >>work/.git/config <<-END &&
	[core]
		fsmonitor = "touch \"$PWD/evil/ran\""
		hooksPath = $PWD/work/.git/hooks
		worktree = $PWD/evil
		attributesFile = $PWD/work/.gitattributes
	[filter "evil"]
		clean = "touch \"$PWD/evil/ran\"; cat"
		smudge = "touch \"$PWD/evil/ran\"; cat"
		required = true
	[include]
		path = /dev/zero
	END
	echo "* filter=evil ident" >work/.gitattributes && echo "answer" >work/.gitignore &&
	rm -f work/.git/index && echo garbage >work/.git/HEAD && rm -rf work/.git/objects &&
	echo 42 >work/answer && in_folder work tali run >out && echo "the answer is 42" |
	test_cmp - out && in_folder work tali run --test >out && test ! -e evil/ran &&
	test "$(git -C "store/repos/$id.git" show HEAD:answer)" = 42'

test_expect_success 'what such a .git says is not what is handed in' '
	in_folder work tali submit --yes && test ! -e evil/ran && tali score "$id" >out &&
	grep -q "^grade 100.00 %" out && tali verify "$id"'

test_expect_success 'after the deadline nothing runs any more' '
	invite_one late@example.org && tali start "$passcode" late >/dev/null &&
	expect_error 5 "it must be active to run programs" \
		in_folder late tali_at +31m run -- true &&
	expect_error 5 "it must be active to run programs" in_folder late tali run -- true'

test_expect_success 'a task without a program says so' '
	tiny_task still && sed -i "/\"run\"/d" still/task.json &&
	tali task create still --from still &&
	tali invite still a@example.org >invitation && tali start "$(cut -f 4 invitation)" quiet &&
	expect_error 2 "the task names no program to run: say one after --" \
		in_folder quiet tali run'

test_done

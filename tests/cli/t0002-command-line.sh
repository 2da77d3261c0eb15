#!/bin/bash
test_description='the command line: words, options, streams and exit status of every command'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# the commands are the second paragraph of `tali help`
tali help | awk 'BEGIN { RS = "" } NR == 2' | sed 's/^  \([a-z ]*[a-z]\)   *.*/\1/' >commands

# each_command COMMAND...: runs it with the words of each command behind
each_command() {
	local words
	while read -r words; do
		# shellcheck disable=SC2086
		"$@" $words || { echo "failed: $* $words"; return 1; }
	done <commands
}

test_expect_success 'help lists every command' '
	test "$(wc -l <commands)" -ge 35 && tali >bare && tali help >help && tali -h >short &&
	tali --help >long && ! grep ".\{81\}" help &&
	test_cmp help bare && test_cmp help short && test_cmp help long &&
	for name in init "task create" "candidate add" "journal export" score completion
	do
		grep -qx "$name" commands || return 1
	done'

helps() {
	tali "$@" -h >out 2>err && test_must_be_empty err &&
	head -n 1 out | grep -q "^usage: tali $*" &&
	grep -q -e "--store DIR" out && tali "$@" --help >long && cmp out long &&
	tali help "$@" >long && cmp out long
}

test_expect_success '-h of each command prints its usage and is done' 'each_command helps'

test_expect_success '-h works where arguments are missing and without a store' '
	tali task create -h >out && grep -q "^usage: tali task create .* NAME" out &&
	(cd / && tali run -h >/dev/null && tali submit -h >/dev/null)'

test_expect_success '--version tells the version' '
	tali --version >out && grep -qE "^tali [0-9]+\.[0-9]+\.[0-9]+$" out'

refuses_unknown() {
	expect_error 2 "tali: $*: unknown option --frobnicate (see -h)" tali "$@" --frobnicate &&
	expect_error 2 "tali: $*: unknown option -Z (see -h)" tali "$@" -Z
}

test_expect_success 'an unknown option is refused by each command, which names itself' '
	each_command refuses_unknown'

test_expect_success 'an unknown command is refused' '
	expect_error 2 "tali: no command '\''frobnicate'\'' (see \`tali help\`)" tali frobnicate &&
	expect_error 2 "no command '\''frobnicate'\''" tali frobnicate -h &&
	expect_error 2 "no command '\'''\''" tali "" &&
	expect_error 2 "no command '\''tas'\'': did you mean '\''task'\''? (" tali tas create &&
	expect_error 2 "no command '\''scroe'\'': did you mean '\''score'\''?" tali scroe -h &&
	expect_error 2 "did you mean '\''invite'\''?" tali invit &&
	expect_error 2 "no command '\''frobnicate'\''" tali help frobnicate'

test_expect_success 'the first word of two alone asks for the second' '
	expect_error 2 "tali: task what? (create, check, prove, list, show, edit, copy, archive," \
		tali task &&
	expect_error 2 "tali: candidate what? (add, list, show, edit, delete)" tali candidate all &&
	expect_error 2 "tali: config what? (get, set, list)" tali config &&
	expect_error 2 "tali: journal what? (append, export, import, stats)" tali journal'

test_expect_success '-h of the first word lists the second ones' '
	tali task -h >out 2>err && test_must_be_empty err &&
	head -n 1 out | grep -qx "usage: tali task COMMAND ..." &&
	grep "^  task " out | cmp - <(tali help | grep "^  task ") && tali help task >help &&
	test_cmp out help && tali -h task >help && test_cmp out help &&
	tali ai --help >out && grep -q "^  ai models  " out &&
	tali help ai provider >out && grep -q "^  ai provider add  " out && ! grep "ai models" out'

test_expect_success 'a missing argument is named, one too many too' '
	make_store && expect_error 2 "tali: show: ASSESSMENT is missing (see -h)" tali show &&
	expect_error 2 "tali: task copy: NAME is missing" tali task copy one &&
	expect_error 2 "tali: config get: NAME is missing" tali config get &&
	expect_error 2 "tali: show: unexpected argument '\''two'\'' (see -h)" tali show one two'

test_expect_success 'values of options may stand behind = or alone' '
	add_tiny && tali list --limit=5 && tali list --limit 5 && tali list -n5 && tali list -n 5 &&
	expect_error 2 "--limit wants a value: N" tali list --limit &&
	expect_error 2 "-n wants a value: N" tali list -n &&
	expect_error 2 "--limit wants a number, not '\''many'\''" tali list --limit many &&
	expect_error 2 "--limit wants a number, not '\''-1'\''" tali list --limit=-1 &&
	expect_error 2 "--limit wants a number, not '\''99999999999999999999'\''" \
		tali list --limit 99999999999999999999 &&
	expect_error 2 "--count takes no value" tali list --count=1 &&
	expect_error 2 "unknown option --cou: did you mean --count? (see -h)" tali list --cou &&
	expect_error 2 "unknown option --lmit: did you mean --limit? (see -h)" tali list --lmit=5 &&
	expect_error 2 "unknown option --jsn: did you mean --json?" tali list --jsn'

test_expect_success 'options may stand behind arguments, and -- ends them' '
	tali task show tiny --json >out.json && tali task show --json tiny >two.json &&
	test_cmp out.json two.json && tali list -- --limit >out && test_must_be_empty out'

test_expect_success '--json is refused where there is none' '
	for words in "config set invite.valid 1d" "task export tiny" "completion bash" help
	do
		expect_error 2 "prints no JSON" tali $words --json || return 1
	done &&
	test ! -e tiny.tar.gz && test "$(tali config get invite.valid)" = 14d'

test_expect_success 'an error is one line, with nothing on stdout' '
	expect_error 5 "tali: show: no assessment '\''nonesuch'\''" tali show nonesuch &&
	expect_error 5 "tali: task show: no task '\''nonesuch'\''" tali task show nonesuch &&
	expect_error 5 "tali: candidate show: no candidate" tali candidate show nonesuch &&
	expect_error 5 "tali: start: no invitation" tali start AAAACCCC &&
	expect_error 5 "no store at none: take the link of the invitation, not the passcode" \
		tali --store none start AAAACCCC &&
	expect_error 5 "tali: run: not in a work folder" tali run &&
	expect_error 2 "tali: list: " tali list --status nonesuch &&
	expect_error 5 "tali: verify: " tali verify nonesuch &&
	expect_error 5 "tali: journal export: no assessment" tali journal export nonesuch'

test_expect_success 'control characters of arguments are shown, not sent to the terminal' '
	expect_error 5 "no task '\''\\x1b[31mred'\''" tali task show "$(printf "\033[31mred")"'

test_expect_success 'each exit status means what the table says' '
	tali list && hand_in 7 && tali score "$id" >out &&
	expect_exit 1 tali score "$id" -n --min 60 >out &&
	expect_error 2 "unknown option" tali score "$id" --minimum 60 &&
	expect_error 3 "Not a directory" tali init invitation/store &&
	cp -R store forged && sqlite3 forged/tali.db \
		"UPDATE event SET data = '\''{}'\'' WHERE seq = 2" &&
	expect_error 4 "assessment $id" tali verify "$id" --store forged &&
	expect_error 5 "no store at" tali list --store none'

full() {
	expect_exit 3 "$@" >/dev/full 2>err && grep -q "^tali: .*cannot write" err
}

test_expect_success 'output that cannot be written is an error, whatever the command' '
	full tali && grep -q "No space left" err && full tali help && full tali list -h &&
	full tali --version &&
	full tali list && full tali list --json && full tali show "$id" && full tali logs "$id" &&
	full tali config list && full tali task list && full tali candidate list --json &&
	full tali journal export "$id" && full tali verify "$id" && full tali completion fish &&
	full tali score "$id" -n && full tali score "$id" -n --min 60 --json'

test_expect_success 'of a closed stream nothing else gets the output' '
	expect_exit 3 tali score "$id" -n 2>err >&- &&
	grep -q "cannot write the output: Bad file descriptor" err &&
	tali score "$id" -n >out 2>&- && grep -q "^score\|^grade" out &&
	tali score "$id" -n -o written.json >out 2>err <&- && grep -q "^grade" out'

test_expect_success 'a reader that goes away is an error without words, not a signal' '
	seq 400 | sed "s/.*/reader&@example.org/" | xargs tali invite tiny >out &&
	{ tali list --json -n 400; echo "status $?" >status; } 2>err | head -n 1 >out &&
	test "$(wc -l <out)" = 1 &&
	grep -qx "status 3" status && test_must_be_empty err'

test_expect_success 'a list that ends early without being asked to says so' '
	tali list >out 2>err && test "$(wc -l <out)" = 50 &&
	echo "tali: list: there are more than these 50: see --limit and --offset" >expected &&
	test_cmp expected err && tali list --quiet 2>err >out && test_must_be_empty err &&
	tali list -n 50 >out 2>err && test "$(wc -l <out)" = 50 && test_must_be_empty err &&
	tali list --json -n 1000 2>err >out && test "$(wc -l <out)" = "$(tali list --count)" &&
	tali candidate list >out 2>err && test "$(wc -l <out)" = 100 &&
	grep -qx "tali: candidate list: there are more than these 100: .*" err &&
	tali candidate list reader399 2>err >out && test_must_be_empty err'

test_expect_success 'what is no terminal gets no colour and no progress' '
	tali score "$id" -n >out 2>err && test_must_be_empty err &&
	{ tali doctor >>out 2>&1 || :; } &&
	tali verify >>out &&
	tali show "$id" >>out && tali task prove tiny --repeats 1 >>out 2>err &&
	test_must_be_empty err &&
	! grep -q "$(printf "\033")" out'

# terminal COMMAND...: prints what the command writes when stdout and stderr are a terminal
terminal() {
	/usr/bin/python3 -c '
import os, pty, sys
status = pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 65536), lambda fd: b"")
sys.exit(os.waitstatus_to_exitcode(status))' "$@" </dev/null
}

test_expect_success 'a terminal gets colour and progress, but not with NO_COLOR, dumb, or --quiet' '
	export TERM=xterm && terminal tali score "$id" -n >out &&
	grep -q "$(printf "\033\[31m")FAIL" out &&
	grep -q "$(printf "\r\033\[K")" out &&
	NO_COLOR=1 terminal tali score "$id" -n --quiet >out && ! grep -q "$(printf "\033")" out &&
	TERM=dumb terminal tali score "$id" -n --quiet >out && ! grep -q "$(printf "\033")" out &&
	grep -q "FAIL  judge/right" out'

test_expect_success '--quiet leaves results and errors, not remarks' '
	tali list --quiet >out && test -s out &&
	expect_error 5 "no task" tali task show none --quiet &&
	invite_one q@example.org && tali start "$passcode" quiet -q >out && test -s out &&
	ln -s x quiet/link && in_folder quiet tali submit --yes -q >out 2>err && test -s out &&
	test_must_be_empty err'

test_expect_success 'JSON is one object a line' '
	tali list --json -n 3 >list.jsonl && test "$(wc -l <list.jsonl)" = 3 &&
	check_schema list.jsonl &&
	tali list --count --json >count.json && check_schema count.json'

test_done

#!/bin/bash
# agents.sh - Claude Code and Codex, as npm has them, told by `tali env` alone, where there is no
# network but loopback: every prompt is on the record once, and their transcripts agree
#
# Needs `npm ci` in this folder (bootstrap check does it: 800 MB) and a network namespace.
test_description='Claude Code and Codex work by tali env, and each prompt is on record once'
agents=$(cd "$(dirname "$0")" && pwd)/node_modules/.bin

for program in claude codex; do
	"$agents/$program" --version >/dev/null 2>&1 || {
		echo '1..0 # SKIP needs npm ci in tests/agents'
		exit 0
	}
done
if [ -z "${AGENTS_ALONE:-}" ]; then
	for alone in 'unshare -n' 'unshare -rn'; do
		! $alone true 2>/dev/null ||
			AGENTS_ALONE="$(id -u) $(id -g)" exec $alone "$BASH" "$0" "$@"
	done
	echo '1..0 # SKIP needs a network namespace'
	exit 0
fi
# lo, and nothing else, is up (SIOCGIFFLAGS, SIOCSIFFLAGS); then we are who we were
if [ "$AGENTS_ALONE" != up ]; then
	/usr/bin/python3 -c '
import fcntl, socket, struct
s = socket.socket()
name, flags = struct.unpack("16sh", fcntl.ioctl(s, 0x8913, struct.pack("16sh", b"lo", 0)))
fcntl.ioctl(s, 0x8914, struct.pack("16sh", name, flags | 1))' || exit 1
	read -r uid gid <<<"$AGENTS_ALONE"
	export AGENTS_ALONE=up
	[ "$uid" = 0 ] || exec unshare --map-user="$uid" --map-group="$gid" "$BASH" "$0" "$@"
fi

. "$(dirname "$0")/../cli/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"
. "$srcdir/tests/cli/gateway.sh"

# Codex takes no home below /tmp; what it is given is below the state of tali.
state=$builddir/tests/agents.$$
export XDG_STATE_HOME=$state HOME=$state/home
mkdir -p "$HOME"
trap 'code=$?; end_programs; rm -rf "$state"; (exit "$code"); die' EXIT

# agent MODEL WORD...: runs it in the folder of the session, by what tali env says and nothing else
agent() {
	(unset TALI_STORE && cd far && eval "$(tali env --model "$1")" &&
		timeout 100 "$agents/$2" "${@:3}" </dev/null) >said 2>&1 || {
		cat said
		return 1
	}
}
texts() {
	export_journal && events "sorted(p[0][\"text\"] for p in prompts.values()
		if p[0][\"about\"] == \"chat\")"
}
compared() {
	tali journal import --json --into "$id" --from "$@" >out && cat out &&
	json_get out 'j["both"], j["only_transcript"], j["only_gateway"]' >counts && cat counts
}

test_expect_success 'a session of a server, and its folder on the machine of the candidate' '
	make_store && provide && serve && open_session "\"policy\": \"full\"" &&
	(unset TALI_STORE && tali start --no-watch "$url/t/$token" far) &&
	(unset TALI_STORE && cd far && tali env --check)
'
test_expect_success 'Claude Code asks, and goes on' '
	agent fake claude -p "Say a word about it." && grep "Say a word about it" said &&
	agent fake claude -p -c "And another one." && grep "And another one" said && pairs &&
	test "$(texts)" = "[\"And another one.\", \"Say a word about it.\"]"
'
test_expect_success 'Codex asks, and goes on' '
	agent fake codex exec "Name the folder." && grep "Name the folder" said &&
	agent fake codex exec resume --last "And the file." && grep "And the file" said && pairs &&
	test "$(texts)" = "[\"And another one.\", \"And the file.\", \"Name the folder.\",\
 \"Say a word about it.\"]"
'
test_expect_success 'what a tool gave is no prompt' '
	agent fake.bash-echo%20made claude -p --allowedTools Bash -- "Run it." && pairs &&
	test "$(count ai_prompt)" -gt 5 &&
	test "$(events "[p[0][\"about\"] for p in prompts.values()].count(\"tool_result\")")" -ge 1
'
test_expect_success 'their transcripts tell what the gateway saw' '
	for file in "$HOME"/.claude/projects/*/*.jsonl; do
		compared claude-code "$file" || return 1
	done &&
	for file in "$state"/tali/*/codex/sessions/*/*/*/*.jsonl; do
		compared codex "$file" || return 1
	done &&
	test "$(cat counts)" = "[5, 0, 0]"
'

test_done

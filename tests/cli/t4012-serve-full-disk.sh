#!/bin/bash
# t4012-serve-full-disk.sh - a server whose disk fills up says so, loses nothing, and goes on
test_description='a full disk under a server'
# the small disk is one of a namespace of our own
if [ -z "${TALI_OWN_MOUNTS:-}" ]
then
	private='unshare -m'
	[ "$(id -u)" = 0 ] || private='unshare -rm'
	! $private true 2>/dev/null || TALI_OWN_MOUNTS=yes exec $private bash "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"

mkdir disk
[ -z "${TALI_OWN_MOUNTS:-}" ] || ! mount -t tmpfs -o size=6m,mode=700 tmpfs disk 2>/dev/null ||
	test_set_prereq DISK

# but for 160 KiB, so that some batches are taken before one is not
fill() {
	dd if=/dev/zero of=disk/filler bs=4096 2>/dev/null
	truncate -s -160K disk/filler
}

# health STATUS WORD: waits until it is that
health() {
	until ask GET /healthz && [ "$code" = "$1" ] && grep -q "\"status\":\"$2\"" out
	do
		kill -0 "$server" || return
	done
}

# type_on SEQ AT TEXT: a batch of one edit at the text as the server has it
type_on() {
	code=$(curl -s -o out -D head -b jar "$url/api/v1/files/answer" -w '%{http_code}') &&
	test "$code" = 200 && rev=$(sed -n 's/^etag: "\([0-9]*\)".*/\1/Ip' head) &&
	ask POST /api/v1/events "{\"schema\":\"tali.batch/1\",\"client\":\"page\",\"sent\":1,
		\"base\":{\"answer\":$rev},\"events\":[{\"seq\":$1,\"time\":1,\"kind\":\"edit\",
		\"data\":{\"edits\":[{\"file\":\"answer\",\"at\":$2,\"del\":0,\"ins\":\"$3\"}]}}]}"
}

# full: the last request was refused in plain words that a page understands
full() {
	test "$code" = 503 && test "$(json_get out 'j["error"]["code"]')" = unavailable
}

test_expect_success DISK 'somebody types, and the disk fills up' '
	make_store && mv store disk/store && export TALI_STORE=$PWD/disk/store && add_tiny &&
	invite_one && serve && begin && type_on 1 0 4 && test "$code" = 200 && fill
'
test_expect_success DISK 'what does not fit is refused until the record cannot grow' '
	long=$(printf "x%.0s" $(seq 8000)) && seq=2 at=1 &&
	while type_on $seq $at "$long" >/dev/null && [ "$code" = 200 ]
	do
		seq=$((seq + 1)) at=$((at + 8000)) && test $seq -lt 2000 || return 1
	done && cat out && full && test $seq -gt 2
'
test_expect_success DISK 'files, runs and handing in are refused too' '
	gets 503 PUT /api/v1/files/other "$long" && full &&
	gets 503 POST /api/v1/submit "{}" && full
'
test_expect_success DISK 'the health says it' '
	health 503 full
'
test_expect_success DISK 'all that was acknowledged can be read, and nothing else is there' '
	gets 200 GET /api/v1/files/answer >/dev/null && test "$(wc -c <out)" = $at &&
	gets 404 GET /api/v1/files/other && gets 200 GET /api/v1/session >/dev/null
'
test_expect_success DISK 'it goes on when there is room' '
	rm disk/filler && health 200 ok &&
	type_on $seq $at 2 >/dev/null && test "$code" = 200 &&
	gets 200 PUT /api/v1/files/other "$long" && gets 200 POST /api/v1/submit "{}"
'
test_expect_success DISK 'what is handed in is what was acknowledged' '
	git --git-dir="$TALI_STORE/repos/$id.git" show submission:answer >answer &&
	test "$(wc -c <answer)" = $((at + 1)) && tali verify && stop && tali verify
'
test_done

#!/bin/bash
# t0050-journal-append.sh - batches of clients: what is stored, and what the answer says
test_description='batches of clients are stored once, in order, and whole'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# batch FIRST LAST [CLIENT]: notes with these numbers, as JSON
batch() {
	printf '{"schema":"tali.batch/1","client":"%s","sent":5000,"events":[' "${3:-tab-1}"
	seq "$1" "$2" | while read -r number
	do
		[ "$number" = "$1" ] || printf ,
		printf '{"seq":%d,"time":%d,"kind":"note","data":{"text":"%s %d"}}' \
			"$number" $((4000 + number)) "${3:-tab-1}" "$number"
	done
	printf ']}\n'
}

# of KIND DATA: a batch of one event with number 1
of() {
	printf '{"schema":"tali.batch/1","client":"odd","sent":1,"events":[{"seq":1,"time":1,'
	printf '"kind":"%s","data":%s}]}' "$1" "$2"
}

append() {
	tali journal append "$id" "$@"
}

# says STORED KNOWN ACKNOWLEDGED [MORE]: what the answer in the file `out` is
says() {
	test "$(cat out)" = "$1 stored, $2 known before, acknowledged to $3${4:+; $4}"
}

# numbers: of the events of clients, in the order of the journal
numbers() {
	tali journal export "$id" | sed -n 's/.*"client_seq":\([0-9]*\),.*/\1/p' | paste -sd ' '
}

active() {
	invite_one "$1" && tali start "$passcode" "work-$id" >/dev/null
}

test_expect_success 'a batch is stored and acknowledged' '
	make_store && add_tiny && active ada@example.org &&
	batch 1 3 | append >out && cat out &&
	says 3 0 3 &&
	test "$(numbers)" = "1 2 3" && tali verify "$id"
'

test_expect_success 'the answer as JSON has a schema' '
	batch 4 5 | append --json >out && check_schema out &&
	test "$(cat out)" = "{\"schema\":\"tali.ingest/1\",\"acknowledged\":5,\"stored\":2,\
\"duplicates\":0,\"gap\":null,\"retry_ms\":0}"
'

test_expect_success 'a batch that is sent again is stored once' '
	batch 4 5 | append >out && says 0 2 5 &&
	batch 3 7 | append >out && says 2 3 7 &&
	test "$(numbers)" = "1 2 3 4 5 6 7"
'

test_expect_success 'an event that is sent again with other words changes nothing' '
	batch 7 7 | sed s/tab-1\ 7/forged/ | append &&
	tali journal export "$id" >out && ! grep forged out && grep "tab-1 7" out
'

test_expect_success 'what is missing is asked for, and nothing behind it is stored' '
	batch 10 12 | expect_exit 1 append >out &&
	says 0 0 7 "8 to 9 are missing" &&
	batch 10 12 | expect_exit 1 append --json >out && check_schema out &&
	test "$(json_get out "j[\"gap\"]")" = "{\"from\": 8, \"to\": 9}" &&
	test "$(numbers)" = "1 2 3 4 5 6 7"
'

test_expect_success 'batches come one to a line, and the first that leaves a gap is the last' '
	{ batch 8 9; batch 10 12; batch 11 13; batch 20 20; batch 14 14; } >lines &&
	expect_exit 1 append --json <lines >out && test "$(wc -l <out)" = 4 &&
	tail -n 1 out >last && test "$(json_get last "j[\"acknowledged\"]")" = 13 &&
	test "$(numbers)" = "$(seq 13 | paste -sd " ")"
'

test_expect_success 'a batch may stand on many lines' '
	batch 14 14 | /usr/bin/python3 -m json.tool >pretty && test "$(wc -l <pretty)" -gt 5 &&
	append <pretty && test "$(numbers)" = "$(seq 14 | paste -sd " ")"
'

test_expect_success 'an empty batch asks how far the client came' '
	batch 1 0 | append >out && says 0 0 14 &&
	batch 1 0 other | append >out && says 0 0 0
'

test_expect_success 'what was truncated, reordered or edited is refused with a sentence' '
	numbers >before &&
	batch 15 17 | head -c 200 >bad && expect_error 2 "batch:1: " append <bad &&
	batch 15 17 | sed "s/\"seq\":16/\"seq\":18/" >bad &&
	expect_error 2 "/events/1: seq is 18 where 16 is due" append <bad &&
	batch 15 17 | sed "s/\"seq\":15/\"seq\":0/" >bad &&
	expect_error 2 "/events/0/seq: must be at least 1" append <bad &&
	batch 15 17 | sed "s/\"seq\":15/\"seq\":15.5/" >bad &&
	expect_error 2 "/events/0/seq: must be a whole number" append <bad &&
	batch 15 17 | sed "s/\"text\":\"tab-1 17\"/\"text\":17/" >bad &&
	expect_error 2 "/events/2: event '\''note'\'': /text: must be a string" append <bad &&
	batch 15 15 | sed s,tali.batch/1,tali.batch/9, >bad &&
	expect_error 2 "/schema" append <bad &&
	: >bad && expect_error 2 "no batch on standard input" append <bad &&
	{ batch 15 15; batch 16 16 | head -c 100; } >bad &&
	expect_exit 2 append <bad >out 2>err && grep "batch 2: batch:1: " err &&
	test "$(numbers)" = "$(cat before) 15" && tali verify "$id"
'

test_expect_success 'what is not UTF-8 is refused' '
	of edit "{\"edits\":[{\"file\":\"a\",\"at\":0,\"del\":0,\"ins\":\"$(printf "\\303(")\"}]}" \
		>bad && expect_error 2 "batch:1: " append <bad &&
	test "$(LC_ALL=C grep -c "[^ -~]" error.err)" = 0
'

test_expect_success 'a client sends no events of other kinds' '
	for kind in status submit signature score snapshot test terminal terminal_in \
		terminal_out terminal_resize ai_prompt ai_response ai_tool model \
		invite extend resend interviewer judge late transcript
	do
		of $kind "{}" >bad &&
		expect_error 2 "a client may not send events of kind" append <bad || return 1
	done &&
	of nonesuch "{}" >bad && expect_error 2 "is not a kind of event" append <bad
'

test_expect_success 'every kind that a client may send has a schema that takes it' '
	{
		of file "{\"op\":\"create\",\"path\":\"a\"}"
		of open "{\"file\":\"a\",\"action\":\"open\"}"
		of cursor "{\"file\":\"a\",\"at\":3}"
		of paste "{\"size\":3,\"hash\":\"$(printf abc | sha256sum | cut -c 1-64)\",\
\"origin\":\"outside\"}"
		of focus "{\"state\":\"blur\"}"
		of edit "{\"edits\":[{\"file\":\"a\",\"at\":0,\"del\":0,\"ins\":\"x\"}]}"
		of estimate "{\"minutes\":45}"
		of note "{\"text\":\"x\"}"
	} | sed "s/}{/}\n{/g" | awk "{ sub(/odd/, \"c\" NR); print }" >lines &&
	append <lines >out && test "$(grep -c "^1 stored" out)" = 8 && tali verify "$id"
'

test_expect_success 'no path leads out of the workspace' '
	for path in ../a /a a/../b .git/config a//b ""
	do
		of file "{\"op\":\"create\",\"path\":\"$path\"}" >bad &&
		expect_error 2 "/path: must" append <bad || return 1
	done
'

test_expect_success 'a payload comes with its batch, and that of somebody else is not to be had' '
	hash=$(printf "%070000d" 0 | sha256sum | cut -c 1-64) &&
	of file "{\"op\":\"write\",\"path\":\"a\",\"content\":{\"blob\":\"$hash\",\
\"size\":70000}}" >without && expect_error 2 "payload $hash is not in the batch" append <without &&
	sed "s/\]}$/],\"payloads\":[\"$(printf "%070000d" 0)\"]}/" without >with &&
	append <with && tali verify "$id" && tali journal export "$id" | grep -c "$hash" | grep 2
'

test_expect_success 'a paste of 100 MB is refused before it is read' '
	{
		printf "{\"schema\":\"tali.batch/1\",\"client\":\"big\",\"sent\":1,\"payloads\":[\""
		head -c 100000000 /dev/zero | tr "\0" x
		printf "\"],\"events\":[]}"
	} >big && expect_error 2 "a batch has at most 1048576 bytes" append <big &&
	yes "{\"schema\":" | tr -d "\n" | head -c 100000000 |
		expect_error 2 "a batch has at most 1048576 bytes" append &&
	rm big &&
	of note "{\"text\":\"$(printf "%070000d" 0)\"}" >bad &&
	expect_error 2 "event '\''note'\'' is larger than 65536 bytes" append <bad &&
	batch 1 257 big >bad && expect_error 2 "/events: must have at most 256 items" append <bad &&
	{ printf "%0200000d" 0 | tr 0 "["; } >bad &&
	expect_error 2 "a batch is nested at most 16 deep" append <bad
'

test_expect_success 'a clock that is set back or runs ahead changes no order' '
	active clocks@example.org &&
	for sent in 5000 1000 9007199254740991 0
	do
		: $((number = ${number:-0} + 1))
		batch $number $number | sed "s/\"sent\":5000/\"sent\":$sent/" >one &&
		append <one || return 1
	done &&
	batch 5 6 | sed "s/\"time\":4005/\"time\":9007199254740991/" | append &&
	tali verify "$id" && tali journal export "$id" >out &&
	sed -n "s/.*\"client_time\":\([0-9]*\).*/\1/p" out >times && test "$(wc -l <times)" = 6 &&
	sort -n -c times &&
	sed -n "s/.*\"client_time\":\([0-9]*\).*,\"time\":\([0-9]*\)}}/\1 \2/p" out >both &&
	test "$(wc -l <both)" = 6 && awk "\$1 > \$2 { exit 1 }" both
'

test_expect_success 'the clock of the machine set back changes no order either' '
	past="=$(date -u -d "1 hour ago" +%FT%TZ)" &&
	batch 7 7 | append && tali_at "$past" journal append "$id" <one &&
	batch 8 8 >next && tali_at "$past" journal append "$id" <next &&
	batch 9 9 | append && tali verify "$id" && test "$(numbers)" = "1 2 3 4 5 6 7 8 9"
'

test_expect_success 'too much is slowed down, and what is sent again is stored' '
	active fast@example.org &&
	for first in $(seq 1 250 2251)
	do
		batch $first $((first + 249))
	done >lines &&
	expect_exit 1 tali_at +1s journal append --json "$id" <lines >out && tail -n 1 out >last &&
	check_schema last && test "$(json_get last "j[\"retry_ms\"]")" -gt 0 &&
	test "$(json_get last "j[\"acknowledged\"]")" -ge 2000 &&
	tali_at +1m journal append "$id" <lines &&
	test "$(numbers)" = "$(seq 2500 | paste -sd " ")" && tali verify "$id"
'

test_expect_success 'after the end nothing is taken' '
	batch 2501 2501 >late &&
	expect_error 5 "takes no more events" tali_at +2h journal append "$id" <late &&
	tali_at +2h show "$id" | grep submitted &&
	active end@example.org && batch 1 1 | append && in_folder "work-$id" tali submit --yes &&
	batch 1 2 >late && expect_error 5 "(handed in at " append <late &&
	invite_one never@example.org &&
	expect_error 5 "the assessment is scheduled and takes no events" append <late &&
	id=nonesuch && expect_error 5 "no assessment" append <late && tali verify
'

test_done

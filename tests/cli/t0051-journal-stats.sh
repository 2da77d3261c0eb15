#!/bin/bash
# t0051-journal-stats.sh - `tali journal stats`: counts that can be counted again from the export
test_description='a journal is counted by kind, payloads and active time'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# An event every two seconds, four times, then a pause of a minute, and one more.
test_expect_success 'events, bytes, payloads and active time are counted' '
	make_store && add_tiny && invite_one && tali start "$passcode" work &&
	{
		printf "{\"schema\":\"tali.batch/1\",\"client\":\"a\",\"sent\":100000,\"events\":["
		for seq in 1 2 3 4
		do
			printf "{\"seq\":$seq,\"time\":$((80000 + 2000 * seq)),\"kind\":\"cursor\","
			printf "\"data\":{\"file\":\"a\",\"at\":$seq}},"
		done
		printf "{\"seq\":5,\"time\":100000,\"kind\":\"file\",\"data\":{\"op\":\"write\","
		printf "\"path\":\"a\",\"content\":{\"blob\":\"%s\",\"size\":5}}}]," \
			"$(printf hello | sha256sum | cut -c 1-64)"
		printf "\"payloads\":[\"hello\"]}"
	} >batch && tali_at +20m journal append "$id" <batch &&
	tali journal stats --json "$id" >out && cat out && check_schema out &&
	test "$(json_get out "j[\"kinds\"][\"cursor\"][\"events\"]")" = 4 &&
	test "$(json_get out "j[\"payloads\"]")" = "{\"count\": 1, \"bytes\": 5}" &&
	tali journal export "$id" | grep "^{\"event\"" >events &&
	test "$(json_get out "j[\"events\"]")" = "$(wc -l <events)" &&
	sed "s/^{\"event\"://; s/}$//" events | tr -d "\n" >canonical &&
	test "$(json_get out "j[\"bytes\"]")" = "$(wc -c <canonical)" &&
	test "$(json_get out "sum(k[\"bytes\"] for k in j[\"kinds\"].values())")" = \
		"$(wc -c <canonical)"
'

test_expect_success 'a pause of ten seconds or more is no active time' '
	active=$(json_get out "j[\"active_ms\"]") && test "$active" -ge 6000 &&
	test "$active" -lt 16000 &&
	test "$(json_get out "j[\"bytes_per_active_hour\"]")" = \
		"$(json_get out "j[\"bytes\"] * 3600000 // j[\"active_ms\"]")" &&
	test "$(json_get out "0 < j[\"deflated_bytes\"] < j[\"bytes\"]")" = true
'

test_expect_success 'the table says the same' '
	tali journal stats "$id" >text && cat text && grep "^cursor  *4 " text &&
	grep "^payloads  *1  *5$" text && grep "^all  *$(json_get out "j[\"events\"]") " text &&
	grep "^active  " text && grep "an active hour takes" text
'

test_expect_success 'what is not there is not counted' '
	expect_error 5 "no assessment" tali journal stats nonesuch
'

test_done

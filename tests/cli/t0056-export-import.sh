#!/bin/bash
# t0056-export-import.sh - an export holds all of an assessment, and becomes one in another store
test_description='an exported assessment is whole, and can be read in another store'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

put_program kill_at tests/fake/kill-at
key=store/keys/sign.pub

# fresh_store NAME: another store, which becomes $TALI_STORE
fresh_store() {
	rm -rf "$1" && tali init "$1" >/dev/null && export TALI_STORE=$PWD/$1
}

test_expect_success 'a scored assessment with a history is exported' '
	make_store && add_tiny && invite_one ada@example.org --name "Ada Ä" &&
	tali start "$passcode" work &&
	for round in 1 2 3
	do
		seq $((round * 300)) >work/numbers &&
		head -c 60000 /dev/urandom >work/noise && echo $round >work/answer &&
		( cd work && tali run $weak </dev/null ) || return 1
	done &&
	echo 42 >work/answer && ( cd work && tali submit --yes ) && tali score $weak "$id" &&
	tali journal export "$id" >export && scored=$id &&
	/usr/bin/python3 -c "
import json, jsonschema
schema = json.load(open(\"$srcdir/share/schema/tali.journal-1.json\"))
for line in open(\"export\", encoding=\"utf-8\"):
    jsonschema.validate(json.loads(line), schema)
"
'

test_expect_success 'it is the same each time' '
	tali journal export "$scored" | cmp - export
'

test_expect_success 'its pack is the history, borrowed objects and all, as git sees it' '
	/usr/bin/python3 -c "
import base64, hashlib, json
lines = [json.loads(line) for line in open(\"export\")]
pack = b\"\".join(base64.b64decode(l[\"pack\"][\"data\"]) for l in lines if \"pack\" in l)
told = lines[-1][\"end\"][\"pack\"]
assert told == {\"hash\": hashlib.sha256(pack).hexdigest(), \"size\": len(pack)}
open(\"history.pack\", \"wb\").write(pack)
" &&
	git init -q --bare plain.git &&
	git --git-dir=plain.git unpack-objects -q --strict <history.pack &&
	submitted=$(git --git-dir="store/repos/$scored.git" rev-parse submission) &&
	git --git-dir=plain.git update-ref refs/heads/main "$submitted" &&
	git --git-dir=plain.git fsck --strict --no-dangling &&
	git --git-dir="store/repos/$scored.git" rev-list --objects submission | cut -c1-40 |
		sort >wanted &&
	git --git-dir=plain.git cat-file --batch-all-objects --batch-check="%(objectname)" |
		cmp - wanted
'

test_expect_success 'it verifies without a store, with the key alone' '
	TALI_STORE=none tali verify ./export --key $key >out && grep "2 signatures" out
'

test_expect_success 'a pack that is not of this history is found, though all numbers are right' '
	/usr/bin/python3 -c "
import base64, hashlib, json, subprocess, zlib
def dump(value):
    return json.dumps(value, sort_keys=True, separators=(\",\", \":\"), ensure_ascii=False)
lines = open(\"export\", encoding=\"utf-8\").read().splitlines()
old = open(\"history.pack\", \"rb\").read()
def pack_of(objects):
    text = b\"PACK\" + (2).to_bytes(4, \"big\") + len(objects).to_bytes(4, \"big\")
    text += b\"\".join(objects)
    return text + hashlib.sha1(text).digest()
def blob(data):
    size = len(data)
    head = [3 << 4 | size & 15]
    size >>= 4
    while size:
        head[-1] |= 128
        head.append(size & 127)
        size >>= 7
    return bytes(head) + zlib.compress(data)
def write(name, pack):
    rest = [line for line in lines[:-1] if not line.startswith(\"{\\\"pack\")]
    end = json.loads(lines[-1])
    end[\"end\"][\"pack\"] = {\"hash\": hashlib.sha256(pack).hexdigest(), \"size\": len(pack)}
    for at in range(0, len(pack), 49152):
        piece = base64.b64encode(pack[at:at + 49152]).decode()
        rest.append(dump({\"pack\": {\"at\": at, \"data\": piece}}))
    open(name, \"w\", encoding=\"utf-8\").write(\"\\n\".join(rest + [dump(end)]) + \"\\n\")
write(\"same\", old)
write(\"nothing\", pack_of([]))
write(\"other\", pack_of([blob(b\"x\")]))
write(\"none\", b\"\")
write(\"zeros\", bytes(1000))
write(\"short\", old[:-1])
write(\"long\", old + b\"x\")
broken = bytearray(old)
broken[len(old) // 2] ^= 16
write(\"damaged\", bytes(broken))
lie = bytearray(pack_of([blob(bytes(40000000))]))
write(\"bomb\", bytes(lie))
head = b\"PACK\" + (2).to_bytes(4, \"big\") + (2 ** 32 - 1).to_bytes(4, \"big\")
write(\"count\", head + bytes(20))
body = old[12:-20]
more = old[:8] + (int.from_bytes(old[8:12], \"big\") + 1).to_bytes(4, \"big\")
more += body + blob(b\"more\")
write(\"more\", more + hashlib.sha1(more).digest())
" &&
	cmp same export &&
	for name in nothing other none zeros short long damaged bomb count more
	do
		expect_error 4 "" tali verify ./$name --key $key || return 1
	done
'

test_expect_success 'another store takes it, and it is the same there' '
	fresh_store reader &&
	tali journal import export --key $key >out && test "$(cat out)" = "$scored" &&
	tali journal export "$scored" | cmp - export &&
	test "$(git --git-dir="reader/repos/$scored.git" rev-parse main submission | uniq)" = \
		"$submitted" &&
	git --git-dir="reader/repos/$scored.git" fsck --strict --no-dangling
'

test_expect_success 'it is verified by the key that came with it' '
	tali verify && tali verify "$scored" >out &&
	grep -F "imported, signed by $(cat $key)" out &&
	tali verify "$scored" --key $key &&
	tali verify --json "$scored" >out && check_schema out &&
	test "$(json_get out "j[\"signer\"]")" = "$(cat $key)" &&
	expect_error 4 "signed by another key" tali verify "$scored" --key reader/keys/sign.pub
'

test_expect_success 'it is shown, listed and logged as it was' '
	tali show "$scored" >out && grep "scored" out && grep "Ada Ä" out &&
	grep "passed" out && grep -F "$(cat $key)" out &&
	tali show --json "$scored" >out && check_schema out &&
	tali logs --json "$scored" >log.there &&
	TALI_STORE=$PWD/store tali logs --json "$scored" | cmp - log.there &&
	tali list | grep "$scored"
'

test_expect_success 'a second import says so and changes nothing' '
	cp reader/tali.db before.db && find reader/repos | sort >before &&
	expect_error 5 "is here already" tali journal import export --key $key &&
	find reader/repos | sort | cmp - before && tali verify "$scored" &&
	export TALI_STORE=$PWD/store &&
	expect_error 5 "is here already" tali journal import export --key $key &&
	export TALI_STORE=$PWD/reader
'

test_expect_success 'its task is known by name alone' '
	tali task list --all --json >out && check_schema out &&
	task=$(json_get out "j[\"name\"]") && test "${task#imported-}" != "$task" &&
	expect_error 5 "its files are not here" tali invite "$task" eve@example.org &&
	expect_error 5 "its files are not here" tali score $weak "$scored" &&
	expect_error 5 "its files are not here" tali score $weak --all "$task" &&
	expect_error 5 "its files are not here" tali task export "$task" folder &&
	tali verify
'

test_expect_success 'nothing is added to it, also where its task is' '
	expect_exit 5 tali revoke "$scored" &&
	export TALI_STORE=$PWD/moved && cp -R store moved && rm -rf moved/repos/$scored.git &&
	/usr/bin/python3 -c "
import sqlite3
db = sqlite3.connect(\"moved/tali.db\")
for table in \"event\", \"score_run\", \"job\":
    db.execute(\"DELETE FROM \" + table)
db.execute(\"DELETE FROM assessment\")
db.commit()" &&
	tali journal import export --key $key && tali score --dry-run $weak "$scored" &&
	expect_error 5 "imported to be read" tali score $weak "$scored" &&
	tali journal export "$scored" | cmp - export &&
	export TALI_STORE=$PWD/reader &&
	tali journal export "$scored" | cmp - export
'

test_expect_success 'nobody vouches for what is not signed yet' '
	export TALI_STORE=$PWD/store &&
	invite_one eve@example.org && tali start "$passcode" at-work &&
	tali journal export "$id" >active.export &&
	TALI_STORE=none tali verify ./active.export --key $key &&
	/usr/bin/python3 -c "
import hashlib, json
def dump(value):
    return json.dumps(value, sort_keys=True, separators=(\",\", \":\"), ensure_ascii=False)
lines = open(\"export\", encoding=\"utf-8\").read().splitlines()
last = max(n for n, line in enumerate(lines) if line.startswith(\"{\\\"event\"))
old = json.loads(lines[last])[\"event\"]
new = {\"actor\": \"system\", \"kind\": \"extend\", \"seq\": old[\"seq\"] + 1}
new.update(time=old[\"time\"], data={\"row\": {\"reason\": \"forged\"}})
head = hashlib.sha256(bytes.fromhex(old[\"hash\"]) + dump(new).encode())
new[\"hash\"] = head.hexdigest()
lines.insert(last + 1, dump({\"event\": new}))
end = json.loads(lines[-1])
end[\"end\"][\"events\"] += 1
lines[-1] = dump(end)
open(\"forged\", \"w\", encoding=\"utf-8\").write(\"\\n\".join(lines) + \"\\n\")
" &&
	fresh_store careful &&
	expect_error 4 "not signed" tali journal import active.export --key $key &&
	expect_error 4 "not signed" tali journal import forged --key $key &&
	test -z "$(tali list)"
'

test_expect_success 'an address that is taken here does not stand in the way' '
	fresh_store crowded && tali candidate add ada@example.org &&
	tali journal import export --key $key && tali verify &&
	tali show "$scored" >out && grep "@imported.invalid" out
'

test_expect_success 'what does not check is not imported, and leaves nothing' '
	fresh_store empty && find empty | sort >before &&
	for change in "s/take-home/live/" "1d" "\$d" "5d" "s/submitted/scored/"
	do
		sed "$change" export >changed &&
		expect_exit 4 tali journal import changed --key $key || return 1
	done &&
	for name in more damaged none bomb
	do
		expect_exit 4 tali journal import $name --key $key || return 1
	done &&
	expect_exit 4 tali journal import export --key empty/keys/sign.pub &&
	expect_exit 2 tali journal import export &&
	expect_exit 5 tali journal import missing --key $key &&
	expect_exit 2 tali journal import work --key $key &&
	find empty | grep -v "tali.db-" | sort | cmp - before &&
	test -z "$(tali list)$(tali task list --all)$(tali candidate list)"
'

test_expect_success 'kill -9 at any point leaves all or nothing' '
	seed=${TALI_SEED:-$$} && echo "seed $seed" && RANDOM=$seed &&
	fresh_store killed &&
	kill_at call:0 calls tali journal import export --key $key &&
	for round in $(seq "${TALI_ROUNDS:-25}")
	do
		fresh_store killed &&
		point=$((1 + RANDOM % $(cat calls))) &&
		echo "round $round: $point" &&
		{ kill_at call:$point report tali journal import export --key $key; true; } &&
		tali verify &&
		if tali show "$scored" >out
		then
			tali journal export "$scored" | cmp - export &&
			expect_exit 5 tali journal import export --key $key
		else
			tali journal import export --key $key &&
			tali journal export "$scored" | cmp - export
		fi &&
		tali verify && test "$(ls killed/repos)" = "$scored.git" || return 1
	done
'

test_expect_success 'the program in tali-journal(5) checks an export by hand' '
	sed -n "/^# CHECKING BY HAND/,/^# SEE/p" "$srcdir/man/tali-journal.5.scd" |
		sed -n "/^\`\`\`/,/^\`\`\`/p" | sed "/^\`\`\`/d" >by-hand.py &&
	/usr/bin/python3 by-hand.py export $key >out && grep "^ok" out &&
	sed "s/take-home/live/" export >changed &&
	! cmp -s export changed &&
	! /usr/bin/python3 by-hand.py changed $key
'

test_done

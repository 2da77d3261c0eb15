#!/bin/bash
# t4005-tamper.sh - whatever is changed behind tali's back is found, named, and ends with 4
test_description='a changed byte is found and named'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fault.sh"

seed=${TALI_SEED:-$$}
echo "# seed $seed"

# sql STORE STATEMENT...: behind tali's back
sql() {
	/usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + "/tali.db")
for statement in sys.argv[2:]:
    if db.execute(statement).rowcount == 0:
        sys.exit("nothing changed by: " + statement)
db.commit()' "$@"
}

# flip FILE [POSITION]: one bit of a byte of it, the one in the middle
flip() {
	chmod u+w "$1" && /usr/bin/python3 -c '
import sys
with open(sys.argv[1], "r+b") as file:
    data = file.read()
    at = int(sys.argv[2]) if len(sys.argv) > 2 else len(data) // 2
    file.seek(at)
    file.write(bytes([data[at] ^ 1]))' "$@"
}

test_expect_success 'a store with a scored and an active assessment verifies' '
	make_store &&
	begin active@example.org active && active=$id &&
	( cd active && tali run $weak </dev/null ) &&
	begin scored@example.org scored && hand_in scored && tali score $weak "$id" &&
	tali override --value 61 --reason "the tests are too strict" "$id" &&
	tali release "$id" && tali review "$id" "a careful answer" && scored=$id &&
	tali verify && mv store good
'

# A changed copy of the store.
copy_store() {
	rm -rf store && cp -R good store
}

# found ID TEXT: both ways to look find it. Scoring is refused when the submission is touched.
found() {
	expect_error 4 "$2" tali verify "$1" &&
	expect_exit 4 tali verify
}

# tampered NAME ID TEXT STATEMENT...
tampered() {
	name=$1 of=$2 text=$3
	shift 3
	statements=("$@")
	test_expect_success "$name is found" '
		copy_store && sql store "${statements[@]}" && found "$of" "$text"
	'
}

# The same, and it cannot be scored.
tampered_submission() {
	tampered "$@" &&
	test_expect_success "... and is not scored" '
		expect_exit 4 tali score $weak "$of"
	'
}

event="UPDATE event SET" of_scored="WHERE assessment_id = '$scored'"
of_active="WHERE assessment_id = '$active'"

tampered_submission "a changed event" "$scored" "event 6 (snapshot): its hash does not match" \
	"$event data = replace(data, '\"run\"', '\"test\"') $of_scored AND seq = 6"
tampered_submission "a blank in an event" "$scored" "event 0 (invite)" \
	"$event data = replace(data, ',', ', ') $of_scored AND seq = 0"
tampered_submission "a changed hash" "$scored" "event 3 (status)" \
	"$event hash = replace(hash, substr(hash, 1, 1), 'x') $of_scored AND seq = 3"
tampered_submission "a changed time" "$scored" "event 5 (status)" \
	"$event time = time - 1 $of_scored AND seq = 5"
tampered_submission "another actor" "$scored" "event 1 (status)" \
	"$event actor = 'system' $of_scored AND seq = 1"
tampered_submission "another kind" "$scored" "event 2 (note)" \
	"$event kind = 'note' $of_scored AND seq = 2"
tampered_submission "a client's number" "$scored" "event 2 (status)" \
	"$event client_seq = 1, client_time = 1 $of_scored AND seq = 2"
tampered_submission "a deleted event" "$scored" "expected event 7, it is missing" \
	"DELETE FROM event $of_scored AND seq = 7"
tampered_submission "a deleted first event" "$scored" "expected event 0, it is missing" \
	"DELETE FROM event $of_scored AND seq = 0"
tampered_submission "a journal without events" "$scored" "the journal is empty" \
	"DELETE FROM event $of_scored"
tampered_submission "two events that changed places" "$scored" "event 2 (status)" \
	"$event seq = 100 $of_scored AND seq = 2" "$event seq = 2 $of_scored AND seq = 3" \
	"$event seq = 3 $of_scored AND seq = 100"
seal="(SELECT min(seq) FROM event $of_scored AND kind = 'signature')"
tampered_submission "the deleted seal" "$scored" "is missing" \
	"DELETE FROM event $of_scored AND seq = $seal"
tampered_submission "a journal that ends before its seal" "$scored" "the signature is missing" \
	"DELETE FROM event $of_scored AND seq >= $seal"
tampered_submission "the deleted last signature" "$scored" \
	"the signature of score run 1 is missing" \
	"DELETE FROM event $of_scored AND seq = (SELECT max(seq) FROM event $of_scored)"
tampered "events of another assessment" "$active" "event 0 (invite)" \
	"DELETE FROM event $of_active" "$event assessment_id = '$active' $of_scored"
tampered "an event that another one repeats" "$active" "event 8" \
	"INSERT INTO event SELECT organization_id, assessment_id, 8, time, client_seq, \
	client_time, actor, kind, data, hash FROM event $of_active AND seq = 6"

# every field of the row that the journal knows
for change in "deadline = deadline + 60000" "duration_ms = duration_ms + 1" "status = 'expired'" \
	"extra_ms = 5" "started = started - 1" "expires = 0" "not_before = 1" "created = 1" \
	"round = 2" "attempt = 2" "kind = 'live'" "secret_id = 'x'" "rotation = 7" \
	"instructions = 'x'" "message = 'x'" "reason = 'x'" "commit_id = ''"
do
	tampered "another ${change%% =*}" "$active" "row's" \
		"UPDATE assessment SET $change WHERE id = '$active'"
done
for change in "deadline = deadline + 60000" "submitted = submitted - 1" "submitted = 0" \
	"status = 'submitted'"
do
	tampered "another $change of what was handed in" "$scored" "row's" \
		"UPDATE assessment SET $change WHERE id = '$scored'"
done

tampered "another grade" "$scored" "score run 1 is not what the journal says" \
	"UPDATE score_run SET result = replace(result, '100', '101')"
tampered "another grade with its digest" "$scored" "score run 1 is not what the journal says" \
	"UPDATE score_run SET digest = replace(digest, substr(digest, 1, 1), 'x')"
tampered "a score run of another number" "$scored" "score run 2 is not what the journal says" \
	"UPDATE score_run SET number = 2"
tampered "a deleted score run" "$scored" "a score run is missing" "DELETE FROM score_run"
tampered "an added score run" "$scored" "score run 2 is not what the journal says" \
	"INSERT INTO score_run (organization_id, assessment_id, number, created, task_version, \
	digest, result, measured, sweep) SELECT organization_id, assessment_id, 2, created, \
	task_version, digest, result, measured, sweep FROM score_run"
tampered "another score in lists" "$scored" "score run 1 is not what the journal says" \
	"UPDATE score_run SET value = 9900"
tampered "another level in lists" "$scored" "score run 1 is not what the journal says" \
	"UPDATE score_run SET level = 'developing'"
tampered "another value in an override" "$scored" "review 1 is not what was signed" \
	"UPDATE review SET value = 9900 WHERE number = 1"
tampered "a deleted release" "$scored" "review 3 is not what was signed" \
	"DELETE FROM review WHERE number = 2"
tampered "an added note" "$scored" "review 4 is not what was signed" \
	"INSERT INTO review (organization_id, assessment_id, number, created, who, kind, subject, \
	value, text, signature) SELECT organization_id, assessment_id, 4, created, who, kind, \
	subject, value, text, signature FROM review WHERE number = 3"

test_expect_success 'an override that nobody signed is neither reported nor compared' '
	copy_store && sql store "UPDATE review SET value = 9900 WHERE number = 1" &&
	expect_error 4 "review 1 is not what was signed" tali report "$scored" &&
	expect_error 4 "review 1 is not what was signed" tali review "$scored"
'

tampered_submission "a changed payload" "$scored" "was changed" \
	"UPDATE blob SET data = CAST(data || 'x' AS BLOB)"
tampered_submission "a deleted payload" "$scored" "is missing" "DELETE FROM blob"

test_expect_success 'a changed manifest is found and nothing is scored by it' '
	copy_store &&
	sql store "UPDATE task_version SET manifest = replace(manifest, 100, 101)" &&
	expect_error 4 "the manifest is not the one of the tree" tali score $weak "$scored" &&
	expect_exit 4 tali verify >out && grep "task tiny: version" out
'

# object ID REVISION: the loose object's file, in that repository or the one it borrows from
object() {
	name=$(git --git-dir="store/repos/$1.git" rev-parse "$2") || return 1
	ls -d "store/repos/$1.git/objects/${name:0:2}/${name:2}" \
		store/repos/start-*.git/objects/"${name:0:2}/${name:2}" 2>/dev/null | head -n 1
}

for what in main main^{tree} main:run.sh main~1 main~1^{tree} main~1:run.sh
do
	test_expect_success "a changed git object ($what) is found" '
		copy_store && file=$(object "$scored" "$what") && flip "$file" &&
		found "$scored" "${file##*/}"
	'
	case $what in *~*) ;; *) test_expect_success "... and is not scored" '
		expect_exit 4 tali score $weak "$scored"
	' ;; esac
	test_expect_success "a missing git object ($what) is found" '
		copy_store && file=$(object "$scored" "$what") && rm "$file" &&
		found "$scored" "${file##*/}"
	'
done

test_expect_success 'an object in the place of another is found' '
	copy_store && file=$(object "$scored" main:run.sh) && rm "$file" &&
	cp "$(object "$scored" main)" "$file" &&
	found "$scored" "" && expect_exit 4 tali score $weak "$scored"
'

test_expect_success 'a changed byte in a pack is found' '
	copy_store && git --git-dir="store/repos/$scored.git" repack -a -d -q &&
	git --git-dir="store/repos/$scored.git" prune-packed -q &&
	tali verify "$scored" &&
	flip store/repos/$scored.git/objects/pack/*.pack 40 &&
	found "$scored" "" && expect_exit 4 tali score $weak "$scored"
'

test_expect_success 'a missing repository is found' '
	copy_store && rm -rf "store/repos/$scored.git" &&
	found "$scored" "" && expect_exit 4 tali score $weak "$scored"
'

test_expect_success 'a changed object of the task is found and nothing is scored by it' '
	copy_store && task=$(basename store/repos/task-*.git .git) &&
	version=$(field task_version invite.out) &&
	flip "$(object "$task" "$version:hidden/io/b.ans")" &&
	expect_exit 4 tali verify >out && grep "task tiny: version" out &&
	expect_exit 4 tali score $weak "$scored"
'

test_expect_success 'another public key is found' '
	copy_store && tali init other &&
	cp other/keys/sign.pub store/keys/sign.pub &&
	found "$scored" "(signature): signed by another key" &&
	expect_exit 4 tali score $weak "$scored"
'

test_expect_success 'a public key that is none is found' '
	copy_store && echo "not a key" >store/keys/sign.pub && found "$scored" "not a key"
'

test_expect_success 'nothing is signed when the keys do not belong together' '
	copy_store && cp other/keys/sign.pub store/keys/sign.pub &&
	(
		cd active &&
		expect_error 4 "is not the public half" tali submit --yes
	) &&
	cp good/keys/sign.pub store/keys/sign.pub && tali verify
'

# --- exported

test_expect_success 'an export verifies with nothing but the key' '
	copy_store && tali journal export "$scored" >journal && rm -rf store &&
	TALI_STORE=none tali verify ./journal --key good/keys/sign.pub
'

test_expect_success 'every sampled byte, line and cut of an export is covered' '
	/usr/bin/python3 -c "
import random, sys
random.seed($seed)
data = open(\"journal\", \"rb\").read()
lines = data.splitlines(keepends=True)
made = []
for at in sorted(random.sample(range(len(data)), 200)):
    flipped = bytes([data[at] ^ 1 << random.randrange(8)])
    made.append((\"byte %d\" % at, data[:at] + flipped + data[at + 1:]))
for n in range(len(lines)):
    made.append((\"without line %d\" % n, b\"\".join(lines[:n] + lines[n + 1:])))
    made.append((\"line %d twice\" % n, b\"\".join(lines[:n + 1] + lines[n:])))
for n in range(len(lines) - 1):
    swapped = lines[:n] + [lines[n + 1], lines[n]] + lines[n + 2:]
    made.append((\"line %d swapped\" % n, b\"\".join(swapped)))
for at in [0, 1, len(data) - 1] + random.sample(range(len(data)), 20):
    made.append((\"cut at %d\" % at, data[:at]))
made.append((\"a line more\", data + b\"{}\\n\"))
made.append((\"an empty line more\", data + b\"\\n\"))
made.append((\"NUL\", data + b\"\\0\"))
made.append((\"CRLF\", data.replace(b\"\\n\", b\"\\r\\n\")))
for n, (what, text) in enumerate(made):
    if text != data:
        open(\"mutant.%d\" % n, \"wb\").write(text)
        print(n, what)
" >mutants &&
	test "$(wc -l <mutants)" -gt 250 &&
	while read -r number what
	do
		TALI_STORE=none tali verify ./mutant.$number --key good/keys/sign.pub >out 2>err
		code=$?
		rm -f mutant.$number
		if [ $code != 4 ] || [ -s out ] || [ "$(wc -l <err)" != 1 ]
		then
			echo "$what: $code" && cat out err
			return 1
		fi
	done <mutants
'

test_expect_success 'an export without its seal does not verify though its end counts right' '
	/usr/bin/python3 -c "
import json
lines = open(\"journal\").read().splitlines()
events = [l for l in lines if \"event\" in json.loads(l)]
first = next(n for n, l in enumerate(events) if json.loads(l)[\"event\"][\"kind\"] == \"signature\")
blobs = [l for l in lines if \"blob\" in json.loads(l) or \"pack\" in json.loads(l)]
end = json.loads(lines[-1])
end[\"end\"].update(events=first, scores=0)
end = json.dumps(end, separators=(\",\", \":\"), sort_keys=True)
open(\"unsealed\", \"w\").write(\"\\n\".join(lines[:1] + events[:first] + blobs + [end]) + \"\\n\")
" &&
	expect_error 4 "the signature is missing" tali verify ./unsealed --key good/keys/sign.pub
'

test_expect_success 'another key does not verify' '
	expect_error 4 "made by a store with another key" \
		tali verify ./journal --key other/keys/sign.pub
'

test_expect_success 'what is no key or no file is refused' '
	expect_error 2 "is not a public key" tali verify ./journal --key nonsense &&
	expect_error 2 "is not a public key" tali verify ./journal --key AAAA &&
	expect_error 4 "" tali verify ./tiny/README.md --key good/keys/sign.pub &&
	: >empty && head -c 65536 /dev/zero >zeros &&
	expect_error 4 "the file is empty" tali verify ./empty --key good/keys/sign.pub &&
	expect_error 4 "" tali verify ./zeros --key good/keys/sign.pub &&
	expect_exit 2 tali verify ./tiny --key good/keys/sign.pub &&
	expect_exit 5 tali verify ./missing --key good/keys/sign.pub
'

test_expect_success 'what does not verify is not exported' '
	copy_store && sql store "$event time = time + 1 $of_scored AND seq = 4" &&
	expect_exit 4 tali journal export "$scored" >out
'

test_done

#!/bin/bash
# t4002-readonly.sh - a store that may only be read is read, and says so when it is written
test_description='a read-only store is read, and not written'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fault.sh"

test_expect_success 'a store with an assessment' '
	make_store && begin ada@example.org work &&
	hand_in work && tali score $weak "$id" && cp -R store whole
'

# What may be done, as text of a script: the store is $TALI_STORE.
cat >reads <<-\EOF
	tali list >list.out && grep -q scored list.out &&
	tali show "$1" >show.out && grep -q tiny show.out &&
	tali logs "$1" >logs.out && grep -q signature logs.out &&
	tali verify "$1" && tali verify && tali task list && tali candidate list &&
	tali config list && tali journal export "$1" >journal.out &&
	tali verify ./journal.out --key "$TALI_STORE/keys/sign.pub" &&
	tali replay "$1" --print >replay.out && grep -q submit replay.out &&
	tali replay "$1" --at end --json >state.out && grep -q run.sh state.out &&
	tali review "$1" && tali score "$1" --explain correctness >explained.out &&
	tali replay "$1" --html page.html && tali journal stats "$1" >stats.out
EOF
cat >writes <<-\EOF
	for command in "invite tiny new@example.org" "revoke $1" "extend $1 --by 5m" "resend $1" \
		"score $2 $1" "review $1 a note" "task copy tiny other" \
		"candidate add new@example.org" "start AAAAAAAA" "config set server.url http://x"
	do
		tali $command >out 2>err </dev/null
		code=$?
		if [ $code != 3 ] || [ -s out ] || [ "$(wc -l <err)" != 1 ]
		then
			echo "$command: $code" && cat out err
			exit 1
		fi
		cat err
	done
EOF

unchanged() {
	diff -r "$1" whole && tali verify
}

mounted_read_only() {
	unshare -m sh -c 'mount --bind store store && mount -o remount,bind,ro store && . "$0"' "$@"
}

test_expect_success ROOT 'a read-only mount is read' '
	mounted_read_only ./reads "$id"
'

test_expect_success ROOT 'a read-only mount is not written: one line, exit 3' '
	mounted_read_only ./writes "$id" "$weak" && unchanged store
'

# a database that was left without its closing checkpoint still has a log beside it
test_expect_success ROOT 'a read-only mount with a pending log is read or refused, never misread' '
	rm -rf store && cp -R whole store &&
	/usr/bin/python3 -c "
import os, sqlite3
db = sqlite3.connect(\"store/tali.db\")
db.execute(\"PRAGMA journal_mode = WAL\")
db.execute(\"UPDATE candidate SET notes = ?\", (\"pending\",))
db.commit()
os._exit(0)" &&
	test -s store/tali.db-wal &&
	mounted_read_only ./reads "$id" && rm -rf store && cp -R whole store
'

# Root is stopped by no mode of a folder.
# Permissions mean nothing to root, unless it gives that right up.
held_to_permissions() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --bounding-set=-dac_override,-dac_read_search "$@"
	else
		"$@"
	fi
}

test_expect_success 'a folder without write permission is read' '
	chmod -R a-w store && held_to_permissions sh ./reads "$id"
'

test_expect_success 'a folder without write permission is not written' '
	held_to_permissions sh ./writes "$id" "$weak" && chmod -R u+w store && unchanged store
'

test_done

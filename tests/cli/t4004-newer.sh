#!/bin/bash
# t4004-newer.sh - a store of a newer version, a damaged one, an empty one, a half-made one
test_description='a store that cannot be used says why'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fault.sh"

test_expect_success 'a store' '
	make_store && begin ada@example.org work && mv store good
'

copy_store() {
	rm -rf store && cp -R good store
}

set_version() {
	/usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect("store/tali.db")
db.execute("PRAGMA user_version = " + sys.argv[1])' "$1"
}

# Each of these must fail so: CODE TEXT
all_refuse() {
	for command in list verify "show $id" "invite tiny new@example.org" "task list"
	do
		expect_error "$1" "$2" tali $command || return 1
	done
}

test_expect_success 'a store of a newer tali is left alone' '
	copy_store && set_version 99 && cp store/tali.db before &&
	all_refuse 5 "made by a newer tali (schema 99" && cmp store/tali.db before &&
	expect_error 5 "made by a newer tali" tali init store && cmp store/tali.db before
'

test_expect_success 'a store of a newer tali is told from its work folder too' '
	( cd work && expect_error 5 "made by a newer tali" tali submit --yes )
'

test_expect_success 'a damaged header is no database' '
	copy_store && printf "not a database at all" |
		dd of=store/tali.db conv=notrunc 2>/dev/null &&
	all_refuse 4 "not a database"
'

test_expect_success 'a file of something else is no database' '
	copy_store && seq 10000 >store/tali.db && rm -f store/tali.db-* &&
	all_refuse 4 "not a database"
'

test_expect_success 'a damaged page is found by verify' '
	copy_store && /usr/bin/python3 -c "
with open(\"store/tali.db\", \"r+b\") as file:
    size = len(file.read())
    for page in range(1, size // 4096):
        file.seek(page * 4096)
        file.write(b\"\\xff\" * 64)" &&
	expect_exit 4 tali verify >out && expect_exit 4 tali list
'

test_expect_success 'a database that was cut off is found' '
	copy_store && truncate -s 20000 store/tali.db && expect_exit 4 tali verify >out
'

test_expect_success 'an empty database says what to do' '
	copy_store && : >store/tali.db && rm -f store/tali.db-* &&
	all_refuse 5 "is only half made: run"
'

test_expect_success 'init finishes the store with the empty database' '
	tali init store && tali task import tiny && tali verify
'

# every step of init that may be the last
for missing in tali.db "tali.db keys" "tali.db keys/sign.pub" "tali.db keys/store.key" \
	"tali.db config.json" "tali.db repos" "tali.db keys repos config.json"
do
	test_expect_success "a store without $missing is finished by init" '
		rm -rf store && tali init store && ( cd store && rm -rf $missing ) &&
		expect_error 5 "no store at" tali list &&
		tali init store && tali task import tiny &&
		rm -rf again && invite new@example.org && tali start "$passcode" again &&
		( cd again && tali submit --yes ) && tali verify && tali init store
	'
done

test_expect_success 'init keeps what others left in a folder' '
	mkdir other && echo mine >other/file &&
	expect_error 5 "is not empty and not a store" tali init other &&
	test "$(ls other)" = file
'

test_expect_success 'there is no store' '
	TALI_STORE=$PWD/nowhere && all_refuse 5 "no store at" && ! test -e nowhere &&
	TALI_STORE=$PWD/tiny/task.json && all_refuse 5 "no store at" &&
	TALI_STORE=$PWD/store
'

test_expect_success 'keys that are gone are missed where they are needed' '
	copy_store && rm store/keys/sign.key &&
	( cd work && expect_exit 5 tali submit --yes ) && tali list &&
	cp good/keys/sign.key store/keys && : >store/keys/store.key &&
	expect_error 4 "not a key of this store" tali invite tiny new@example.org &&
	cp good/keys/store.key store/keys && tali verify
'

test_expect_success 'settings that are no JSON are named with their line' '
	copy_store && printf "{\n  x\n}\n" >store/config.json &&
	expect_error 2 "config.json:2" tali config list
'

test_done

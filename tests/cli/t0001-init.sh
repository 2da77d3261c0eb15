#!/bin/bash
test_description='tali init: a store is made, found, and made whole'
. "$(dirname "$0")/lib.sh"

mode() {
	stat -c %a "$1"
}

test_expect_success 'init makes database, repositories, keys and settings' '
	tali init store >out &&
	echo "made a store in $PWD/store" >expected && test_cmp expected out &&
	ls -A store >list && printf "%s\n" config.json keys repos tali.db >expected &&
	test_cmp expected list &&
	ls -A store/keys >list && printf "%s\n" sign.key sign.pub store.key >expected &&
	test_cmp expected list'

test_expect_success 'only the owner may read a store and its secret keys' '
	test "$(mode store)" = 700 && test "$(mode store/keys)" = 700 &&
	test "$(mode store/repos)" = 700 && test "$(mode store/keys/sign.key)" = 600 &&
	test "$(mode store/keys/store.key)" = 600 && test "$(mode store/config.json)" = 600'

test_expect_success 'an open umask opens nothing' '
	(umask 000 && tali init open) && test "$(mode open)" = 700 &&
	test "$(mode open/keys/sign.key)" = 600 && test "$(mode open/config.json)" = 600 &&
	test -z "$(find open/keys -perm /077 ! -name sign.pub)"'

test_expect_success 'no two stores have a key in common' '
	tali init other && ! cmp store/keys/sign.pub other/keys/sign.pub &&
	! cmp store/keys/store.key other/keys/store.key'

test_expect_success 'the database is SQLite in WAL mode, with our mark' '
	sqlite3 store/tali.db "PRAGMA journal_mode; PRAGMA application_id" >out &&
	printf "%s\n" wal $((0x74616c69)) >expected && test_cmp expected out'

test_expect_success 'a second init is fine and changes nothing' '
	cp -R store before && tali init store --organization late >out &&
	echo "there is a store in $PWD/store already" >expected && test_cmp expected out &&
	diff -r before/keys store/keys && test_cmp before/config.json store/config.json &&
	sqlite3 before/tali.db .dump >expected && sqlite3 store/tali.db .dump >out &&
	test_cmp expected out'

test_expect_success 'init --json tells path and whether it was made' '
	tali init fresh --json >out.json && check_schema out.json &&
	test "$(json_get out.json "j[\"made\"]")" = true &&
	test "$(json_get out.json "j[\"path\"]")" = "$PWD/fresh" &&
	tali init fresh --json >out.json && check_schema out.json &&
	test "$(json_get out.json "j[\"made\"]")" = false'

test_expect_success 'init --organization names it' '
	tali init named --organization "Ada & Sons" &&
	test "$(sqlite3 named/tali.db "SELECT name FROM organization")" = "Ada & Sons"'

test_expect_success 'a folder with other files in it is refused and left alone' '
	mkdir full && echo mine >full/thesis &&
	expect_error 5 "tali: init: full is not empty and not a store" tali init full &&
	ls -A full >list && echo thesis >expected && test_cmp expected list'

test_expect_success 'a path through a file is refused' '
	echo x >file && expect_error 3 "Not a directory" tali init file/store'

test_expect_success 'an init that stopped half way is finished by the next' '
	mkdir -p half/keys && cp store/keys/sign.key half/keys &&
	expect_error 5 "no store at half" tali list --store half &&
	tali init half && tali list --store half &&
	! cmp half/keys/sign.key store/keys/sign.key'

test_expect_success 'a store without its organization says how to mend it' '
	tali init torn && sqlite3 torn/tali.db "DELETE FROM organization" &&
	expect_error 5 "only half made: run \`tali init\`" tali list --store torn &&
	tali init torn && tali list --store torn'

# place NAME: makes a store with an organization of its own name
place() {
	mkdir -p "$(dirname "$1")" && tali init "$1" --organization "$1" >/dev/null
}

# found PATH COMMAND-PREFIX...: the store in use is the one at PATH
found() {
	local wanted
	wanted=$(realpath "$1")
	shift
	env "$@" tali init --json >found.json || return
	[ "$(json_get found.json 'j["path"]')" = "$wanted" ] &&
	[ "$(json_get found.json 'j["made"]')" = false ]
}

test_expect_success 'the store is --store, $TALI_STORE, .tali here or above, $XDG_DATA_HOME/tali' '
	place given && place env && place tree/.tali && place xdg/tali && mkdir -p tree/a/b &&
	export XDG_DATA_HOME=$PWD/xdg && top=$PWD &&
	found "$top/xdg/tali" A=b &&
	(cd tree/a/b && found "$top/tree/.tali" A=b) &&
	(cd tree/a/b && found "$top/env" TALI_STORE="$top/env") &&
	tali config set invite.valid 1d --store given &&
	test "$(TALI_STORE=$top/env tali config get invite.valid --store given)" = 1d &&
	test "$(TALI_STORE=$top/env tali config get invite.valid)" = 14d'

test_expect_success 'without XDG_DATA_HOME the store is below HOME' '
	(unset XDG_DATA_HOME && HOME=$PWD/house && export HOME && tali init) &&
	test -e house/.local/share/tali/tali.db'

test_expect_success 'init makes the folders on the way, only for the owner' '
	tali init deep/er/store && test "$(mode deep/er/store)" = 700'

test_expect_success 'a command without a store says where it looked and what to do' '
	expect_error 5 "tali: list: no store at $PWD/none (make one with \`tali init\`)" \
		tali list --store "$PWD/none"'

test_expect_success 'a path with signs of a URI is an ordinary path' '
	tali init "odd?a=b%20#c" && tali list --store "odd?a=b%20#c" &&
	test -e "odd?a=b%20#c/tali.db"'

test_expect_success 'a database that is none is an integrity failure' '
	cp -R store broken &&
	echo "not a database, but long enough to be read as one" >broken/tali.db &&
	expect_error 4 "not a database" tali list --store broken'

test_expect_success 'a store of a newer program is refused' '
	cp -R store newer && sqlite3 newer/tali.db "PRAGMA user_version = 99" &&
	expect_error 5 "made by a newer tali (schema 99" tali list --store newer'

test_expect_success ROOT 'a store on a medium that cannot be written can be read' '
	cp -R store frozen && chmod -R a+rX frozen && chmod 755 .. . &&
	cp "$builddir/tali" ./copy && chmod 755 copy &&
	setpriv --reuid=65534 --regid=65534 --clear-groups ./copy list --store frozen &&
	expect_error 3 "the store is read-only" setpriv --reuid=65534 --regid=65534 --clear-groups \
		./copy candidate add a@b.example --store frozen'

test_done

#!/bin/bash
test_description='tali candidate: people, each address once'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# of WHO EXPRESSION: something of a candidate
of() {
	tali candidate show "$1" --json >candidate.json && check_schema candidate.json &&
	json_get candidate.json "$2"
}

test_expect_success 'add prints address and id' '
	make_store && tali candidate add Ada@Example.org --name "Ada L" \
		--notes "met at the fair" >out &&
	IFS=$(printf "\t") read -r email id <out && test "$email" = ada@example.org &&
	echo "$id" | grep -qxE "[0-9a-z]{16}" &&
	test "$(of "$id" "[j[\"name\"], j[\"notes\"]]")" = \
		"[\"Ada L\", \"met at the fair\"]" &&
	tali candidate add bob@example.org --json >out.json && check_schema out.json &&
	test "$(json_get out.json "j[\"name\"]")" = bob@example.org'

test_expect_success 'the same address again is refused, however it is written' '
	expect_error 5 "there is a candidate '\''ada@example.org'\'' already" \
		tali candidate add ADA@EXAMPLE.ORG --name Other &&
		test "$(of "$id" "j[\"name\"]")" = "Ada L" &&
	expect_error 2 "'\''ada'\'' is not an e-mail address" tali candidate add ada &&
	expect_error 2 "EMAIL is missing" tali candidate add'

test_expect_success 'texts are UTF-8, and not endless' '
	expect_error 2 "the name is not UTF-8" \
		tali candidate add u@example.org --name "$(printf "\351")" &&
	long=$(head -c 4001 /dev/zero | tr "\0" x) &&
	expect_error 2 "longer than 4000 bytes" tali candidate add u@example.org --notes "$long" &&
	expect_error 2 "is not an e-mail address" \
		tali candidate add "$(printf "\351")@example.org" &&
	test -z "$(tali candidate list u@example.org)"'

test_expect_success 'list is in the order of names and finds parts of name, address and notes' '
	tali candidate add zoe@sub.example.net --name "Çelik, Zoë" --notes "100% remote_ok" &&
	tali candidate list >out && awk "{ print \$2 }" out >emails &&
	printf "%s\n" ada@example.org bob@example.org zoe@sub.example.net | test_cmp - emails &&
	tali candidate list "ADA l" | grep -q "$id" &&
	tali candidate list sub.EXAMPLE | grep -q zoe@ &&
	tali candidate list FAIR | grep -q ada@ && test -z "$(tali candidate list nobody)" &&
	tali candidate list --json >list.jsonl && check_schema list.jsonl &&
	test "$(wc -l <list.jsonl)" = 3'

test_expect_success 'the signs of LIKE are ordinary letters in a search' '
	test -z "$(tali candidate list "a%l")" && test -z "$(tali candidate list "b_b")" &&
	tali candidate list "100%" | grep -q zoe@ &&
	tali candidate list "remote_ok" | grep -q zoe@ &&
	test -z "$(tali candidate list "remote%ok")" && test -z "$(tali candidate list "\\")"'

test_expect_success 'limit and offset cut a page' '
	tali candidate list --limit 1 --offset 1 >out && test "$(wc -l <out)" = 1 &&
	grep -q bob@ out &&
	test -z "$(tali candidate list --offset 3)" && test -z "$(tali candidate list --limit 0)"'

test_expect_success 'show has all assessments, newest first' '
	add_tiny && hand_in 7 && tali score "$id" >/dev/null && first=$id &&
	invite_one ada@example.org --round 2 && tali candidate show ada@example.org >out &&
	head -n 1 out | grep -q "^Ada L  ada@example.org" &&
	grep -q "^  notes: met at the fair$" out &&
	grep -q "^  $first  scored " out && grep -q "^  $id  scheduled " out &&
	test "$(of ADA@example.org "sorted(a[\"status\"] for a in j[\"assessments\"])")" = \
		"[\"scheduled\", \"scored\"]" &&
	tali list --candidate ada@example.org --count >out && test "$(cat out)" = 2'

test_expect_success 'edit changes name, address and notes' '
	tali candidate edit ada@example.org --name "Ada King" --email ada.king@example.org \
		--notes "" &&
	test "$(of ada.king@example.org "[j[\"name\"], j[\"notes\"]]")" = "[\"Ada King\", \"\"]" &&
	expect_error 5 "no candidate '\''ada@example.org'\''" tali candidate show ada@example.org &&
	tali list "ada king" --json >list.jsonl &&
	grep -q "\"email\":\"ada.king@example.org\"" list.jsonl &&
	tali candidate edit ada.king@example.org --json >out.json && check_schema out.json'

test_expect_success 'edit takes no address of another and nothing that is none' '
	expect_error 5 "there is a candidate '\''bob@example.org'\'' already" \
		tali candidate edit ada.king@example.org --email Bob@example.org &&
	expect_error 2 "is not an e-mail address" \
		tali candidate edit ada.king@example.org --email x &&
	expect_error 2 "the name is not UTF-8" tali candidate edit ada.king@example.org \
		--name "$(printf "\377")" &&
		test "$(of ada.king@example.org "j[\"name\"]")" = "Ada King" &&
	tali candidate edit bob@example.org --email BOB@example.org'

test_expect_success 'a candidate is found by a beginning of the id' '
	bob=$(of bob@example.org "j[\"id\"]") &&
	test "$(of "$(echo "$bob" | cut -c 1-6)" "j[\"email\"]")" = \
		bob@example.org && expect_error 5 "no candidate '\''zzzzzzzz'\''" \
			tali candidate show zzzzzzzz'

test_expect_success 'delete takes out of the lists; assessments stay' '
	tali candidate delete ada.king@example.org >out && test_must_be_empty out &&
	test -z "$(tali candidate list king)" && tali candidate show ada.king@example.org |
	grep -q "(deleted)$" && tali list --count >out && test "$(cat out)" = 2 &&
	tali show "$first" >out && grep -q "^grade 50.00 %" out && tali verify >out &&
	tali candidate delete ada.king@example.org --json >out.json && check_schema out.json &&
	test "$(json_get out.json "j[\"deleted\"]")" = true'

test_expect_success 'an invitation brings a deleted one back, as the same' '
	before=$(of ada.king@example.org "j[\"id\"]") &&
	invite_one ada.king@example.org --round 3 &&
	tali candidate list king >out && grep -q "^$before " out &&
	test "$(of ada.king@example.org "len(j[\"assessments\"])")" = 3'

test_expect_success 'add brings a deleted one back, with what is said now' '
	tali candidate delete bob@example.org &&
	tali candidate add bob@example.org --notes "asked again" \
		--name "Bob B" >out && test "$(cut -f 2 out)" = "$bob" &&
	test "$(of bob@example.org "[j[\"name\"], j[\"notes\"], j[\"deleted\"]]")" = \
		"[\"Bob B\", \"asked again\", false]" &&
	tali candidate delete bob@example.org && tali candidate add bob@example.org &&
	test "$(of bob@example.org "[j[\"name\"], j[\"notes\"]]")" = "[\"Bob B\", \"asked again\"]"'

test_expect_success 'names never reach the terminal as they are' '
	tali candidate edit bob@example.org --name "$(printf "Bob\033[31m")" &&
	tali candidate list >out &&
	tali candidate show bob@example.org >>out && ! grep -q "$(printf "\033")" out'

test_expect_success 'a name is not taken for SQL' '
	tali candidate add sql@example.org --name "Robert'\''); DROP TABLE candidate;--" &&
	tali candidate list "drop table" | grep -q sql@example.org'

test_done

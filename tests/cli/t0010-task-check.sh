#!/bin/bash
test_description='tali task create and check: what is in order comes in, every fault is named'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# version_of NAME: of a stored task
version_of() {
	tali task show "$1" --json >task.json && json_get task.json 'j["version"]'
}

# faulty TEXT SED-SCRIPT: a task.json changed like that is refused by check and by create, with TEXT
faulty() {
	rm -rf bad && tiny_task bad && sed -i "$2" bad/task.json &&
	expect_exit 2 tali task check bad >faulty.out 2>faulty.err && cat faulty.err &&
	test_must_be_empty faulty.out && grep -qF "$1" faulty.err &&
	expect_exit 2 tali task create bad --from bad 2>faulty.err && grep -qF "$1" faulty.err
}

test_expect_success 'a task is made from a template' '
	make_store && tali task create cart --template debugging-challenge >out &&
	IFS=$(printf "\t") read -r name id version <out && test "$name" = cart &&
	echo "$id" | grep -qxE "[0-9a-z]{16}" && echo "$version" | grep -qxE "[0-9a-f]{12}" &&
	tali task create words --template word-count --json >task.json && check_schema task.json &&
	test "$(json_get task.json "j[\"name\"], j[\"template\"], j[\"proved\"]")" = \
		"[\"words\", \"word-count\", false]"'

test_expect_success 'each template of the house checks' '
	for template in "$TALI_TEMPLATES"/*
	do
		tali task check "$template" >out && grep -q ": ok$" out || return 1
	done'

test_expect_success 'a task is made from a folder, which is not changed' '
	tiny_task folder && cp -R folder before && tali task create mine --from folder &&
	diff -r before folder'

test_expect_success 'options change the manifest on the way in' '
	tali task create changed --from folder --title "Zwei & Drei" --type algorithm \
		--difficulty advanced --language python --time-limit 45 --attempts 3 \
		--visibility public \
		--opens 2026-01-01T00:00:00Z --closes 2027-01-01T00:00:00Z --json >task.json &&
	check_schema task.json && test "$(json_get task.json "[j[k] for k in (\"title\", \"type\",
		\"difficulty\", \"language\", \"time_limit_minutes\", \"attempts\",
		\"visibility\")]")" = \
		"[\"Zwei & Drei\", \"algorithm\", \"advanced\", \"python\", 45, 3, \"public\"]" &&
	tali task export changed out-changed/ && grep -q 2027-01-01 out-changed/task.json &&
	tali task check out-changed'

test_expect_success 'the same content has the same version in any store' '
	tali task create same --from folder && tali init second && mkdir elsewhere &&
	cp -R folder elsewhere/copy && tali task create same --from elsewhere/copy --store second &&
	first=$(version_of same) && test "$first" = "$(TALI_STORE=second version_of same)" &&
	test "$first" != "$(version_of mine)"'

test_expect_success 'caches of languages and .git never enter a version' '
	cp -R folder cached && mkdir -p cached/start/__pycache__ &&
	echo x >cached/start/__pycache__/a.pyc &&
	tali task create tidy --from cached &&
	tali task export tidy tidy-out/ && test ! -e tidy-out/start/__pycache__'

test_expect_success 'wrong options are refused, and nothing is stored' '
	expect_error 2 "say either --template or --from" tali task create none &&
	expect_error 2 "say either --template or --from" \
		tali task create none --template word-count --from folder &&
	expect_error 5 "no template '\''nope'\'' (there are: " \
		tali task create none --template nope &&
	mkdir -p list/b list/easy-y list/medium-z list/a list/easy-x list/.hidden &&
	TALI_TEMPLATES=list expect_error 5 "(there are: a, b, easy-{x,y}, medium-{z})" \
		tali task create none --template nope &&
	expect_exit 5 tali task create none --template nope 2>names &&
	grep -qE "[,{]overdue-invoices,.*hard-\{.*\}\)$" names &&
	expect_error 5 "no template" tali task create none --template ../templates/word-count &&
	expect_error 5 "nowhere: no such folder" tali task create none --from nowhere &&
	expect_error 2 "time_limit_minutes" tali task create none --from folder --time-limit 4 &&
	expect_error 2 "time_limit_minutes" tali task create none --from folder --time-limit 481 &&
	expect_error 2 "/type" tali task create none --from folder --type guessing &&
	expect_error 2 "/difficulty" tali task create none --from folder --difficulty hard &&
	expect_error 2 "/visibility" tali task create none --from folder --visibility shared &&
	expect_error 2 "/closes: must be later" tali task create none --from folder \
		--opens 2027-01-01T00:00:00Z --closes 2026-01-01T00:00:00Z &&
	expect_error 2 "/name" tali task create "No Name" --from folder &&
	expect_error 2 "title: not UTF-8" \
		tali task create none --from folder --title "$(printf "\377")" &&
	expect_error 5 "there is a task '\''cart'\'' already" tali task create cart --from folder &&
	expect_error 5 "no task '\''none'\''" tali task show none'

test_expect_success 'a fault names file, line and JSON pointer' '
	faulty "task.json:8: /time_limit_minutes: " "s/: 30,/: \"30\",/" &&
	faulty "task.json:8: /time_limit_minutes: " "s/: 30,/: 481,/" &&
	faulty "task.json:5: /type: " "s/bug_fix/bug_fiks/" &&
	faulty "task.json:7: /language: must be one of " "s/\"bash\"/\"bahs\"/" &&
	faulty "did you mean '\''bash'\''?" "s/\"bash\"/\"bahs\"/" &&
	faulty "task.json:3: /name: must be 2 to 64 small letters" "s/\"tiny\"/\"Tiny Task\"/" &&
	faulty "task.json:12: /tests/0/report" "s/\"report\": \"exit\"/\"report\": \"exitt\"/"'

test_expect_success 'an unknown key is told, with the one that was meant' '
	faulty "task.json:4: /titel" "s/\"title\"/\"titel\"/" &&
	faulty "task.json:11: /tests/0/visibilty" "0,/\"visibility\"/s//\"visibilty\"/"'

test_expect_success 'a syntax error names the line' '
	faulty "task.json:6:" "s/\"type\": \"bug_fix\",/\"type\": \"bug_fix\"/" &&
	faulty "task.json:2:" "2s/.*/&}/" && faulty "task.json:" "\$d"'

test_expect_success 'a key twice is a fault' '
	faulty "task.json:" "s/^  \"type\".*/&\n&/"'

test_expect_success 'duplicate test ids are a fault' '
	faulty "task.json:13: /tests/1/id: duplicate test id '\''filled'\''" \
		"s/\"judge\", \"kind/\"filled\", \"kind/"'

test_expect_success 'a path that leaves the folder is a fault' '
	faulty "/protected/0: must be a relative path that stays inside" \
		"s|^  \"run\"|  \"protected\": [\"../**\"],\n&|" &&
	faulty "/protected/0: must be a relative path" \
		"s|^  \"run\"|  \"protected\": [\"/etc/*\"],\n&|"'

test_expect_success 'a variant without its folder, and a folder without its variant' '
	faulty "/variants/allmost: there is no folder variants/allmost" \
		"s/\"almost\"/\"allmost\"/" &&
	rm -rf bad && tiny_task bad && mkdir bad/variants/more &&
	echo 1 >bad/variants/more/answer &&
	expect_error 2 "variants/more: is not named in \"variants\" of task.json" \
		tali task check bad'

test_expect_success 'a link, a device or a stray file is a fault' '
	rm -rf bad && tiny_task bad && ln -s /etc/passwd bad/start/link &&
	expect_error 2 "start/link: symbolic links are not allowed" tali task check bad &&
	rm bad/start/link && mkfifo bad/hidden/pipe &&
	expect_error 2 "hidden/pipe: is neither a file nor a folder" tali task check bad &&
	rm bad/hidden/pipe && echo x >bad/notes.txt &&
	expect_error 2 "notes.txt: does not belong in a task folder" tali task check bad &&
	rm bad/notes.txt && echo x >bad/start/README.md &&
	expect_error 2 "start/README.md: would hide the statement" tali task check bad'

test_expect_success 'what is missing is told' '
	rm -rf bad && tiny_task bad && mv bad/start bad/starter &&
	expect_error 2 "starter: does not belong in a task folder" tali task check bad &&
	rm -rf bad && tiny_task bad && rm bad/README.md &&
	expect_error 2 "README.md: is missing" tali task check ./bad &&
	mkdir void && expect_exit 2 tali task check ./void 2>err &&
	grep -q "task.json: is missing" err &&
	expect_error 5 "no such folder" tali task check ./nowhere'

test_expect_success 'a task may have nothing to start from' '
	rm -rf bare && tiny_task bare && rm -r bare/start && tali task check ./bare &&
	mkdir bare/start && tali task check ./bare'

test_expect_success 'several faults are all listed, in the order of lines' '
	rm -rf bad && tiny_task bad && ln -s x bad/start/link &&
	sed -i "s/bug_fix/bug_fiks/; s/: 30,/: 3,/; s/\"almost\"/\"allmost\"/" bad/task.json &&
	expect_exit 2 tali task check bad >out 2>err && test_must_be_empty out &&
	test "$(wc -l <err)" -ge 3 && grep -q "task.json:5: /type: " err &&
	grep -q "task.json:8: /time_limit_minutes: " err &&
	grep -q "start/link: symbolic links" err'

test_expect_success 'check --json lists the faults too' '
	expect_exit 2 tali task check bad --json >check.json && check_schema check.json &&
	test "$(json_get check.json "j[\"ok\"]")" = false &&
	json_get check.json \
		"[f for f in j[\"faults\"] if f[\"pointer\"] == \"/type\"][0]" >fault.json &&
	test "$(json_get fault.json "j[\"file\"], j[\"line\"]")" = "[\"task.json\", 5]" &&
	tali task check folder --json >check.json && check_schema check.json &&
	test "$(json_get check.json "j[\"ok\"], j[\"faults\"]")" = "[true, []]"'

test_expect_success 'a name is a folder here only when it holds a task.json' '
	tali task check cart >out && echo "cart: ok" | test_cmp - out && mkdir cart &&
	tali task check cart && expect_exit 2 tali task check ./cart &&
	expect_error 5 "no task '\''nothing'\''" tali task check nothing'

test_expect_success 'check needs no store for a folder' '
	(unset TALI_STORE && tali task check folder && expect_error 5 \
		"no folder '\''cart'\'' with a task.json, and no store" tali task check cart)'

test_expect_success 'control characters of a folder never reach the terminal' '
	rm -rf bad && tiny_task bad && : >"bad/start/$(printf "a\033[31mb")" &&
	expect_exit 2 tali task check bad 2>err && ! grep -q "$(printf "\033")" err'

test_done

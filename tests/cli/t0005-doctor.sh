#!/bin/bash
test_description='tali doctor: what this machine can enforce'
. "$(dirname "$0")/lib.sh"

tali doctor >doctor.out 2>doctor.err
status=$?
tali doctor --json >doctor.json 2>json.err
json_status=$?

test_expect_success 'exit status is 0 or 3, and 3 has a reason' '
	case $status in
	0) test_must_be_empty doctor.err ;;
	3) grep -q "^tali: doctor: .*: \(weak\|missing\)" doctor.err &&
	test "$(wc -l <doctor.err)" = 1 ;;
	*) false ;;
	esac && test "$json_status" = "$status"'

test_expect_success 'each check is enforced, weak or missing, and says how' '
	grep -v "^languages installed:\|^ *-> " doctor.out >checks &&
	test "$(wc -l <checks)" -ge 15 &&
	! grep -vE "^[a-z ]+ (enforced|weak|missing) +[^ ]" checks'

test_expect_success 'the JSON is valid and says the same' '
	check_schema doctor.json && ready=$(json_get doctor.json "j[\"ready\"]") &&
	if [ "$status" = 0 ]; then test "$ready" = true; else test "$ready" = false; fi &&
	test "$(json_get doctor.json "len(j[\"checks\"])")" = "$(wc -l <checks)" &&
	json_get doctor.json "any(c[\"required\"] and c[\"state\"] != \"enforced\"
		for c in j[\"checks\"])" >weak &&
	if [ "$ready" = true ]; then grep -qx false weak; else grep -qx true weak; fi'

test_expect_success 'what is not enforced has a mend' '
	json_get doctor.json "[c[\"name\"] for c in j[\"checks\"]
		if c[\"required\"] and c[\"state\"] != \"enforced\" and not c[\"mend\"]]" >out &&
	echo "[]" | test_cmp - out'

test_expect_success 'languages that are there are found in the sandbox' '
	grep "^languages installed:" doctor.out | grep -qw bash &&
	json_get doctor.json "[l[\"installed\"] for l in j[\"languages\"]
		if l[\"name\"] == \"bash\"]" >bash.json && echo "[true]" | test_cmp - bash.json &&
	test "$(json_get doctor.json "len(j[\"languages\"])")" = 13'

test_expect_success '--languages tells all of them, in a table and as JSON, and exits with 0' '
	tali doctor --languages >table && test "$(wc -l <table)" = 13 &&
	! grep -vE "^[a-z+]+ +(installed  [^ ]|missing    apt-get install [^ ])" table &&
	grep "^bash  *installed  GNU bash, version [0-9]" table &&
	tali doctor --languages --json >table.jsonl && check_schema table.jsonl &&
	test "$(wc -l <table.jsonl)" = 13 && grep "\"name\":\"bash\"" table.jsonl >bash.json &&
	json_get bash.json "j[\"version\"]" >out && grep "^GNU bash, version [0-9]" out &&
	json_get bash.json "j[\"install\"]" >out && echo "apt-get install bash bats" |
		test_cmp - out'

test_expect_success 'a program outside of the sandbox is not taken for a language' '
	mkdir own && printf "#!/bin/sh\necho forged\n" >own/bash && chmod 755 own/bash &&
	PATH=$PWD/own:$PATH tali doctor --languages >out && ! grep forged out &&
	test_cmp table out'

test_expect_success '--quiet only has the exit status and the reason' '
	expect_exit "$status" tali doctor --quiet >out 2>err && test_must_be_empty out &&
	test_cmp doctor.err err'

test_expect_success 'it needs no store and no HOME' '
	expect_exit "$status" env -i PATH="$PATH" tali doctor >out && grep -q "^user namespace" out'

test_expect_success ROOT 'who may make no namespace is told why, by doctor and by a run' '
	set -- setpriv --bounding-set -sys_admin --inh-caps -sys_admin tali &&
	expected="cannot make namespaces (root needs CAP_SYS_ADMIN" &&
	expect_exit 3 "$@" doctor >out && grep -q "^sandbox  *missing" out &&
	grep -qF -- "-> $expected" out &&
	expect_error 3 "$expected" "$@" sandbox --allow-weak -- true'

test_expect_success ROOT 'an ordinary user is told the truth too' '
	cp "$builddir/tali" ./copy && chmod 755 copy . .. &&
	{ HOME=/nonexistent TMPDIR=/tmp setpriv --reuid=65534 --regid=65534 --clear-groups \
		./copy doctor --json >user.json; user=$?; } && check_schema user.json &&
		case $user in
	0) test "$(json_get user.json "j[\"ready\"]")" = true ;;
	3) test "$(json_get user.json "j[\"ready\"]")" = false ;;
	*) false ;;
	esac'

test_done

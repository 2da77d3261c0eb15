#!/bin/bash
test_description='examples/quickstart.sh as it is: from the empty store to the checked record'
. "$(dirname "$0")/lib.sh"

test_expect_success 'the example runs from beginning to end' '
	"$srcdir/examples/quickstart.sh" tour >out 2>err && cat out && test_cmp /dev/null err'

test_expect_success 'it prints each command before it runs it' '
	grep "^\\$ tali" out | cut -d " " -f 3 >verbs &&
	printf "%s\n" init task task task ai invite start run run chat submit list show \
		score score score logs verify journal verify >expected &&
	grep -vx config verbs >seen && test_cmp expected seen'

test_expect_success 'the task proves itself' '
	grep -q "^cart: ok$" out && grep -q "^proved$" out &&
	test "$(grep -c "variant .* wrong_answer *as expected" out)" = 3 &&
	grep -q "^  reference  *passed  *100 of 100 points" out'

test_expect_success 'the program prints the receipt with its bugs' '
	grep -q "^Bulk discount  *0.00$" out && grep -q "^Total  *21.86$" out'

test_expect_success 'the visible tests find the bugs' '
	grep -q "^9 of 13 passed$" out &&
	grep -q "FAIL  visible/test_ten_units_get_the_bulk_discount  (wrong_answer)" out'

test_expect_success 'the grade is 73.35 %' '
	grep -q "^grade 73.35 % (73.3538 of 100 points) wrong_answer$" out &&
	grep -q "^  unit  46.1538 of 60 points" out && grep -q "^  till  27.2 of 40 points" out'

test_expect_success 'show has the same numbers as JSON' '
	export TALI_STORE=$PWD/tour/store &&
	id=$(ls tour/store/repos | grep -v "^task-\|^start-") &&
	id=${id%.git} && tali show "$id" --json >show.json && check_schema show.json &&
	test "$(json_get show.json "j[\"status\"], j[\"name\"], j[\"email\"]")" = \
		"[\"scored\", \"Ada L\", \"ada@example.org\"]" &&
	test "$(json_get show.json "j[\"score\"][\"grade\"][\"percent\"]")" = 73.35 &&
	test "$(json_get show.json "j[\"score\"][\"run\"][\"number\"]")" = 1 &&
	tali list --json >list.jsonl && check_schema list.jsonl && test "$(wc -l <list.jsonl)" = 1'

test_expect_success 'status goes its way without a gap' '
	tali logs "$id" --json >logs.jsonl && check_schema logs.jsonl &&
	tali logs "$id" | sed -n "s/.*  status \(.*\)/\1/p" >moves &&
	cat >expected <<-\END &&
	scheduled -> activated
	activated -> initializing
	initializing -> configuring
	configuring -> active
	active -> submitted
	submitted -> scoring
	scoring -> scored
	END
	test_cmp expected moves'

test_expect_success 'journal and export are in order' '
	tali verify >verified && grep -qx "assessment $id: ok" verified &&
	grep -qx "task cart: ok" verified &&
	tali verify tour/cart.jsonl --key tour/store/keys/sign.pub --json >verify.json &&
	check_schema verify.json &&
	test "$(json_get verify.json "j[\"ok\"], j[\"signatures\"]")" = "[true, 2]"'

test_expect_success 'a changed byte of the export is told with its event' '
	sed "s/Ada L/Bea L/; s/\"passed\":9/\"passed\":13/" tour/cart.jsonl >forged.jsonl &&
	! cmp -s tour/cart.jsonl forged.jsonl &&
	expect_error 4 "event" tali verify forged.jsonl --key tour/store/keys/sign.pub'

test_expect_success 'the clone is the work, with its history' '
	git -C tour/clone log --format=%s >subjects && printf "%s\n" submit start >expected &&
	test_cmp expected subjects && (cd tour/work && find . -name .git -prune -o -type f -print) |
	grep -v pycache | sort >in-work && (cd tour/clone && git ls-files) | sed "s|^|./|" |
	sort >in-clone && test_cmp in-work in-clone &&
	diff -r -x .git -x __pycache__ tour/work tour/clone &&
	git -C tour/clone fsck --strict'

test_expect_success 'the clone holds nothing that is hidden' '
	git -C tour/clone log --all --name-only --format= >names &&
	! grep -q "hidden\|solution\|variants\|task.json" names &&
	git -C tour/clone cat-file --batch-all-objects --batch >objects &&
	! grep -qa "test_bulk_discount_goes_when_units_are_removed" objects'

test_expect_success 'without a folder it leaves nothing behind, also when it fails' '
	mkdir broken scratch && : >scratch/mine && printf "#!/bin/sh\nexit 9\n" >broken/tali &&
	chmod +x broken/tali && expect_exit 9 env TMPDIR="$PWD/scratch" PATH="$PWD/broken:$PATH" \
		"$srcdir/examples/quickstart.sh" && ls scratch >left && echo mine >expected &&
	test_cmp expected left'

test_expect_success 'it refuses a folder with files in it' '
	expect_error 2 "quickstart: scratch is not empty" \
		"$srcdir/examples/quickstart.sh" scratch &&
	ls scratch >left && echo mine >expected && test_cmp expected left'

test_done

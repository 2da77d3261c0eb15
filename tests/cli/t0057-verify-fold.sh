#!/bin/bash
# t0057-verify-fold.sh - tali verify folds the journal: edits that do not make the texts are found
test_description='a journal whose edits do not make its texts does not verify'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# tell_that KIND DATA...: events of the assessment, whether they are true or not
tell_that() {
	"$builddir/tests/fake/tell" store "$id" "$@"
}

edit() {
	echo "{\"edits\":[{\"file\":\"$1\",\"at\":$2,\"del\":$3,\"ins\":\"$4\"}]}"
}

# exported: what the store has of the session verifies without the store
exported() {
	tali journal export "$id" >session.export &&
	TALI_STORE=none tali verify ./session.export --key store/keys/sign.pub
}

# snapshot_that PATH TEXT: the last commit again, which says that it has this text
snapshot_that() {
	git=store/repos/$id.git
	hash=$(printf %b "$2" | sha256sum | cut -d ' ' -f 1) &&
	tree=$(git --git-dir="$git" rev-parse main^{tree}) &&
	commit=$(git --git-dir="$git" rev-parse main) &&
	tell_that snapshot "{\"reason\":\"idle\",\"tree\":\"$tree\",\"commit\":\"$commit\",
		\"row\":{\"commit\":\"$commit\"},\"open\":{\"$1\":\"$hash\"}}"
}

last() {
	tali logs --json "$id" | wc -l
}

test_expect_success 'a session in an editor of the candidate verifies' '
	make_store && add_tiny && invite_one && tali start "$passcode" work &&
	echo 7 >work/answer && in_folder work tali run $weak &&
	mkdir work/more && echo new >work/more/file && echo 42 >work/answer && rm work/main.sh &&
	in_folder work tali run $weak -- true && tali verify "$id"
'

test_expect_success 'edits that make what was saved verify' '
	tell_that edit "$(edit answer 0 1 "forty-")" edit "$(edit answer 6 0 t)" \
		edit "$(edit answer 7 0 wo)" edit "$(edit answer 9 1 "")" &&
	printf "forty-two\n" >work/answer && in_folder work tali run $weak -- true &&
	snapshot_that answer "forty-two\n" && tali verify "$id" && tali verify && exported &&
	rm -rf good && cp -R store good
'

# refused TEXT: verify ends with 4 and says which event it is, in the store and in an export
refused() {
	number=$(($(last) - 1)) &&
	expect_error 4 "event $number ($1" tali verify "$id" &&
	expect_exit 4 tali verify && expect_error 4 "event $number ($1" exported
}

again() {
	rm -rf store && cp -R good store
}

test_expect_success 'an edit past the end is found' '
	again && tell_that edit "$(edit answer 11 0 x)" &&
	refused "edit): '"'answer'"': bytes 11 to 11 of a text of 10"
'
test_expect_success 'an edit of a file that is not there is found' '
	again && tell_that edit "$(edit main.sh 0 0 x)" &&
	refused "edit): there is no file '"'main.sh'"'"
'
test_expect_success 'a text that is not what its edits make of it is found' '
	again && tell_that edit "$(edit answer 0 0 x)" && snapshot_that answer "forty-two\n" &&
	refused "snapshot): answer is not what its edits make of it"
'
test_expect_success 'a tree that is not what the edits make of it is found' '
	again && tell_that edit "$(edit answer 0 0 x)" && snapshot_that answer "xforty-two\n" &&
	refused "snapshot): answer is not what the tree holds"
'
test_expect_success 'a terminal that was never started is found' '
	again &&
	tell_that terminal_out "{\"terminal\":\"t\",\"chunks\":[{\"ms\":0,\"text\":\"x\"}]}" &&
	refused "terminal_out): there is no terminal"
'
test_expect_success 'a change that nobody recorded is none, when the file is not said to be open' '
	again && tell_that edit "$(edit answer 0 0 x)" && echo other >work/answer &&
	in_folder work tali run $weak -- true && tali verify "$id"
'

test_done

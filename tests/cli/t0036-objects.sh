#!/bin/bash
# t0036-objects.sh - what a candidate's repositories hold, and what they cannot reach
test_description='a candidate costs one object and reaches nothing hidden'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

start_one() {
	invite_one "$1" && tali start "$passcode" "work-$id" >/dev/null
}

# blobs REPOSITORY: the ids of all blobs that can be read through it
blobs() {
	git -C "$1" cat-file --batch-check --batch-all-objects | sed -n 's/ blob .*//p'
}

test_expect_success 'a store with two candidates at work' '
	make_store && add_tiny && start_one one@example.org && start_one two@example.org
'

test_expect_success 'another candidate costs one object, the commit' '
	find "store/repos/$id.git/objects" -type f ! -path "*/info/*" >objects &&
	test "$(wc -l <objects)" = 1 && test -s "store/repos/$id.git/objects/info/alternates" &&
	git clone -q "store/repos/$id.git" clone && test -e clone/main.sh
'

test_expect_success 'the hidden test is in the store' '
	tali task export tiny out/ &&
	git hash-object out/hidden/judge.sh out/solution/answer >secret &&
	blobs store/repos/task-*.git >all && test "$(grep -cxFf secret all)" = 2
'

test_expect_success 'nothing hidden can be reached through the repository or the work folder' '
	blobs "store/repos/$id.git" >theirs && test -s theirs && ! grep -xFf secret theirs &&
	blobs "work-$id" >own && test -s own && ! grep -xFf secret own &&
	test ! -e "work-$id/.git/objects/info/alternates"
'

test_expect_success 'a store that was moved is whole' '
	mv store moved && tali --store moved verify && git -C "moved/repos/$id.git" fsck &&
	mv moved store
'

test_done

#!/bin/bash
test_description='built-in tasks: each is checked and proved'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/templates.sh"

prove_templates [a-df-gi-ln-z]*
test_expect_success 'the data of user-retention is what its script makes' '
	/usr/bin/python3 "$srcdir/tools/make-retention-data.py" 1 620 data &&
	diff -r data "$TALI_TEMPLATES/user-retention/start/data"
'
test_done

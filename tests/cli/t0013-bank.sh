#!/bin/bash
test_description='the question bank: each is checked and proved'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/templates.sh"

prove_templates easy-* medium-* hard-*
test_done

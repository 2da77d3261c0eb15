#!/bin/bash
test_description='built-in tasks: each is checked and proved'
. "$(dirname "$0")/lib.sh"

for folder in "$TALI_TEMPLATES"/*/
do
	folder=${folder%/} template=$(basename "$folder")
	test_expect_success "the template $template has what a task needs" '
		tali task check "$folder" &&
		test "$(json_get "$folder/task.json" "j[\"name\"]")" = "$template" &&
		test "$(json_get "$folder/task.json" "(len(j[\"hints\"]) == 3 and
			len(j[\"variants\"]) >= 3 and \"edge\" in json.dumps(j[\"tests\"]))")" = true'

	test_expect_success "the template $template is proved" '
		tali task prove $weak --repeats 1 "$folder" >out && cat out &&
		tail -n 1 out | grep -qx proved && grep -qE "^  reference +passed" out &&
		! grep "^  starter  *passed" out'
done

test_expect_success 'the data of user-retention is what its script makes' '
	mkdir data && /usr/bin/python3 "$srcdir/tools/make-retention-data.py" data &&
	diff -r data "$TALI_TEMPLATES/user-retention/files"'

test_done

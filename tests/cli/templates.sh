# templates.sh - for t0013-*.sh: each of these built-in tasks is checked and proved
#	prove_templates GLOB...
prove_templates() {
	local folder template names
	# unquoted: the globs are meant for the folder of templates
	names=$(cd "$TALI_TEMPLATES" && ls -d $*) || error "no template is called $*"
	for template in $names
	do
		folder=$TALI_TEMPLATES/$template
		test_expect_success "the template $template has what a task needs" '
			tali task check "$folder" &&
			test "$(json_get "$folder/task.json" "j[\"name\"]")" = "$template" &&
			test "$(json_get "$folder/task.json" "(len(j[\"hints\"]) == 3 and
				len(j[\"variants\"]) >= 3 and
				\"edge\" in json.dumps(j[\"tests\"]))")" = true
		'
		test_expect_success "the template $template is proved" '
			if ! tali task prove $weak --repeats 1 "$folder" >out
			then
				cat out && false
			fi &&
			tail -n 1 out | grep -qx proved && grep -qE "^  reference +passed" out &&
			! grep "^  starter  *passed" out
		'
	done
}

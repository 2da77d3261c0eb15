# golden.sh - sourced by tests of scores: plays the sessions of golden.py, and reads documents

began=2026-01-05T09:00:00Z
golden=$srcdir/tests/score/golden.py

# after SECONDS: that long after the sessions began
after() {
	date -u -d "@$(($(date -u -d "$began" +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ
}

# play NAME [TASK [AS]]: invites, starts, plays the session, submits; the id goes into id-AS
play() {
	local as=${3:-$1} id passcode end
	tali_at "=$began" invite "${2:-bill}" "$as@example.org" >invitation || return
	IFS=$'\t' read -r _ id _ passcode <invitation
	tali_at "=$began" start "$passcode" "work-$as" >/dev/null &&
	end=$(python3 "$golden" "$1" "lines-$as" "work-$as") &&
	"$builddir/tests/fake/tell-lines" "$TALI_STORE" "$id" <"lines-$as" &&
	(cd "work-$as" && tali_at "=$(after "$end")" submit --yes >/dev/null) &&
	echo "$id" >"id-$as"
}

# score_as NAME [OPTION...]: the document goes into NAME.json
score_as() {
	tali_at "=$(after 4000)" score "$(cat "id-$1")" --json "${@:2}" >"$1.json" &&
	check_schema "$1.json"
}

# value NAME: of the score, in hundredths
value() {
	json_get "$1.json" 'round(j["score"]["value"] * 100)'
}

# value_text NAME: of the score, with two decimals
value_text() {
	printf "%.2f" "$(json_get "$1.json" 'j["score"]["value"]')"
}

# of NAME EXPRESSION: over s, the subitems by name, and g, the signals by name
of() {
	json_get "$1.json" "(lambda s, g: $2)(
		{i['name']: i for c in j['score']['categories'] for i in c['subitems']},
		{g['name']: g for c in j['score']['categories'] for i in c['subitems']
			for g in i['signals']})"
}

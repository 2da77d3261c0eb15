#!/bin/bash
# The answer of each task is a shell script that the test runner reads into its own process, as test
# runners do: what it defines is tested, and what else it does happens to the runner.
test_description='reports of CTRF and go test: what the whole of tali makes of them'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

adds='add() { echo $(($1 + $2)); }'

# report_task FORMAT ARGV...: a task whose two cases are reported so
report_task() {
	tiny_task "$1" && rm "$1/hidden/judge.sh" && : >"$1/start/answer" &&
	echo "$adds" >"$1/solution/answer" &&
	echo 'add() { echo 3; }' >"$1/variants/almost/answer" &&
	sed -i -e "s|\"sh\", \"judge.sh\"\], \"report\": \"tap\"|$2], \"report\": \"$1\"|" \
		-e 's|judge/right|judge/sum/*negative|' "$1/task.json" &&
	cat >"$1/hidden/judge.sh" && grep -q "\"report\": \"$1\"" "$1/task.json"
}

# graded FORMAT: scores the answer on standard input; sets $percent, $verdict, $tampered, $cases and
# $message
graded() {
	mkdir -p work && cat >work/answer && rm -f score.json &&
	tali score $weak --task "$1" --workspace work --exit-zero --json >score.json &&
	check_schema score.json && get='j["grade"]["tests"][1]' &&
	percent=$(json_get score.json 'j["grade"]["percent"]') &&
	verdict=$(json_get score.json "$get[\"verdict\"]") &&
	tampered=$(json_get score.json "$get[\"tampered\"]") &&
	message=$(json_get score.json "$get[\"message\"]") &&
	cases=$(json_get score.json "' '.join(c['verdict'] for c in $get['cases'])") &&
	echo "$percent $verdict $tampered [$cases] $message"
}

# honest FORMAT ANSWER PERCENT CASES
honest() {
	graded "$1" <<<"$2" && [ "$percent" = "$3" ] && [ "$tampered" = false ] &&
	[ "$cases" = "$4" ]
}

# forged FORMAT MESSAGE <ANSWER: no points, and that is why
forged() {
	graded "$1" && [ "$percent" = 0 ] && [ "$tampered" = true ] &&
	[[ $message == *"$2"* ]]
}

test_expect_success 'a runner that writes CTRF' '
	report_task ctrf "\"sh\", \"judge.sh\", \"{report}\"" <<-\END
	report=$1 tests= count=0 failed=0
	write() {
		cat >"$report" <<-DOCUMENT
		{"reportFormat": "CTRF", "specVersion": "0.0.0", "results": {
		"tool": {"name": "sh"},
		"summary": {"tests": $count, "passed": $((count - failed)),
		"failed": $failed, "skipped": 0, "pending": 0, "other": 0,
		"start": 1, "stop": 2}, "tests": [$tests]}}
		DOCUMENT
	}
	check() {
		status=passed
		[ "$2" = "$3" ] || status=failed failed=$((failed + 1))
		count=$((count + 1))
		tests="$tests${tests:+, }{\"name\": \"$1\", \"status\": \"$status\",
			\"duration\": 1, \"suite\": [\"sum\"]}"
	}
	. ./answer
	check small "$(add 1 2)" 3
	check negative "$(add -1 1)" 0
	write
	[ $failed = 0 ]
	END'

test_expect_success 'a runner that prints what go test -json prints' '
	report_task gotest "\"sh\", \"judge.sh\"" <<-\END
	event() {
		echo "{\"Action\":\"$1\",\"Package\":\"sum\"${2:+,\"Test\":\"$2\"}}"
	}
	check() {
		event run "$1"
		[ "$2" = "$3" ] && event pass "$1" || { event fail "$1" && failed=1; }
	}
	failed=0
	event start
	. ./answer
	check TestSmall "$(add 1 2)" 3
	check Test_negative "$(add -1 1)" 0
	[ $failed = 0 ] && event pass || event fail
	exit $failed
	END'

for format in ctrf gotest
do
	test_expect_success "$format: reference and wrong solution prove the task" '
		tali task prove $weak --repeats 2 ./'$format' >out && cat out &&
		tail -n 1 out | grep -qx proved && grep -qE "^  variant almost .* as expected$" out'

	test_expect_success "$format: cases passed and failed are what the answer did" '
		honest '$format' "$adds" 100 "passed passed" &&
		honest '$format' "add() { echo 3; }" 50 "passed wrong_answer" &&
		honest '$format' "add() { echo 0; }" 50 "wrong_answer passed" &&
		honest '$format' ":" 0 "wrong_answer wrong_answer"'

	test_expect_success "$format: a runner that dies without a report earned nothing" '
		honest '$format' "exit 3" 0 "runtime_error runtime_error" &&
		honest '$format' "kill -9 \$\$" 0 "runtime_error runtime_error" &&
		forged '$format' "the runner ended well, but" <<<"exit 0"'

	test_expect_success "$format: all passed, but the runner says otherwise" '
		forged '$format' "the report says all passed, but the runner ended with" <<-\END
		add() { echo $(($1 + $2)); }
		trap "exit 1" EXIT
		END'

	test_expect_success "$format: some failed, but the runner says otherwise" '
		forged '$format' "the runner ended well, although 1 case failed" <<-\END
		add() { echo 3; }
		trap "exit 0" EXIT
		END'
done

test_expect_success 'ctrf: a case that is missing' '
	forged ctrf "the report lacks '\''sum/negative'\''" <<-\END
	check() { :; }
	tests="{\"name\": \"small\", \"status\": \"passed\", \"duration\": 1, \"suite\": [\"sum\"]}"
	count=1
	END'

test_expect_success 'gotest: a case that is missing' '
	forged gotest "the report lacks '\''sum/Test_negative'\''" <<-\END
	check() { :; }
	event run TestSmall && event pass TestSmall
	END'

test_expect_success 'ctrf: a status that is not known' '
	forged ctrf "a test has a status that is not known" <<-\END
	add() { echo $(($1 + $2)); }
	trap "sed -i s/passed.,/great\\\",/g $report" EXIT
	END'

test_expect_success 'ctrf: a status that was changed is counted in the summary' '
	forged ctrf "its summary" <<-\END
	add() { echo 3; }
	trap "sed -i s/failed.,/passed\\\",/ $report; exit 0" EXIT
	END'

test_expect_success 'gotest: an action that is not known' '
	forged gotest "did not fail, but a test of it did" <<-\END
	check() { event run $1 && event great $1; }
	END'

test_expect_success 'gotest: a case that failed and passed' '
	forged gotest "the report names '\''sum/TestSmall'\'' twice" <<-\END
	add() { echo $(($1 + $2)); }
	event run TestSmall && event fail TestSmall
	END'

test_expect_success 'ctrf: a report that is cut off' '
	forged ctrf "the runner ended well, but its report" <<-\END
	add() { echo $(($1 + $2)); }
	trap "truncate -s -9 $report; exit 0" EXIT
	END'

test_expect_success 'gotest: a report that is cut off' '
	forged gotest "has no result" <<-\END
	add() { echo $(($1 + $2)); }
	event() {
		[ "$*" = pass ] ||
			echo "{\"Action\":\"$1\",\"Package\":\"sum\"${2:+,\"Test\":\"$2\"}}"
	}
	END'

test_expect_success 'gotest: half a line at the end' '
	forged gotest "is not an event of go test" <<-\END
	add() { echo $(($1 + $2)); }
	trap "printf {; exit 0" EXIT
	END'

test_expect_success 'a task whose own report does not hold together is not proved' '
	cp -R ctrf cut && sed -i "s/^write$/write; truncate -s -9 \$report/" cut/hidden/judge.sh &&
	expect_exit 1 tali task prove $weak ./cut >out && grep "its report" out &&
	cp -R gotest other && sed -i "s/event pass || event fail/:/" other/hidden/judge.sh &&
	expect_exit 1 tali task prove $weak ./other >out && grep "has no result" out'

test_done

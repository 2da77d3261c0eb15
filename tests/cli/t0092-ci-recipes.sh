#!/bin/bash
test_description='examples/ of CI: valid by what others published, and each grades as it stands'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

node=$srcdir/tests/web/node_modules/.bin/node tools=$srcdir/tests/ci/node_modules
[ ! -x "$node" ] || [ ! -d "$tools" ] || test_set_prereq TOOLS
! command -v groovy >/dev/null || test_set_prereq GROOVY
[ ! -x "$node" ] || ! command -v rsync >/dev/null || [ ! -d "$tools" ] || test_set_prereq GITLAB
here=$PWD
# a CI gives no standard input
exec </dev/null

# --- a machine of a CI: no tali, and an apt-get and a sudo that only tell what they were asked

mkdir machine && export machine_path=$PWD/machine:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
cat >machine/apt-get <<-END
	#!/bin/sh
	echo "apt-get \$*" >>"$PWD/asked"
END
# like sudo, it takes nothing of the caller's PATH
cat >machine/sudo <<-END
	#!/bin/sh
	echo "sudo \$*" >>"$PWD/asked"
	[ "\$1" != -E ] || shift
	[ "\$1" = apt-get ] || PATH=/usr/bin:/bin exec "\$@"
END
chmod +x machine/*

# repository FOLDER: what is there as its first commit
repository() {
	git init -q -b main "$1" && git -C "$1" add -A && git -C "$1" commit -q -m first
}

# a tali to clone: the one under test, when its bootstrap was called
mkdir -p tali.git && cat >tali.git/bootstrap <<-END
	#!/bin/sh
	cd "\$(dirname "\$0")" && mkdir -p build && echo "bootstrap \$*" >>"$PWD/asked"
	cat >build/tali <<-END2
		#!/bin/sh
		[ ! -e "$PWD/broken" ] || exit 3
		exec "$root/bin/tali" $weak "\\\$@"
	END2
	chmod +x build/tali
END
chmod +x tali.git/bootstrap && repository tali.git && git -C tali.git tag v1
# as recipes find it in the end
mkdir installed && cp tali.git/bootstrap installed && installed/bootstrap

# tasks of a team, and submissions: 42 is right, 7 gets half
tiny_task repos/team/tasks/cart && repository repos/team/tasks
for answer in 42 7
do
	mkdir -p repos/example/$answer && echo $answer >repos/example/$answer/answer &&
		cp repos/team/tasks/cart/start/main.sh repos/example/$answer &&
		repository repos/example/$answer
done

# --- GitHub

# github FOLDER REPOSITORY [INPUT VALUE...]: plays the workflow of REPOSITORY in FOLDER
github() {
	mkdir -p "$1" && ln -sfn ../repos "$1/repos" &&
	/usr/bin/python3 - "$PWD" "$2" "${@:3}" >"$1/context.json" <<-\END &&
		import json, sys
		here, repository, *words = sys.argv[1:]
		print(json.dumps({
		    "github": {"repository": repository, "token": "ghs_1"},
		    "inputs": dict(zip(words[::2], words[1::2])),
		    "vars": {"TALI_SOURCE": "file://" + here + "/tali.git", "TALI_VERSION": "v1",
		             "TALI_TASKS": "team/tasks"},
		    "secrets": {"TALI_TOKEN": "ghp_1"}}))
	END
	(cd "$1" && PATH=$machine_path "$node" "$srcdir/tests/ci/act.mjs" \
		"$srcdir/examples/github-actions.yml" context.json)
}

# outcomes FOLDER: of each step, in a line
outcomes() {
	json_get "$1/act.json" '" ".join(step["outcome"] for step in j["steps"])'
}

test_expect_success TOOLS 'github-actions.yml is valid for GitHub, and by the published schema' '
	"$node" "$srcdir/tests/ci/check-workflow.mjs" "$srcdir/examples/github-actions.yml"'

test_expect_success TOOLS 'both see what is wrong' '
	sed "s/runs-on/run-on/; s/!cancelled/!canceled/" "$srcdir/examples/github-actions.yml" \
		>bad.yml &&
	expect_exit 1 "$node" "$srcdir/tests/ci/check-workflow.mjs" bad.yml >out &&
	grep -F "Unrecognized function: '\''canceled'\''" out && grep "^{.*run-on" out'

test_expect_success TOOLS 'no input gets into a script but by the environment' '
	/usr/bin/python3 - "$srcdir/examples/github-actions.yml" <<-\END
		import sys, re
		text = open(sys.argv[1]).read()
		scripts = re.findall(r"run: \|\n((?:          .*\n|\n)+)", text)
		assert len(scripts) == 2, scripts
		assert not any("${{" in script for script in scripts)
	END'

test_expect_success TOOLS 'GitHub: a submission of others is graded, and passes' '
	: >asked && github others team/tasks repository example/42 task cart min 100 &&
	test "$(outcomes others)" = "success success success success success success skipped" &&
	check_schema others/artifacts/tali/tali.json &&
	test "$(json_get others/artifacts/tali/tali.json "j[\"grade\"][\"percent\"]")" = 100 &&
	xmllint --noout others/artifacts/tali/tali.xml &&
	json_get others/act.json "j[\"summary\"]" >summary && grep -i "100" summary &&
	grep "^bootstrap build --disable-web$" asked &&
	grep "^sudo apt-get install .*python3-pytest" asked'

test_expect_success TOOLS 'GitHub: a push is graded, fails below the minimum, and is shown' '
	expect_exit 1 github push example/7 &&
	test "$(outcomes push)" = "success success success success failure success success" &&
	json_get push/act.json "[step.get(\"exit\") for step in j[\"steps\"]]" >out &&
	echo "[0, 0, 0, 0, 1, 0, 0]" | test_cmp - out &&
	json_get push/act.json "\"\n\".join(j[\"annotations\"])" >annotations &&
	grep "^::error" annotations && json_get push/act.json "j[\"summary\"]" | grep 50 &&
	test -s push/code-scanning/tali/log.sarif &&
	grep -c "<failure" push/artifacts/tali/tali.xml'

test_expect_success TOOLS 'GitHub: a kept tali is not cloned again' '
	mv tali.git gone.git && test_when_finished "mv gone.git tali.git" &&
	rm -rf again && mkdir again && cp -R others/cache again/cache &&
	github again team/tasks repository example/42 &&
	test "$(outcomes again)" = "success success success success success success skipped"'

test_expect_success TOOLS 'GitHub: what could not be graded fails with its own status' '
	: >broken && test_when_finished "rm broken" &&
	expect_exit 1 github broke team/tasks repository example/42 &&
	test "$(json_get broke/act.json "j[\"steps\"][4][\"exit\"]")" = 3'

# --- GitLab: gitlab-ci-local validates by the schema that GitLab publishes, and runs the jobs

# gitlab FOLDER OPTION...: plays the pipeline of a fresh clone of the tasks
gitlab() {
	[ -d "$1" ] || {
		git clone -q repos/team/tasks "$1" &&
		sed "s|^  TALI_SOURCE: .*|  TALI_SOURCE: file://$PWD/tali.git|
			s|^  TALI_VERSION: .*|  TALI_VERSION: v1|" \
			"$srcdir/examples/gitlab-ci.yml" >"$1/.gitlab-ci.yml" &&
		git -C "$1" add -A && git -C "$1" commit -q -m "as it stands" &&
		git -C "$1" remote set-url origin https://gitlab.example.org/team/tasks.git
	} || return
	(cd "$1" && env -i PATH="$machine_path" HOME="$HOME" timeout 120 "$node" \
		"$tools/gitlab-ci-local/dist/index.js" "${@:2}" 2>&1)
}

test_expect_success GITLAB 'gitlab-ci.yml is valid by the published schema' '
	gitlab lint --list --variable SUBMISSION=x >out && grep "json schema validated" out &&
	grep "^grade " out'

test_expect_success GITLAB 'which sees what is wrong' '
	gitlab bad --list --variable SUBMISSION=x >out && sed -i "s/exit_codes/exit_code/" \
		bad/.gitlab-ci.yml && ! gitlab bad --list --variable SUBMISSION=x'

test_expect_success GITLAB 'GitLab: without a submission there is no job' '
	gitlab lint --list >out && ! grep "^grade " out'

test_expect_success GITLAB 'GitLab: a submission is graded, and passes' '
	: >asked && gitlab pass grade --force-shell-executor --variable TASK=cart \
		--variable "SUBMISSION=$PWD/repos/example/42" --variable MIN=100 &&
	check_schema pass/tali.json && xmllint --noout pass/tali.xml &&
	test "$(json_get pass/tali.json "j[\"grade\"][\"percent\"]")" = 100 &&
	grep "^apt-get install .*python3-pytest" asked && grep "^bootstrap build" asked'

test_expect_success GITLAB 'GitLab: below the minimum the job fails, with its report' '
	! gitlab fail grade --force-shell-executor \
		--variable "SUBMISSION=$PWD/repos/example/7" >out && cat out &&
	grep -i "fail.*grade" out && grep "<failure" fail/tali.xml'

test_expect_success GITLAB 'GitLab: a branch that is not there fails before anything is graded' '
	! gitlab gone grade --force-shell-executor --variable REF=none \
		--variable "SUBMISSION=$PWD/repos/example/42" && ! test -e gone/tali.xml'

# --- Jenkins

# jenkins FOLDER PARAMETERS: plays the Jenkinsfile of a fresh clone of the tasks
jenkins() {
	git clone -q repos/team/tasks "$1" &&
	sed "s|https://git.example.org/tali.git|file://$PWD/tali.git|; s|'v1.0'|'v1'|" \
		"$srcdir/examples/jenkins/Jenkinsfile" >"$1/Jenkinsfile" &&
	echo "$2" >"$1/parameters.json" &&
	(cd "$1" && PATH=$machine_path timeout 120 \
		groovy "$srcdir/tests/ci/jenkins.groovy" Jenkinsfile parameters.json)
}

test_expect_success GROOVY 'Jenkins: a submission is graded, and passes' '
	jenkins good "{\"SUBMISSION\": \"$PWD/repos/example/42\", \"MIN\": \"100\"}" &&
	json_get good/jenkins.json "[j[\"result\"], j[\"archived\"]]" >out &&
	echo "[\"SUCCESS\", [\"tali.json\", \"tali.xml\"]]" | test_cmp - out &&
	check_schema good/results/tali.json'

test_expect_success GROOVY 'Jenkins: below the minimum the build is unstable' '
	jenkins weak "{\"SUBMISSION\": \"$PWD/repos/example/7\"}" &&
	json_get weak/jenkins.json "[j[\"result\"], j[\"messages\"]]" >out &&
	echo "[\"UNSTABLE\", [\"the grade is below 80 %\"]]" | test_cmp - out &&
	grep "<failure" weak/results/tali.xml'

test_expect_success GROOVY 'Jenkins: what could not be graded fails' '
	: >broken && test_when_finished "rm broken" &&
	expect_exit 1 jenkins broke-too "{\"SUBMISSION\": \"$PWD/repos/example/42\"}" &&
	json_get broke-too/jenkins.json "[j[\"result\"], j[\"messages\"]]" >out &&
	echo "[\"FAILURE\", [\"nothing was graded: exit status 3\"]]" | test_cmp - out'

# in_installed COMMAND...: with that tali on the PATH
in_installed() {
	PATH=$here/installed/build:$PATH "$@"
}

# --- a hook

# push ANSWER REF: makes a commit with the answer, and pushes it
push() {
	echo "$1" >work/answer && git -C work commit -q -a -m "answer $1" &&
	in_installed git -C work push -q origin "HEAD:$2" >push.out 2>&1
	code=$?
	cat push.out
	return $code
}

test_expect_success 'a bare repository with the hook, and a clone' '
	git init -q --bare -b main bare.git && cp "$srcdir/examples/pre-receive" bare.git/hooks &&
	git -C bare.git config receive.fsckObjects true &&
	git clone -q repos/example/7 work && git -C work remote set-url origin "$PWD/bare.git"'

test_expect_success 'pre-receive: without a task nothing is let in' '
	! push 42 main && grep "refused: no task to grade by" push.out &&
	git -C bare.git config tali.task "$PWD/repos/team/tasks/cart"'

test_expect_success 'pre-receive: below the minimum a push is refused' '
	! push 8 main && grep "refused: refs/heads/main is below 80 %" push.out &&
	test -z "$(git -C bare.git for-each-ref)"'

test_expect_success 'pre-receive: who pushes is told nothing of hidden tests' '
	grep 50 push.out && ! grep -i -e judge -e right push.out'

test_expect_success 'pre-receive: a good push is let in' '
	push 42 main && test "$(git -C bare.git show main:answer)" = 42'

test_expect_success 'pre-receive: one bad branch of two refuses both' '
	git -C work branch -f good && echo 9 >work/answer && git -C work commit -q -a -m nine &&
	! in_installed \
		git -C work push -q origin good HEAD:bad 2>err && cat err &&
	test "$(git -C bare.git for-each-ref --format="%(refname)")" = refs/heads/main'

test_expect_success 'pre-receive: tags and deleted branches pass' '
	git -C work tag nine && git -C work push -q origin nine &&
	in_installed git -C work push -q origin good:second &&
	git -C work push -q origin :second && test "$(git -C bare.git tag)" = nine &&
	test "$(git -C bare.git for-each-ref --format="%(refname)" refs/heads)" = refs/heads/main'

test_expect_success 'pre-receive: what could not be graded is refused, and said to be no fault' '
	: >broken && test_when_finished "rm broken" && ! push 42 main &&
	grep "no fault of it, so try again" push.out'

test_expect_success 'pre-receive: a link that leads out and a large file are refused' '
	git clone -q repos/example/42 hostile &&
	git -C hostile remote set-url origin "$PWD/bare.git" &&
	ln -s /etc/passwd hostile/answer2 && ln -s ../.. hostile/up &&
	git -C hostile add -A && git -C hostile commit -q -m links &&
	{ in_installed git -C hostile push -q origin HEAD:links 2>err; cat err; } &&
	! grep root: err && truncate -s 600M hostile/large && git -C hostile add -A &&
	git -C hostile commit -q -m large &&
	! in_installed \
		git -C hostile push -q origin HEAD:large 2>err && cat err && grep "refused: " err'

test_expect_success 'pre-receive: nothing is left behind' '
	mkdir tmp && TMPDIR=$PWD/tmp in_installed \
		git -C work push -q origin good:kept && test -z "$(ls -A tmp)"'

# --- make, and a loop

test_expect_success 'grade.mk: a folder passes or fails' '
	in_installed make -s -C repos/example/42 -f "$srcdir/examples/grade.mk" grade MIN=100 \
		TASK="$PWD/repos/team/tasks/cart" REPORT="$PWD/42.xml" >out && cat out &&
	xmllint --noout 42.xml &&
	in_installed expect_exit 2 make -s -C repos/example/7 \
		-f "$srcdir/examples/grade.mk" grade TASK="$PWD/repos/team/tasks/cart" \
		REPORT="$PWD/7.xml" && grep "<failure" 7.xml'

test_expect_success 'archives, one with a name that a shell would run, one that is none' '
	mkdir inbox && for answer in 42 7
	do
		archive="$PWD/inbox/\$(touch pwned) $answer.zip" &&
		git -C repos/example/$answer archive -o "$archive" HEAD || return 1
	done && echo "no archive" >inbox/none.zip'

test_expect_success 'grade.mk: a folder of archives, whatever their names' '
	in_installed expect_exit 2 make -s -f "$srcdir/examples/grade.mk" \
		grades TASK=repos/team/tasks/cart ARCHIVES=inbox >out 2>err && cat out err &&
	! test -e pwned && grep "none.zip" err && xmllint --noout tali.xml'

test_expect_success 'grade-archives.sh: files of each, a table, and the status of the worst' '
	in_installed expect_exit 2 "$srcdir/examples/grade-archives.sh" repos/team/tasks/cart \
		results inbox/* >out 2>err && cat out err results/grades.tsv &&
	printf "%s\n" "\$(touch pwned) 42	passed" "\$(touch pwned) 7	below" \
		"none	refused" | test_cmp - results/grades.tsv &&
	! test -e pwned && test "$(ls results | wc -l)" = 6 && grep "<error" results/none.xml &&
	xmllint --noout results/*.xml && check_schema "results/\$(touch pwned) 42.json"'

test_expect_success 'grade-archives.sh: names write no lines, and take no results away' '
	good="inbox/\$(touch pwned) 42.zip" low="inbox/\$(touch pwned) 7.zip" &&
	mkdir -p odd/more && cp "$low" "$(printf "odd/x\teve\tpassed\nann.zip")" &&
	cp "$good" odd/bob.zip && cp "$low" odd/bob.zip.zip && cp "$low" odd/more/bob.zip &&
	(cd odd && cp bob.zip ./-o.zip && in_installed expect_exit 1 \
		"$srcdir/examples/grade-archives.sh" ../repos/team/tasks/cart ../named \
		bob.zip more/bob.zip bob.zip.zip -o.zip x*) >out 2>err && cat out err &&
	printf "%s\t%s\n" bob passed bob.zip below bob.zip.zip below -o passed \
		x_eve_passed_ann below | test_cmp - named/grades.tsv &&
	grep "<failure" named/bob.zip.xml && ! grep "<failure" named/bob.xml &&
	test "$(ls named | wc -l)" = 11'

test_expect_success 'grade-archives.sh: and so is the one command that it names' '
	in_installed expect_exit 2 tali score --task repos/team/tasks/cart --min 80 \
		--archive inbox/* >out 2>err && cat out err && test "$(wc -l <out)" = 2'

test_expect_success 'grade-archives.sh: all good is 0, below is 1, broken is 3' '
	good="inbox/\$(touch pwned) 42.zip" low="inbox/\$(touch pwned) 7.zip" &&
	run="$srcdir/examples/grade-archives.sh" task=repos/team/tasks/cart &&
	in_installed expect_exit 0 "$run" $task results "$good" &&
	in_installed expect_exit 1 "$run" $task results "$good" "$low" &&
	: >broken && test_when_finished "rm broken" &&
	in_installed expect_exit 3 "$run" $task results "$good" inbox/none.zip &&
	in_installed expect_exit 2 "$run" $task'

test_done

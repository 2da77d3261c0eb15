#!/bin/bash
# t5000-hostile-submissions.sh - candidates who cheat get no better grade than the honest starter
test_description='cheating does not pay'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fault.sh"

# What a program could use to write on the terminal, or to move its cursor.
no_escape_codes() {
	! LC_ALL=C grep -n "$(printf '[\001-\010\013-\037\177]')" "$@"
}

# grade FOLDER: it is handed in and scored: grade.json, $percent, $verdict. A grade is made whatever
# the candidate did.
grade() {
	number=$((number + 1)) &&
	tali invite --json debugging-challenge "c$number@example.org" >invite.out &&
	id=$(field id invite.out) && work=work.$number &&
	tali start -q "$(field passcode invite.out)" $work &&
	find $work -mindepth 1 -maxdepth 1 ! -name .git -exec rm -r {} + &&
	cp -R "$1/." $work && ( cd $work && tali submit --yes ) &&
	timeout 100 tali score --json $weak "$id" >grade.json 2>grade.err
	code=$?
	cat grade.err >&2
	[ $code = 0 ] && no_escape_codes grade.json grade.err &&
	percent=$(json_get grade.json 'j["grade"]["percent"]') &&
	verdict=$(json_get grade.json 'j["grade"]["verdict"]') &&
	echo "$1: $percent % $verdict" >&2
}

# Lower limits and fewer cases: what is hostile costs seconds in each of them.
shorten_task() {
	/usr/bin/python3 - <<-\EOF
	import glob, json, os
	with open("task/task.json") as file:
	    task = json.load(file)
	task["limits"].update(cpu_seconds=4, wall_seconds=5)
	keep = ("demo", "bulk-threshold", "half-cent-tax")
	till = next(test for test in task["tests"] if test["id"] == "till")
	till["cases"] = {name: till["cases"][name] for name in keep}
	for path in glob.glob("task/hidden/io/*"):
	    if os.path.basename(path).split(".")[0] not in keep:
	        os.remove(path)
	for variant in task["variants"].values():
	    variant["fails"] = [name for name in variant["fails"]
	                        if not name.startswith("till/") or name[5:] in keep]
	with open("task/task.json", "w") as file:
	    json.dump(task, file)
	EOF
}

test_expect_success 'the starter is graded low and the reference solution full' '
	copy_template debugging-challenge task && shorten_task &&
	make_store && tali task import task && tali task prove $weak debugging-challenge &&
	cp -R task/start starter && cp -R task/start solved && cp -R task/solution/. solved &&
	grade solved && test "${percent%.*}" = 100 &&
	grade starter && honest=$percent && test "${honest%.*}" -lt 50
'

# not_better NAME: the folder `cheat`
not_better() {
	grade cheat && /usr/bin/python3 -c '
import sys
sys.exit(not (float(sys.argv[1]) <= float(sys.argv[2]) or sys.argv[3] == "tampered"))' \
		"$percent" "$honest" "$verdict"
}

# cheats NAME: what stands on standard input is run when the module under test is imported
cheats() {
	cat >code
	test_expect_success "$1" '
		rm -rf cheat && cp -R starter cheat && cat code >>cheat/shop/__init__.py &&
		not_better
	'
}

# Only where pytest runs the tests: the others would repeat what costs seconds.
pytest_only='import sys
if "pytest" not in sys.modules: raise SystemExit(3)
'

cheats 'an exit with success at import earns nothing' <<'PY'
import os
os._exit(0)
PY

cheats 'a forged report and an exit earn nothing' <<'PY'
import glob, os, sys
names = [a.split("=", 1)[1] for a in sys.orig_argv if a.startswith("--junitxml=")]
names += ["report.xml", "junit.xml", "/tmp/report.xml", "/tmp/junit.xml", "/report/report.xml"]
names += glob.glob("/tmp/*.xml") + glob.glob("/*/*.xml")
cases = "".join('<testcase classname="hidden_tests.test_cart" name="%s" time="0"/>' % n for n in (
    "test_bulk_starts_at_ten_units", "test_half_a_cent_is_rounded_up"))
for name in names:
    try:
        with open(name, "w") as file:
            file.write('<testsuite name="pytest" failures="0" tests="2">%s</testsuite>' % cases)
    except OSError:
        pass
if names:
    os._exit(0)
PY

cheats 'a report that is rewritten at the end earns nothing' <<'PY'
import atexit, re, sys
def rewrite():
    for name in [a.split("=", 1)[1] for a in sys.orig_argv if a.startswith("--junitxml=")]:
        text = open(name).read()
        text = re.sub(r"<failure.*?</failure>", "", text, flags=re.S)
        text = re.sub(r'failures="\d+"', 'failures="0"', text)
        open(name, "w").write(text)
    import os
    os._exit(0)
atexit.register(rewrite)
PY

cheats 'a process that rewrites the report after the end earns nothing' <<'PY'
import os, re, sys, time
names = [a.split("=", 1)[1] for a in sys.orig_argv if a.startswith("--junitxml=")]
if names and os.fork() == 0:
    os.setsid()
    for n in range(2000):
        try:
            text = open(names[0]).read()
            open(names[0], "w").write(re.sub(r"<failure.*?</failure>", "", text, flags=re.S))
        except OSError:
            pass
        time.sleep(0.001)
    os._exit(0)
PY

cheats 'a report that is a link earns nothing' <<'PY'
import os, sys
for name in [a.split("=", 1)[1] for a in sys.orig_argv if a.startswith("--junitxml=")]:
    with open("/work/forged.xml", "w") as file:
        file.write('<testsuite><testcase name="test_half_a_cent_is_rounded_up"/></testsuite>')
    os.symlink("/work/forged.xml", name)
    os._exit(0)
PY

cheats 'another run in place of this one earns nothing' <<'PY'
import os, sys
names = [a for a in sys.orig_argv if a.startswith("--junitxml=")]
if names and os.path.exists("/work/hidden_tests"):
    with open("/tmp/test_mine.py", "w") as file:
        file.write("def test_half_a_cent_is_rounded_up(): pass\n")
    os.chdir("/tmp")
    os.execv(sys.executable, [sys.executable, "-m", "pytest", names[0], "/tmp/test_mine.py"])
PY

cheats 'an environment for what comes after earns nothing' <<'PY'
import os, sys
os.environ.update(LD_PRELOAD="/work/evil.so", PYTHONPATH="/work/evil", PATH="/work",
                  PYTEST_ADDOPTS="--collect-only")
sys.path.insert(0, "/work/evil")
PY

cheats "a change of pytest's verdicts in memory earns nothing" <<'PY'
try:
    import _pytest.reports as reports
    honest = reports.TestReport.from_item_and_call.__func__
    def passed(cls, item, call):
        call.excinfo = None
        return honest(cls, item, call)
    reports.TestReport.from_item_and_call = classmethod(passed)
except Exception:
    pass
PY

cheats 'assertions that cannot fail earn nothing' <<'PY'
import sys
main = sys.modules.get("_pytest.python")
if main:
    import _pytest.python
    _pytest.python.Function.runtest = lambda self: None
PY

cheats 'equality that always holds earns nothing' <<'PY'
import sys
if "pytest" in sys.modules:
    import shop.cart, shop.pricing
    class Same(int):
        def __eq__(self, other): return True
        def __ne__(self, other): return False
        __hash__ = int.__hash__
    honest = shop.pricing.totals
    def totals(*args, **kw):
        result = honest(*args, **kw)
        try:
            return type(result)(*(Same(x) for x in result))
        except Exception:
            return result
    shop.pricing.totals = totals
PY

cheats 'a daemon that stays is ended' <<'PY'
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    while True:
        time.sleep(1)
PY

cheats 'a bomb of forks is contained' <<PY
$pytest_only
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
PY

cheats 'a hog of memory is contained' <<PY
$pytest_only
hog = []
while True:
    hog.append(bytearray(1 << 24))
PY

cheats 'a flood of output is contained' <<PY
$pytest_only
while True:
    sys.stdout.write("x" * 65536)
    sys.__stderr__.write("x" * 65536)
PY

cheats 'a full disk is contained' <<PY
$pytest_only
n = 0
while True:
    n += 1
    try:
        open("/tmp/fill%d" % n, "wb").write(bytes(1 << 22))
        open("fill%d" % n, "wb").write(bytes(1 << 22))
    except OSError:
        break
PY

cheats 'there is no network, and no process of anybody else' <<'PY'
import os, socket
seen = []
for address in (("127.0.0.1", 22), ("1.1.1.1", 53), ("169.254.169.254", 80)):
    try:
        socket.create_connection(address, timeout=1)
        seen.append(address)
    except OSError:
        pass
for path in ("/proc/1/environ", "/proc/1/root/etc/shadow", "/etc/shadow", "/root"):
    try:
        open(path).read() if not os.path.isdir(path) else seen.extend(os.listdir(path))
        if "shadow" in path:
            seen.append(path)
    except OSError:
        pass
if len([p for p in os.listdir("/proc") if p.isdigit()]) > 12:
    seen.append("processes")
if seen:
    raise SystemExit("seen: %s" % seen)
PY
test_expect_success '... as nothing was seen' '
	! grep "seen:" grade.json && test "$percent" = "$honest"
'

cheats 'escape codes in messages come out harmless' <<'PY'
import sys
sys.stdout.write("\033]0;title\007\033[2J\033[31mred\r\n")
raise ValueError("\033[2J\033]52;c;aGk=\007 \u202e \x9b31m")
PY
test_expect_success '... in text too' '
	tali score $weak "$id" >text 2>&1 && no_escape_codes text &&
	! grep "$(printf "\302\233")" text
'

# --- files

# plants NAME: `cheat` is the starter, changed by the script on standard input (in the folder)
plants() {
	cat >code
	test_expect_success "$1" '
		rm -rf cheat && cp -R starter cheat && ( cd cheat && . "$base/code" ) &&
		not_better
	'
}

plants 'modules that stand in for those of pytest and Python earn nothing' <<-\EOF
	for name in pytest conftest sitecustomize usercustomize json re unittest _pytest junitxml
	do
		printf 'import os\nos._exit(0)\n' >$name.py
	done
	mkdir -p hidden_tests tests && cp pytest.py hidden_tests/conftest.py
	cp pytest.py tests/conftest.py
	printf '[pytest]\naddopts = -p no:junitxml --collect-only\n' >pytest.ini
	cp pytest.ini tox.ini
	printf '[tool.pytest.ini_options]\naddopts = "--collect-only"\n' >pyproject.toml
EOF

plants 'programs, paths and start-up files of its own earn nothing' <<-\EOF
	mkdir -p bin evil lib/python3/site-packages
	for name in python3 python pytest sh env bin/python3 bin/sh
	do
		printf '#!/bin/sh\nexit 0\n' >$name && chmod 755 $name
	done
	echo 'import os; os._exit(0)' >evil.pth
	cp evil.pth lib/python3/site-packages && cp evil.pth evil/sitecustomize.py
	cp evil.pth __main__.py && cp evil.pth runpy.py && cp evil.pth encodings.py
	printf '/work/evil.so\n' >ld.so.preload && cp ld.so.preload evil.so
	printf 'PYTHONPATH=/work/evil\nLD_PRELOAD=/work/evil.so\n' >.env
	printf 'home = /work/bin\n' >pyvenv.cfg && cp pyvenv.cfg bin
	printf '{"scripts": {"test": "exit 0"}}\n' >package.json
EOF

plants 'a conftest that passes everything earns nothing' <<-\EOF
	cat >conftest.py <<-\PY
		import pytest
		@pytest.hookimpl(hookwrapper=True)
		def pytest_runtest_makereport(item, call):
		    outcome = yield
		    report = outcome.get_result()
		    report.outcome = "passed"
	PY
	mkdir -p hidden_tests shop/tests
	cp conftest.py hidden_tests && cp conftest.py shop && cp conftest.py tests
EOF

plants 'compiled files with other content earn nothing' <<-\EOF
	/usr/bin/python3 - <<-\PY
		import glob, os, py_compile, importlib.util
		for source in glob.glob("../task/solution/**/*.py", recursive=True):
		    place = os.path.relpath(source, "../task/solution")
		    cache = importlib.util.cache_from_source(place)
		    os.makedirs(os.path.dirname(cache), exist_ok=True)
		    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
		    py_compile.compile(source, cache, invalidation_mode=mode)
	PY
	find . -name '*.pyc' | grep -q .
EOF

plants 'deleted tests earn nothing' <<-\EOF
	rm -rf tests
EOF

plants 'visible tests that were made to pass earn nothing' <<-\EOF
	for file in tests/*.py
	do
		echo 'def test_all(): pass' >$file
	done
EOF

plants 'a report that is there already earns nothing' <<-\EOF
	for name in report.xml junit.xml report report.json
	do
		echo '<testsuite><testcase name="test_half_a_cent_of_tax"/></testsuite>' >$name
	done
EOF

plants 'links to files of the system are left out' <<-\EOF
	ln -s /etc/passwd passwd && ln -s / root && ln -sf /etc/passwd shop/money.py
	ln -s ../task/hidden hidden && ln -s loop loop
EOF
test_expect_success '... and nothing of them is shown' '! grep "root:" grade.json'

plants 'a path as long as the system takes is no trouble' <<-\EOF
	deep=$(printf 'd/%.0s' $(seq 15)) && mkdir -p "$deep" && echo x >"$deep/file"
EOF

# refuses NAME CODE TEXT: the folder is not taken at all
refuses() {
	cat >code
	test_expect_success "$1" '
		rm -rf cheat && cp -R starter cheat && ( cd cheat && . "$base/code" ) &&
		expect_error 2 "$text" tali score --task task --workspace cheat $weak &&
		no_escape_codes error.err
	'
}

text=large.bin refuses 'a file of 1 GB without content is refused' <<-\EOF
	truncate -s 1G large.bin
EOF
text=deep refuses 'folders nested 1000 deep are refused' <<-\EOF
	/usr/bin/python3 -c '
	import os
	for n in range(1000):
	    os.mkdir("d"); os.chdir("d")
	open("file", "w")
	'
EOF
text='?[2J' refuses 'a name with escape codes is refused' <<-\EOF
	touch "$(printf 'a\033[2Jb')"
EOF
text='' refuses 'a name with a new line is refused' <<-\EOF
	touch "$(printf 'a\nb')"
EOF
text='' refuses 'a name that is not UTF-8 is refused' <<-\EOF
	touch "$(printf 'a\377b')"
EOF
text='files' refuses 'too many files are refused' <<-\EOF
	mkdir many && cd many && seq 30000 | xargs touch
EOF

# --- a task whose tests are run by make, judged by a validator, and talked to by an interactor

make_runner() {
	mkdir -p runner/start runner/solution runner/hidden/io runner/hidden/talk \
		runner/hidden/judge runner/hidden/hidden_tests &&
	cat >runner/task.json <<-\EOF &&
	{
	  "schema": "tali.task/1", "name": "runner", "title": "Twice", "type": "algorithm",
	  "difficulty": "basic", "language": "bash", "time_limit_minutes": 30,
	  "limits": { "cpu_seconds": 2, "wall_seconds": 4 },
	  "tests": [
	    { "id": "make", "kind": "command", "visibility": "hidden", "points": 40,
	      "argv": ["make", "-s", "check"], "report": "tap" },
	    { "id": "judged", "kind": "io", "visibility": "hidden", "points": 30, "dir": "io",
	      "argv": ["sh", "main.sh"], "compare": { "validator": ["sh", "judge/check.sh"] } },
	    { "id": "talk", "kind": "interactive", "visibility": "hidden", "points": 30,
	      "dir": "talk", "argv": ["sh", "main.sh"], "interactor": ["sh", "judge/talk.sh"] }
	  ]
	}
	EOF
	echo '# Twice' >runner/README.md && echo 'cat' >runner/start/main.sh &&
	echo 'while read -r a; do echo $((2 * a)); done' >runner/solution/main.sh &&
	printf 'check:\n\t@sh hidden_tests/run.sh\n' >runner/hidden/Makefile &&
	cat >runner/hidden/hidden_tests/run.sh <<-\EOF &&
	echo 1..1
	[ "$(echo 21 | sh main.sh)" = 42 ] || printf 'not '
	echo 'ok 1 - doubles'
	EOF
	cat >runner/hidden/judge/check.sh <<-\EOF &&
	[ "$(cat)" = "$(cat "$2")" ] && exit 42
	exit 43
	EOF
	cat >runner/hidden/judge/talk.sh <<-\EOF &&
	for number in 3 $(cat "$1")
	do
		echo $number
		read -r got && [ "$got" = $((2 * number)) ] || exit 43
	done
	exit 42
	EOF
	echo 8731 >runner/hidden/io/one.in && echo 17462 >runner/hidden/io/one.ans &&
	echo 9137 >runner/hidden/talk/one.in && tali task check runner
}

# runs_as FOLDER: it is graded by that task: grade.json, $percent, $verdict
runs_as() {
	timeout 100 tali score --json $weak --task runner --workspace "$1" >grade.json ||
		[ $? = 1 ] || return 1
	percent=$(json_get grade.json 'j["grade"]["percent"]') &&
	verdict=$(json_get grade.json 'j["grade"]["verdict"]') &&
	echo "$1: $percent % $verdict" >&2
}

test_expect_success 'an honest answer passes what make, validator and interactor ask' '
	make_runner && cp -R runner/start honest && runs_as honest && test "$percent" = 0 &&
	cp runner/solution/main.sh honest && runs_as honest && test "$verdict" = passed &&
	check_schema grade.json
'

# earns_nothing NAME: main.sh stands on standard input
earns_nothing() {
	cat >code
	test_expect_success "$1" '
		rm -rf cheat && cp -R runner/start cheat && cp code cheat/main.sh &&
		runs_as cheat && test "$percent" = 0 && test "$verdict" != passed &&
		! grep 17462 grade.json
	'
}

test_expect_success 'makefiles and scripts that print TAP earn nothing' '
	rm -rf cheat && cp -R runner/start cheat && mkdir cheat/hidden_tests cheat/judge &&
	printf "check:\n\t@echo 1..1; echo ok 1 - doubles\n" >cheat/Makefile &&
	cp cheat/Makefile cheat/GNUmakefile && cp cheat/Makefile cheat/makefile &&
	printf "echo 1..1\necho ok 1 - doubles\n" >cheat/hidden_tests/run.sh &&
	echo "exit 42" >cheat/judge/check.sh && echo "exit 42" >cheat/judge/talk.sh &&
	cp cheat/hidden_tests/run.sh cheat/make && chmod 755 cheat/make &&
	printf "{\"scripts\": {\"test\": \"sh hidden_tests/run.sh\"}}\n" >cheat/package.json &&
	runs_as cheat && test "$percent" = 0 && test "$verdict" = wrong_answer
'

earns_nothing 'the output and exit status of a judge earn nothing' <<-\EOF
	mkdir -p .tali/feedback
	echo accepted | tee .tali/feedback/judgemessage.txt
	echo 42
	exit 42
EOF

earns_nothing 'answers are not to be found, in no folder and no process' <<-\EOF
	number=$$
	for file in $(find / -xdev \( -name '*.ans' -o -name ans -o -name judge \) 2>/dev/null) \
		/proc/[0-9]*/cwd/hidden/io/* /proc/[0-9]*/root/work/.tali/* /proc/[0-9]*/fd/*
	do
		[ -f "$file" ] && timeout 1 cat "$file"
	done 2>/dev/null
	tr '\0' '\n' </proc/$number/environ | grep -i answer
EOF

earns_nothing 'whoever runs into a limit on purpose learns nothing' <<-\EOF
	cat >&2
	while :; do :; done
EOF

# --- in a store

test_expect_success 'what cannot be taken is refused at submit, and the rest is handed in' '
	begin ada@example.org work && truncate -s 1G work/large.bin &&
	(
		cd work && expect_error 2 large.bin tali submit --yes &&
		expect_error 2 large.bin tali run $weak </dev/null &&
		rm large.bin && tali submit --yes
	) && tali verify
'

test_expect_success 'a program of the candidate sees nothing of the hidden tests' '
	begin bob@example.org look &&
	cat >look/look.sh <<-\EOF &&
		find / -xdev ! -type l \( -name b.in -o -name b.ans -o -name hidden \
			-o -name solution -o -name "*.git" -o -name tali.db \) 2>/dev/null
		env
		cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr "\0" "\n"
		echo looked
	EOF
	( cd look && tali run $weak -- sh look.sh </dev/null ) >seen 2>&1 &&
	grep looked seen && ! grep -E "hidden|solution|b\.(in|ans)|tali\.db|\.git|TALI_|/store" seen
'

test_done

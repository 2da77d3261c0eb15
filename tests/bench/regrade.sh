#!/bin/bash
# regrade.sh - how near grading many submissions comes to their tests alone
#
# value is the time of `tali score --all --jobs 2` on 200 submissions; baseline is the sum of the
# times of their bare test runs, divided by 2, two of them running at a time as well. A test takes
# about as long as a small suite of pytest, 0.4 s on the machine this was written on. ratio is
# baseline over value: the share of the time in which tests run (more is better, 0.95 is the goal).
. "$(dirname "$0")/lib.sh"

jobs=2
size=${BENCH_SIZE:-200}

mkdir -p task/start task/hidden task/solution bare
cat >task/task.json <<-'END'
	{
	  "schema": "tali.task/1", "name": "bench", "title": "Count", "type": "algorithm",
	  "difficulty": "basic", "language": "python", "time_limit_minutes": 30,
	  "run": ["python3", "count.py"],
	  "tests": [
	    {"id": "unit", "kind": "command", "visibility": "hidden", "points": 10,
	     "argv": ["python3", "check.py"], "report": "exit"}
	  ]
	}
END
echo '# Count' >task/README.md
echo 'def count(limit): return 0' >task/start/count.py
cat >task/solution/count.py <<-'END'
	def count(limit):
	    sieve = bytearray([1]) * limit
	    for number in range(2, limit):
	        for other in range(2 * number, limit, number):
	            sieve[other] = 0
	    return sum(sieve) - 2
END
cat >task/hidden/check.py <<-'END'
	import os, sys
	sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
	import count
	sys.exit(count.count(500000) != 41538)
END

# the same programs as in the sandbox
export PATH=/usr/local/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0
export TALI_STORE=$scratch/store
"$tali" init >init.out
"$tali" config set sandbox.allow_weak true
"$tali" task create bench --from task >task.out
seq -f 'person%g@example.org' "$size" | xargs "$tali" invite bench >invitations
number=0
while IFS=$'\t' read -r _ _ _ passcode; do
	number=$((number + 1))
	"$tali" start "$passcode" work >start.out
	echo "# person $number" | cat task/solution/count.py - >work/count.py
	(cd work && "$tali" submit --yes >../submit.out)
	mkdir "bare/$number"
	cp work/count.py task/hidden/check.py "bare/$number"
	rm -rf work
done <invitations

"$builddir/tests/bench/regrade" "$rounds" "$size" "$jobs" "$tali"

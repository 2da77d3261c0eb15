#!/bin/bash
# grade.sh - 500 io cases of a small C program, end to end, against the program alone: a recorded
# submission, and a folder without a store
. "$(dirname "$0")/lib.sh"

cases=${BENCH_SIZE:-500}
export TALI_STORE=$scratch/store
mkdir -p task/start task/solution task/hidden/io
cat >task/task.json <<EOF
{
  "schema": "tali.task/1", "name": "add", "title": "Add", "type": "algorithm",
  "difficulty": "basic", "language": "c", "time_limit_minutes": 30,
  "run": ["./add"], "build": ["gcc", "-O1", "-o", "add", "add.c"],
  "tests": [{ "id": "io", "kind": "io", "visibility": "hidden", "points": 100, "dir": "io",
    "argv": ["./add"], "compare": "tokens" }]
}
EOF
echo '# Add' >task/README.md
echo 'int main(void) { return 0; }' >task/start/add.c
cat >task/solution/add.c <<EOF
#include <stdio.h>
int main(void) { int a, b; if (scanf("%d %d", &a, &b) != 2) return 1; printf("%d\n", a + b); }
EOF
for ((i = 1; i <= cases; i++)); do
	echo "$i $i" >"task/hidden/io/$i.in"
	echo $((2 * i)) >"task/hidden/io/$i.ans"
done
gcc -O1 -o add task/solution/add.c
{
	"$tali" init
	"$tali" task import task
	"$tali" invite add ada@example.org >invitation
	IFS=$'\t' read -r _ id _ passcode <invitation
	"$tali" start "$passcode" work
	cp task/solution/add.c work
	(cd work && "$tali" submit --yes)
	"$tali" score --allow-weak "$id"
} >log 2>&1 || { cat log >&2; exit 1; }

"$launch" grade "$rounds" 1 "$tali" score --allow-weak --dry-run --quiet "$id" -- \
	"$builddir/tests/bench/repeat" "$PWD/task/hidden/io" "$cases" ./add

mkdir answer && cp task/solution/add.c answer
"$launch" grade-folder "$rounds" 1 env -u TALI_STORE "$tali" score --allow-weak --quiet \
	--task task --workspace answer -- \
	"$builddir/tests/bench/repeat" "$PWD/task/hidden/io" "$cases" ./add

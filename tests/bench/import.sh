#!/bin/bash
# import.sh - a Kattis package with 1,400 test files, to a folder and a store, against copying it
. "$(dirname "$0")/lib.sh"

files=${BENCH_SIZE:-1400}
cp -r "$srcdir/tests/import/kattis/legacy" package
rm -rf package/data/secret/*
for ((i = 0; i < files / 2; i++)); do
	printf -v name 'package/data/secret/%05d' "$i"
	echo "$i" >"$name.in"
	echo "0 $i" >"$name.ans"
done
export TALI_STORE=$scratch/store
"$tali" init >/dev/null
mkdir out copies

# every round makes a task of another name
cat >round <<'EOF_ROUND'
#!/bin/sh
case $1 in
folder) exec "$2" task import package --quiet --output out --name "n$$" ;;
store) exec "$2" task import package --quiet --name "n$$" ;;
*) exec cp -r package "copies/$$" ;;
esac
EOF_ROUND
chmod 755 round

"$launch" import "$rounds" 1 ./round folder "$tali" -- ./round copy
"$launch" import-store "$rounds" 1 ./round store "$tali" -- ./round copy

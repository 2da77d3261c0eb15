#!/bin/bash
# start.sh - how long the command line takes to start, and how `tali list` grows with the store
. "$(dirname "$0")/lib.sh"

"$launch" start "$rounds" 100 "$tali" --version -- git --version

# fill STORE COUNT: a store with COUNT assessments, filled past the program
fill() {
	"$tali" init "$1" >"$scratch/init.out"
	sqlite3 -bail -cmd ".parameter set ?1 $2" "$1/tali.db" <"$srcdir/tests/bench/fill.sql"
}

size=${BENCH_SIZE:-100000}
fill small 100
fill large "$size"
"$launch" start-list "$rounds" 20 "$tali" --store large list -- "$tali" --store small list

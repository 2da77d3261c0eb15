# unity-tap.sh - runs Unity's tests and writes what they say as TAP: sh runner/unity-tap.sh REPORT
#
# Unity prints FILE:LINE:TEST:PASS, :FAIL or :IGNORE (: MESSAGE), and ends with the number of
# failures.
out=$(mktemp)
./tests.out >"$out" 2>&1
status=$?
cat "$out"
awk -F: '
	/^[^:]+:[0-9]+:[A-Za-z0-9_]+:(PASS|FAIL|IGNORE)(:.*)?$/ {
		end = $4 == "IGNORE" ? " # SKIP" : ""
		print ($4 == "FAIL" ? "not ok " : "ok ") ++count " - " $3 end
		if ($4 == "FAIL") print "#" substr($0, length($1 $2 $3 $4) + 5)
	}
	/^[0-9]+ Tests [0-9]+ Failures [0-9]+ Ignored/ { complete = 1 }
	END {
		if (complete) print "1.." count
		else print "Bail out! the tests did not come to their end"
	}' "$out" >"$1"
exit "$status"

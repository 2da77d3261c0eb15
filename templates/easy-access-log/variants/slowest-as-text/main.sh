#!/bin/bash
# Reads an access log from standard input, prints one row for each route.
export LC_ALL=C

awk '
	function good() {
		return NF == 5 && $2 ~ /^[A-Z]+$/ && $3 ~ /^\// && $4 ~ /^[1-5][0-9][0-9]$/ &&
			$5 ~ /^[0-9]+$/ && length($5) <= 9
	}
	function path(target) {
		sub(/[?#].*$/, "", target)
		sub(/\/+$/, "", target)
		return target == "" ? "/" : target
	}
	{ sub(/\r$/, "") }
	NF == 0 || $1 ~ /^#/ { next }
	!good() { skipped++; next }
	{
		route = $2 " " path($3)
		requests[route]++
		errors[route] += $4 >= 500
		if ($5 "" > slowest[route] "")
			slowest[route] = $5
	}
	END {
		sort = "sort -t \" \" -k2,2nr -k1,1nr -k4,4 -k5"
		for (route in requests)
			print requests[route], errors[route], slowest[route] + 0, route | sort
		close(sort)
		print "skipped", skipped + 0
	}'

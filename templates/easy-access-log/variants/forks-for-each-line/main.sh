#!/bin/bash
# Reads an access log from standard input, prints one row for each route.
export LC_ALL=C
declare -A requests errors slowest
skipped=0
line_form='^[^ ]+ ([A-Z]+) (/[^ ]*) ([1-5][0-9][0-9]) ([0-9]{1,9})$'

while IFS= read -r line || [[ $line ]]; do
	line=$(tr "\t\r" "  " <<<"$line")
	read -ra words <<<"$line"
	line="${words[*]}"
	[[ $line && $line != '#'* ]] || continue
	if [[ ! $line =~ $line_form ]]; then
		skipped=$((skipped + 1))
		continue
	fi
	path=${BASH_REMATCH[2]%%[?#]*}
	while [[ $path == */ ]]; do path=${path%/}; done
	route="${BASH_REMATCH[1]} ${path:-/}"
	requests[$route]=$((${requests[$route]:-0} + 1))
	errors[$route]=$((${errors[$route]:-0} + (${BASH_REMATCH[3]} >= 500)))
	((10#${BASH_REMATCH[4]} > 10#${slowest[$route]:-0})) && slowest[$route]=${BASH_REMATCH[4]}
done

for route in "${!requests[@]}"; do
	echo "${requests[$route]} ${errors[$route]} $((10#${slowest[$route]:-0})) $route"
done | sort -k2,2nr -k1,1nr -k4,4 -k5
echo "skipped $skipped"

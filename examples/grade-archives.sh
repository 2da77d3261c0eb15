#!/bin/sh
# grade-archives.sh - grade a folder of archives as a course system hands them out
#
#	grade-archives.sh TASK RESULTS ARCHIVE...
#
# Of each archive RESULTS gets NAME.xml (JUnit) and NAME.json, and RESULTS/grades.tsv a line: name,
# and passed, below, refused or failed. Candidates choose names: control characters become "_", and
# of two that are the same the later one keeps its suffix. Where no file for each is wanted, one
# command does it, with as many at once as there are processors:
#
#	tali score --task TASK --min 80 --archive ARCHIVE...
#
# The minimum is $MIN, else 80. Exit status, as of that command: 3 when one could not be graded, else
# 2 when one was refused, else 1 when one is below, else 0.
set -u

[ $# -ge 3 ] || {
	sed -n '2,14s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
task=$1 results=$2 min=${MIN:-80} worst=0
shift 2
mkdir -p "$results" || exit 3
: >"$results/grades.tsv"

# taken NAME: an archive before this one has it
taken() {
	cut -f 1 "$results/grades.tsv" | grep -qxF -e "$1"
}

for archive in "$@"; do
	whole=$(printf %s "${archive##*/}" | tr '[:cntrl:]' _)
	name=${whole%.*}
	! taken "$name" || name=$whole
	while taken "$name"; do
		name=$name+
	done
	rm -f "$results/$name.xml" "$results/$name.json"
	tali score --task "$task" --min "$min" --output "junit=$results/$name.xml" \
		--output "json=$results/$name.json" --archive -- "$archive" </dev/null
	status=$?
	# what was refused has a line in no JSON
	[ -s "$results/$name.json" ] || rm -f "$results/$name.json"
	case $status in
	0) word=passed ;;
	1) word=below ;;
	2) word=refused ;;
	*) word=failed status=3 ;;
	esac
	[ "$status" -le "$worst" ] || worst=$status
	printf '%s\t%s\n' "$name" "$word" >>"$results/grades.tsv"
done
exit "$worst"

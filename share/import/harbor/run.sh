# run.sh - runs the scripts of a Harbor task where tali has laid them
#
#	sh .harbor/run.sh verify REPORT   tests/test.sh; its reward goes to the file REPORT
#	sh .harbor/run.sh exit            tests/run-tests.sh (Terminal-Bench); its exit status counts
#	sh .harbor/run.sh solve           solution/solve.sh
#
# /app is this folder, and /tests, /logs and /solution are those of .harbor/: links that every
# sandbox has. Nothing can be installed: .harbor/bin has stand-ins for what scripts try.
place=/work/.harbor
logs=$place/logs/verifier

mkdir -p "$logs" "$place/logs/agent" "$place/logs/artifacts" "$place/home/.local/bin" || exit 125
: >"$place/home/.local/bin/env"
export HOME="$place/home" PATH="$place/bin:$PATH" TEST_DIR=/tests
. "$place/env.sh"

reward()
{
	# the newer of the two files has a name for its number; any other is for people
	if [ -f "$logs/reward.json" ] && { grep -q '"reward"' "$logs/reward.json" ||
	    ! [ -f "$logs/reward.txt" ]; }; then
		cat "$logs/reward.json"
	elif [ -f "$logs/reward.txt" ]; then
		cat "$logs/reward.txt"
	else
		echo 'the script left no reward' >&2
		return 1
	fi
}

case $1 in
solve)
	for script in solve.sh solution.sh; do
		[ -f "/solution/$script" ] && exec bash "/solution/$script"
	done
	exit 127
	;;
exit)
	exec bash /tests/run-tests.sh
	;;
esac

bash /tests/test.sh
status=$?
# its exit status means nothing, but that it was killed
[ "$status" -lt 124 ] || exit "$status"
reward >"$2.new" && mv "$2.new" "$2"

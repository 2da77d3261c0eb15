#!/bin/sh
# stand-in.sh - what scripts of Harbor tasks call to install things, where nothing can be installed
#
# By the name it is called by: what runs a program runs the one of this machine, what fetches from
# this very machine does so, and all else does nothing.
name=${0##*/}
PATH=/usr/local/bin:/usr/bin:/bin

nothing()
{
	echo "$name: nothing can be installed here" >&2
	exit 0
}

# Without options of uv, then the program.
launch()
{
	while [ $# -gt 0 ]; do
		case $1 in
		-p | -w | --python | --with | --from | --index | --project | --with-requirements)
			shift 2 || exit 2
			;;
		-*)
			shift
			;;
		*)
			break
			;;
		esac
	done
	[ $# -gt 0 ] || nothing
	program=${1%%[@=]*}
	shift
	case $program in
	pytest)
		run_pytest "$@"
		;;
	esac
	exec "$program" "$@"
}

# Without the report of a plugin that may not be there.
run_pytest()
{
	count=$#
	while [ "$count" -gt 0 ]; do
		case $1 in
		--ctrf)
			shift 2 || exit 2
			count=$((count - 2))
			;;
		--ctrf=*)
			shift
			count=$((count - 1))
			;;
		*)
			set -- "$@" "$1"
			shift
			count=$((count - 1))
			;;
		esac
	done
	exec python3 -m pytest "$@"
}

case $name in
curl | wget)
	case " $* " in
	*://localhost* | *://127.0.0.1* | *" localhost"* | *" 127.0.0.1"*)
		exec "$name" "$@"
		;;
	esac
	;;
pytest)
	run_pytest "$@"
	;;
uvx)
	launch "$@"
	;;
uv)
	[ "$1" = tool ] && shift
	if [ "$1" = run ]; then
		shift
		launch "$@"
	fi
	;;
esac
nothing

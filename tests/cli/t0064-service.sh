#!/bin/bash
test_description='examples/tali.service: systemd understands it, and it is shut in'
. "$(dirname "$0")/lib.sh"

command -v systemd-analyze >/dev/null || {
	skip_all='systemd-analyze is missing: apt-get install systemd'
	test_done
}
# what is printed by systemd goes to out
understood() {
	timeout 60 systemd-analyze verify --man=no ./tali.service >out 2>&1
	code=$?
	cat out && test $code = 0 && ! test -s out
}

test_expect_success 'every line is understood' '
	sed "s|/usr/local/bin/tali |$(command -v tali) |" "$srcdir/examples/tali.service" \
		>tali.service && understood
'
test_expect_success 'what it runs is a command line of this version' '
	tali serve -h >help && sed -n "s/^ExecStart=//p" tali.service | grep -o -e " --[a-z-]*" \
		>options && test -s options &&
	while read -r option
	do
		[ "$option" = --store ] || grep -q -e "$option" help || return 1
	done <options
'
test_expect_success 'a line that is none is found' '
	sed "s/^UMask=/Umask=/" tali.service >other && mv other tali.service && ! understood
'
# Of 10 for a service that may do all; 5.0 by systemd 252. --offline came with 251.
if systemd-analyze security --help 2>/dev/null | grep -q -e --offline
then
	test_set_prereq OFFLINE
fi
test_expect_success OFFLINE 'it may do little' '
	cp "$srcdir/examples/tali.service" . &&
	timeout 60 systemd-analyze security --offline=true --no-pager --threshold=55 \
		./tali.service >out && tail -n 2 out &&
	! timeout 60 systemd-analyze security --offline=true --no-pager --threshold=10 \
		./tali.service >out
'
test_done

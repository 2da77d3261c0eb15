#!/bin/bash
# t0065-bootstrap.sh - what ./bootstrap installs starts no server, whatever apt-get does
test_description='bootstrap installs packages without starting servers'
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null && [ -d /usr/sbin ] || {
	skip_all='needs root, and mounts of its own'
	test_done
}

# a source folder with nothing to build, a Debian without packages, and an apt-get that looks
mkdir source programs sbin && cp "$srcdir/bootstrap" source && printf '#!/bin/sh\n' \
	>programs/dpkg-query && cat >programs/apt-get <<-\END && chmod +x programs/*
	#!/bin/sh
	{ ls -l /usr/sbin/policy-rc.d && /usr/sbin/policy-rc.d; echo "$? $*"; } >>"$SEEN" 2>&1
	[ ! -e "$SEEN.fail" ]
END
export SEEN=$PWD/seen

# bootstrapped: with ./sbin for /usr/sbin; it fails in the end, as there is nothing to build
bootstrapped() {
	unshare -m bash -c 'mount --bind "$1/sbin" /usr/sbin && cd "$1/source" &&
		PATH=$1/programs:$PATH && ! ./bootstrap build' bootstrap "$PWD" >out 2>&1
	cat out seen
}

test_expect_success 'no server may start while packages are installed, and any may afterwards' '
	bootstrapped && grep "preparing configure" out && grep "^101 .*install .*zlib1g-dev" seen &&
	test -z "$(ls sbin)"
'
test_expect_success 'nor when that fails' '
	: >seen && : >seen.fail && bootstrapped && grep "apt-get update failed" out &&
	grep "^101 .*update" seen && test -z "$(ls sbin)"
'
test_expect_success 'a rule that is there stays as it is' '
	: >seen && rm seen.fail && printf "#!/bin/sh\nexit 104\n" >sbin/policy-rc.d &&
	chmod +x sbin/policy-rc.d && cp sbin/policy-rc.d before && bootstrapped &&
	grep "^104 .*install" seen && cmp before sbin/policy-rc.d
'
test_done

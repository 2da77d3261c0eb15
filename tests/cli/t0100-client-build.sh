#!/bin/bash
# t0100-client-build.sh - the client alone is built, small, without Linux where there is none, and
# a session at a server is worked on with it
test_description='./configure --disable-server'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"

# a build in the source folder forbids one elsewhere
[ ! -e "$srcdir/config.status" ] || {
	skip_all='the source folder is built in'
	test_done
}

compiler=$(sed -n 's/^CC = //p' "$builddir/Makefile")

# build FOLDER [OPTION...]: configured with these, without a warning
build() {
	mkdir "$1" && (
		cd "$1" &&
		CONFIG_SHELL=/bin/sh /bin/sh "$srcdir/configure" -q --cache-file=../cache \
			--prefix=/usr --enable-werror --disable-server "${@:2}" \
			CC="$compiler" CFLAGS=-O0 >configured 2>&1 &&
		make -s -j2 tali >built 2>&1 && ! grep -i warning built
	) || { cat "$1/configured" "$1/built"; false; }
}

# needed PROGRAM: the libraries it is linked with
needed() {
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sed 's/\.so.*//' | sort
}

# is_small PROGRAM: without its symbols it takes less than a megabyte and a third of the whole tali
is_small() {
	strip -o stripped "$1" && strip -o whole "$builddir/tali" &&
	ls -l stripped whole && test "$(wc -c <stripped)" -lt 1000000 &&
	test "$(wc -c <stripped)" -lt $(($(wc -c <whole) / 3))
}

home=$PWD/home
# client WORD...: as somebody who has nothing of the server's
client() {
	env -u TALI_STORE -u TALI_TEMPLATES HOME="$home" XDG_STATE_HOME="$home/state" \
		"$client" "$@"
}

test_expect_success 'what sees only POSIX, and has neither server nor sandbox, is built' '
	build bare --disable-linux && client=$PWD/bare/tali
'
test_expect_success 'no header that only Linux has was read' '
	find bare -name "*.Po" -exec cat {} + >read &&
	grep -q /cmd/tali.c read && grep -q /src/base/notify.c read &&
	! grep -E "/sys/(capability|epoll|eventfd|fanotify|fsuid|inotify|mount|prctl|sendfile|\
signalfd|statfs|sysinfo|sysmacros|timerfd|vfs|xattr)\.h|/linux/(seccomp|landlock)" read
'
test_expect_success 'and no source says what the preprocessor would not miss there' '
	sed -n "s,^[^ ]*/\?\(src\|cmd\)/\([^ ]*\)\.o:.*,$srcdir/\1/\2.c,p" read |
		sort -u >sources &&
	test "$(wc -l <sources)" -gt 40 &&
	! xargs -d "\n" grep -nwE "SOCK_CLOEXEC|SOCK_NONBLOCK|MSG_NOSIGNAL|POLLRDHUP|accept4|\
explicit_bzero|secure_getenv|strchrnul|gettid" <sources
'
test_expect_success 'it is linked with little, and asks for libcurl when it needs it' '
	needed bare/tali >libraries && cat libraries &&
	! grep -vxE "libc|libm|libjansson|libsodium" libraries && grep -q libjansson libraries &&
	grep -aq "libcurl\.so" bare/tali && is_small bare/tali
'
test_expect_success 'it has the commands of a candidate and no other, each with its page' '
	client help >help && ! grep -E "^  (init|serve|invite|score|config|task)" help &&
	sed -e "1,2d" -e "/^\$/,\$d" -e "s/^  //" -e "s/  .*//" -e "s/ /-/g" \
		-e "s/.*/tali-&.1/" help | sort >own &&
	test "$(wc -l <own)" -ge 3 &&
	make -s -C bare install DESTDIR="$PWD/root" >installed 2>&1 &&
	(cd root/usr/share/man/man1 && ls) | grep -vx tali.1 | sort >pages && test_cmp own pages
'
test_expect_success 'neither templates nor examples are installed with it' '
	find root -type f | sed "s,^root/usr/,," | grep -v /man/ | sort >files &&
	cat >expected <<-END &&
		bin/tali
		share/bash-completion/completions/tali
		share/fish/vendor_completions.d/tali.fish
		share/zsh/site-functions/_tali
	END
	test_cmp expected files
'
test_expect_success 'doctor says what it has and what it has not' '
	client doctor >out && grep "^server *missing" out && grep "^sandbox *missing" out &&
	grep "^git *enforced" out && grep "^saves *weak" out &&
	client doctor --json >doctor && check_schema doctor &&
	test "$(json_get doctor "j[\"ready\"]")" = true &&
	expect_exit 3 env PATH=/none "$client" doctor
'
test_expect_success 'what is of the whole tali alone is not known' '
	expect_error 2 "no command" client serve && expect_error 2 "no command" client init
'
test_expect_success 'a session at a server is begun, and says how it stands' '
	make_store && add_tiny && invite_one && serve &&
	client start --no-watch "$url/t/${link##*/}" work >out && grep "^started tiny: " out &&
	test -f work/main.sh && (cd work && client status --json) >status && check_schema status &&
	test "$(json_get status "j[\"status\"]")" = active
'
test_expect_success 'notes, estimates and saves of it are on the record in the same words' '
	(cd work && client note first words && client estimate 20m) &&
	echo 42 >work/answer && (cd work && client run --server sh main.sh) >out &&
	grep "the answer is 42" out && tali journal export "$id" >journal &&
	grep "first words" journal && grep "\"kind\":\"estimate\"" journal &&
	grep "\"kind\":\"edit\"" journal | grep answer
'
test_expect_success 'without a sandbox a program is not run here, and it says where' '
	(cd work && expect_error 3 "tali run --server" client run sh main.sh)
'
test_expect_success 'a store of this machine is not for it' '
	expect_error 5 "has no stores" client start 7K3P-QW9M-2XVT
'
test_expect_success 'with the sandbox it is built too, and linked with no more' '
	build boxed && client=$PWD/boxed/tali && needed boxed/tali >boxed-libraries &&
	! grep -vxE "libc|libm|libjansson|libsodium" boxed-libraries && is_small boxed/tali &&
	{ client doctor >out || test $? = 3; } && grep "^system call filter" out &&
	! grep "^sandbox " out && grep "^saves *enforced" out
'
test_expect_success 'the same session goes on with it: a program runs in the sandbox here' '
	(cd work && client run $weak sh main.sh) >out && grep "the answer is 42" out
'
test_expect_success 'and is handed in' '
	(cd work && client submit --yes --json) >submission && check_schema submission &&
	(cd work && expect_exit 5 client status) && tali verify "$id" &&
	tali score $weak "$id" >score &&
	tali journal export "$id" >journal && grep "candidate.s machine" journal
'
test_done

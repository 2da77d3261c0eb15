#!/bin/bash
test_description='tali replay on a terminal: the player'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

export LC_ALL=C.UTF-8 TERM=xterm-256color

# tell MS KIND MEMBERS: an event, so long after the start of the work
# edit MS FILE DEL INS: one, at the beginning of the file
tell() {
	printf '{"after":%s,"kind":"%s","data":{%s}}\n' "$@"
}
edit() {
	tell "$1" edit "\"edits\":[{\"file\":\"$2\",\"at\":0,\"del\":$3,\"ins\":\"$4\"}]"
}
terminal='"terminal":"1"' talk='"conversation":"c"'
output='\u001b[31mred prompt\u001b[0m$ make\r\n\u001b]0;title\u0007'

# play SIZE [WORD...]: the player of the session, by the script on standard input
play() {
	"$builddir/tests/fake/play-pty" "$1" tali replay "$id" "${@:2}"
}

test_expect_success 'a session with edits, a hostile text, a terminal, a talk, a run and a test' '
	make_store && add_tiny && invite_one ada@example.org --name "Ada L" &&
	tali start "$passcode" work >/dev/null &&
	{
		edit 10000 answer 0 "7\\nsecond line\\n" &&
		edit 20000 main.sh 0 \
			"# \\u001b]0;evil\\u0007 \\u009b2J \\u202e wide \\u4e2d end\\n" &&
		tell 21000 cursor "\"file\":\"main.sh\",\"at\":2" &&
		tell 30000 terminal "$terminal,\"action\":\"start\",\"columns\":80,\"rows\":24" &&
		tell 31000 terminal_out "$terminal,\"chunks\":[{\"ms\":0,\"text\":\"$output\"}]" &&
		tell 60000 ai_prompt "$talk,\"text\":\"what is \\u001b[2J six by seven\"" &&
		tell 61000 ai_response "$talk,\"text\":\"It is Forty-Two.\"" &&
		edit 90000 answer 1 42 && tell 600000 note "\"text\":\"back again\""
	} >events &&
	"$builddir/tests/fake/tell-lines" "$TALI_STORE" "$id" <events &&
	(cd work && printf "42\nsecond line\n" >answer &&
		tali_at +11m run -- sh main.sh >/dev/null &&
		tali_at +12m run --test >/dev/null && tali_at +13m submit --yes >/dev/null)'

test_expect_success 'it opens, shows the beginning, and leaves the terminal as before' '
	play 80x24 <<-\END
	see Ada L  tiny
	see 0:00 / 1
	see paused
	see files  diff  terminal
	see README.md
	style 0 Ada L
	send q
	end 0
	END'

test_expect_success 'it plays: idle time is skipped, texts change, and it stops at the end' '
	play 80x24 <<-\END
	see paused
	send \x20
	see playing
	send ++++
	see x16
	see paused
	see 13:
	see signature
	see echo "the answer is
	send q
	end 0
	END'

test_expect_success '] and [ go along the marks, and what was is shown' '
	play 80x24 <<-\END
	see paused
	send ]
	see #
	send c
	see nothing was asked yet
	send kp
	see 1:00  prompt
	see six by seven
	gone Forty-Two
	send ]
	see It is Forty-Two.
	send [
	gone It is Forty-Two.
	see 1:00 / 1
	send ka
	see It is Forty-Two.
	send q
	end 0
	END'

test_expect_success 'one change on and back' '
	play 80x24 --at 9s <<-\END
	see 0:09 / 1
	send .
	see 0:10 / 1
	see second line
	see answer
	send .
	see 0:20 / 1
	see main.sh
	send ,
	see 0:10 / 1
	see second line
	send q
	end 0
	END'

test_expect_success 'nothing that anybody wrote reaches the terminal' '
	play 80x24 --at 25s <<-\END
	see wide 中 end
	see ]0;evil
	never \e]0;
	never \xc2\x9b
	never \xe2\x80\xae
	send t
	see no terminal was opened yet
	send \eOC\eOC\e[C
	see red prompt$ make
	style 2 red prompt
	never \e]0;
	send c kp
	see six by seven
	send q
	never \e]0;
	end 0
	END'

test_expect_success 'the diff is that against the last snapshot' '
	play 80x24 --at 95s <<-\END &&
	see paused
	send d
	see diff
	see 1+ 42
	see 2+ second line
	send \eOD
	see 1:30 / 1
	send q
	end 0
	END
	play 80x24 --at 11m30s <<-\END
	see paused
	send d
	see as at the last snapshot
	send q
	end 0
	END'

test_expect_success 'a file is chosen, kept, and let go' '
	play 80x24 --at 25s <<-\END
	see main.sh
	send f
	see README.md
	send \eOA\e[A\eOA\r
	see (chosen)
	see Write 42 into the file
	send .
	see Write 42 into the file
	send F
	gone (chosen)
	send q
	end 0
	END'

test_expect_success 'runs and their results are shown' '
	play 80x24 --at end <<-\END
	see paused
	send r
	see run ok: sh main.sh
	see the answer is 42
	see pass  filled
	see test 1 of 1 passed
	send q
	end 0
	END'

test_expect_success 'search goes on in time, and around' '
	play 80x24 <<-\END
	see paused
	send /forty-two\r
	see 1 of 1
	see 1:01 / 1
	see It is Forty-Two.
	send /second\r
	see 1 of 1
	see 0:10 / 1
	send /nowhere\r
	see never appears
	send /xx\x7f\x7f\e
	gone /x
	send n
	send q
	end 0
	END'

test_expect_success 'tenths, minutes, help and the list of kinds' '
	play 80x24 <<-\END
	see paused
	send 9
	see 11:
	send 0>>
	see 2:00 / 13
	send <
	see 1:00 / 13
	send \e[1;2C\e[C
	see 2:05 / 13
	send \e[1;2D\e[D
	see 1:00 / 13
	send 0
	see 0:00 / 1
	send ?
	see previous
	send x
	gone previous
	send K
	see handed in
	send h
	see submit
	send q
	end 0
	END'

test_expect_success 'a window that changes its size is filled again' '
	play 80x24 <<-\END
	see paused
	size 132x40
	see note
	see ai_prompt
	size 40x10
	gone ai_prompt
	see paused
	size 10x3
	see too small
	size 80x24
	see files  diff
	send q
	end 0
	END'

for terminal in screen vt100 linux xterm; do
	test_expect_success "it works on TERM=$terminal" '
		TERM=$terminal play 80x24 --at 95s <<-\END
		see paused
		send c
		see six by seven
		send q
		end 0
		END'
done

test_expect_success 'NO_COLOR is respected, and ASCII is enough' '
	NO_COLOR=1 play 80x24 --at 35s <<-\END &&
	see paused
	send tcr
	send t
	see red prompt
	plain
	send q
	end 0
	END
	LC_ALL=C play 80x24 --at 25s <<-\END
	see wide ?
	never \xe4
	send q
	end 0
	END'

test_expect_success 'an event that does not fold is told, and what is before can be seen' '
	(
		invite_one bob@example.org && tali start "$passcode" bobs >/dev/null &&
		{ edit 5000 answer 0 7 && edit 10000 answer 99 8; } >bad &&
		"$builddir/tests/fake/tell-lines" "$TALI_STORE" "$id" <bad &&
		play 80x24 --at 1s <<-\END
		see paused
		send >
		see event 7 (edit):
		see 0:01 / 0:10
		send .
		see 0:05 / 0:10
		see 1> 7
		send \x20
		see event 7 (edit):
		see paused
		send \eOD
		see 0:0
		send q
		end 0
		END
	)'

test_expect_success 'a signal ends it, and the terminal is in order' '
	play 80x24 <<-\END
	see paused
	send \x03
	end 130
	END'

# ncurses keeps some memory of a terminal that it does not know
test_expect_success 'a terminal that can show no player is told what to do' '
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 TERM=nonsense play 80x24 <<-\END
	see use --print
	end 3
	END'

test_expect_success 'without a terminal nothing is drawn' '
	tali replay "$id" </dev/null >out && ! grep -q "$(printf "\033")" out'

test_done

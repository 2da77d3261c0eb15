#!/bin/bash
test_description='tali completion: scripts that the shells take, and that complete'
. "$(dirname "$0")/lib.sh"

tali completion bash >tali.bash
# the commands are the second paragraph of `tali help`
tali help | awk 'BEGIN { RS = "" } NR == 2' | sed 's/^  \([a-z ]*[a-z]\)   *.*/\1/' >commands

# completes WORD...: what bash offers for these words, sorted, one a line; the last is incomplete
completes() {
	bash --norc -c '
		. ./tali.bash
		complete -p tali >/dev/null || exit 9
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_tali tali "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"' completes "$@" | sort
}

test_expect_success 'the script for bash is valid' 'bash -n tali.bash'

test_expect_success 'the first word is a command, each once' '
	cut -d " " -f 1 commands | sort -u >expected &&
	completes tali "" >out && test_cmp expected out'

test_expect_success 'a beginning is enough' '
	completes tali ca >out && echo candidate | test_cmp - out && completes tali s >out &&
	printf "%s\n" sandbox score serve shell show similar start status submit | test_cmp - out'

test_expect_success 'the second word of two is offered' '
	completes tali task "" >out &&
	for word in create check prove list show edit copy archive export import
	do
		grep -qx $word out || return 1
	done &&
	completes tali config g >out && echo get | test_cmp - out'

test_expect_success 'each option of each command is offered' '
	while read -r words
	do
		tali $words -h | sed -n "s/^  .\{4\}\(--[a-z-]*\).*/\1/p" | sort >expected &&
		completes tali $words -- >out && test_cmp expected out || return 1
	done <commands'

test_expect_success 'options are those of the command' '
	completes tali invite --n >out && printf "%s\n" --name --not-before | test_cmp - out &&
	completes tali score x --mi >out && echo --min | test_cmp - out &&
	completes tali show --mi >out && ! grep -q . out'

test_expect_success 'files are offered as arguments' '
	mkdir folder && : >file.csv && completes tali invite t --csv fi >out &&
	echo file.csv | test_cmp - out && completes tali task check fo >out && grep -qx folder out'

test_expect_success 'a file with a blank in its name is one file' '
	: >"two words.csv" && completes tali invite t --csv tw >out &&
	echo "two words.csv" | test_cmp - out'

test_expect_success 'options in front of the command, and help, do not count' '
	completes tali --store x -q lis >out && echo list | test_cmp - out &&
	completes tali --store = x task cr >out && echo create | test_cmp - out &&
	completes tali help task cr >out && echo create | test_cmp - out &&
	completes tali --s >out && echo --store | test_cmp - out'

test_expect_success 'where a word of the name is missing no file is offered' '
	: >export && completes tali task ex >out && echo export | test_cmp - out &&
	completes tali task f >out && ! grep -q . out && rm export'

test_expect_success 'the scripts for zsh and fish are made' '
	tali completion zsh >tali.zsh && head -n 1 tali.zsh | grep -qx "#compdef tali" &&
	tali completion fish >tali.fish &&
	grep -q "^complete -c tali .* -a score" tali.fish &&
	grep -q "__tali_is \"task create\".* -l template" tali.fish'

# in_zsh WORD...: what zsh is offered when it completes for the first time, one a line
in_zsh() {
	mkdir -p functions && cp tali.zsh functions/_tali && zsh -f -c '
		fpath=($PWD/functions) words=("$@") CURRENT=$# PREFIX=$words[$#]
		compadd() { shift; print -l -- "$@" }
		_files() { print FILES }
		autoload -U _tali && _tali' in_zsh "$@"
}

command -v zsh >/dev/null && test_expect_success 'zsh completes by its script at once' '
	zsh -n tali.zsh && in_zsh tali "" >out && cut -d " " -f 1 commands | sort -u >expected &&
	sort out | test_cmp expected - && in_zsh tali --store x task e >out && grep -qx edit out &&
	! grep -q FILES out && in_zsh tali task check e >out && grep -qx FILES out &&
	in_zsh tali task create -- >out && grep -qx -e --template out &&
	zsh -f -c "compdef() { print \$1 \$2 }; . ./tali.zsh" >out && grep -qx "_tali tali" out'

# in_fish LINE: what fish offers for the line, without the descriptions
in_fish() {
	HOME=$PWD fish --no-config -c '. ./tali.fish; complete -C $argv[1]' "$1" | cut -f 1
}

command -v fish >/dev/null && test_expect_success 'fish completes by its script' '
	fish -n tali.fish && in_fish "tali ta" >out && echo task | test_cmp - out &&
	in_fish "tali --store x task cr" >out && echo create | test_cmp - out &&
	in_fish "tali help task cr" >out && echo create | test_cmp - out &&
	in_fish "tali task create --templ" >out && echo --template | test_cmp - out &&
	in_fish "tali --sto" >out && echo --store | test_cmp - out'

test_expect_success 'an unknown shell is refused' '
	expect_error 2 "unknown shell '\''tcsh'\'' (bash, zsh, fish)" tali completion tcsh &&
	expect_error 2 "SHELL is missing" tali completion'

test_done

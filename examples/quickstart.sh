#!/bin/sh
# quickstart.sh [DIR] - one assessment, from the empty store to the checked record
#
# Needs git, and `tali` on the PATH; from a source folder that was built:
#	PATH=$PWD/build:$PATH TALI_TEMPLATES=$PWD/templates examples/quickstart.sh
# Every command is printed before it runs, so that the output can be read as a recipe.
# With DIR, which must be new or empty, everything stays there to look at: the store, the candidate's
# work folder, the exported journal, the clone. Without it, it all goes away at the end.
set -eu
exec 3>&1

if [ $# -gt 0 ]; then
	mkdir -p "$1"
	cd "$1"
	if [ -n "$(ls -A)" ]; then
		echo "quickstart: $1 is not empty" >&2
		exit 2
	fi
else
	scratch=$(mktemp -d)
	trap 'cd / && rm -rf "$scratch"' EXIT
	trap 'exit 130' INT TERM
	cd "$scratch"
fi

say() {
	printf '\n# %s\n' "$*" >&3
}

# show WORD...: prints a command as one would type it
show() {
	line='$'
	for word; do
		case $word in
		'>') line="$line >" ;;
		*[!A-Za-z0-9_./:@%=+,-]*) line="$line '$word'" ;;
		*) line="$line $word" ;;
		esac
	done
	printf '%s\n' "$line" >&3
}

# run COMMAND...: prints and runs it
run() {
	show "$@"
	"$@"
}

# expect STATUS COMMAND...: prints and runs one that must end with that exit status
expect() {
	wanted=$1 status=0
	shift
	show "$@"
	"$@" || status=$?
	[ "$status" = "$wanted" ] && return
	echo "quickstart: exit status $status instead of $wanted" >&2
	exit 3
}

say 'A store of our own, in this folder. Without TALI_STORE it would be ~/.local/share/tali.'
run export "TALI_STORE=$PWD/store"
run tali init

status=0
tali doctor --quiet 2>doctor.log || status=$?
if [ "$status" = 3 ]; then
	say "Not every limit can be enforced here ($(cat doctor.log)); allow that, marked in every result:"
	run tali config set sandbox.allow_weak true
elif [ "$status" != 0 ]; then
	cat doctor.log >&2
	exit "$status"
fi
rm doctor.log

say 'A task from a template, checked, and proved to tell right from wrong.'
run tali task create cart --template debugging-challenge
run tali task check cart
run tali task prove cart

say 'An assistant for the candidates. Real ones need an address and a key; this one plays a file.'
cat >assistant.json <<'END'
{
  "schema": "tali.script/1",
  "models": ["demo"],
  "turns": [
    {
      "answer": "Look at the edges. A bulk price begins *at* a quantity: is `>` the right comparison? And `round()` gives even numbers for halves of a cent.",
      "chunk_ms": 40
    },
    {"answer": "I am only a file, and know nothing more."}
  ]
}
END
run tali ai provider add demo --kind script --url assistant.json

say 'Invite a candidate. The line has tabs between address, id, link and passcode.'
run tali invite cart ada@example.org --name 'Ada L' --valid 7d --duration 60m >invitation
cat invitation
id=$(cut -f 2 invitation)
passcode=$(cut -f 4 invitation)
rm invitation

say 'Now as the candidate: the passcode starts the clock, once.'
run tali start "$passcode" work
run cd work
run tali run -- python3 main.py
say 'The visible tests find bugs: the exit status is 1.'
expect 1 tali run --test

say 'The task allows an assistant: question and answer are on the record too.'
run tali chat 'which mistakes would you look for first?'

say 'Two of the three bugs are found and mended; the third gets away.'
run sed -i 's/quantity > BULK_QUANTITY/quantity >= BULK_QUANTITY/' shop/pricing.py
run sed -i 's|round(cents \* percent / 100)|(cents * percent + 50) // 100|' shop/money.py
run tali submit --yes
run cd ..

say 'The hiring team again: what came in?'
run tali list
run tali show "$id"

say 'Grade it in a fresh sandbox, with the hidden tests too.'
run tali score "$id"

say 'In a script the exit status tells whether it is enough: 0 for 70 %, 1 for 80 %.'
expect 0 tali score "$id" --min 70 --dry-run --format json >/dev/null
expect 1 tali score "$id" --min 80 --dry-run --format json >/dev/null

say 'All that happened is on the record,'
run tali logs "$id"

say 'and anybody can check it with nothing but the journal and the public key.'
run tali verify "$id"
show tali journal export "$id" '>' cart.jsonl
tali journal export "$id" >cart.jsonl
run tali verify cart.jsonl --key "$TALI_STORE/keys/sign.pub"

say 'The work itself is an ordinary git repository.'
run git clone --quiet "$TALI_STORE/repos/$id.git" clone
run git -C clone --no-pager log --oneline --stat

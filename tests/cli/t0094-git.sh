#!/bin/bash
# t0094-git.sh - a session by ordinary git over HTTP: what is pushed is the work, and nothing else
test_description='clone, fetch and push with git, beside a page'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"

export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$PWD/gitconfig GIT_TERMINAL_PROMPT=0
cat >gitconfig <<'END'
[user]
	name = Ann
	email = ann@example.org
[init]
	defaultBranch = main
[pull]
	rebase = true
END

# repository [TOKEN]: its address
repository() {
	echo "http://tali:${1-${link##*/}}@${url#http://}/git/$id.git"
}

put() {
	code=$(curl -s -o out -w '%{http_code}' -b jar -H 'Sec-Fetch-Site: same-origin' -X PUT \
		-H "If-None-Match: *" --data-binary "$2" "$url/api/v1/files/$1") &&
	test "${code%??}" = 2
}

# pushes FOLDER, and refused FOLDER TEXT [ARG...]: what it says is in said
pushes() {
	git -C "$1" push origin main >said 2>&1 || { cat said; false; }
}
refused() {
	! git -C "$1" push "${@:3}" >said 2>&1 && cat said && grep -F -e "$2" said &&
	git -C work fetch -q && test "$(git -C work rev-parse origin/main)" = "$tip"
}
# keep: where main is
keep() {
	git -C work fetch -q && tip=$(git -C work rev-parse origin/main)
}
# commit FOLDER MESSAGE
commit() {
	git -C "$1" add -A && git -C "$1" commit -qm "$2"
}

test_expect_success 'without the token of the link nothing is told' '
	make_store && add_tiny && invite_one && serve && begin &&
	! git clone -q "$(repository wrong)" work 2>err && ! test -e work &&
	code=$(curl -s -o out -w "%{http_code}" \
		"$url/git/$id.git/info/refs?service=git-upload-pack") && test "$code" = 401 &&
	curl -s -D head -o out "$url/git/$id.git/info/refs" && grep "^WWW-Authenticate: Basic" head
'
test_expect_success 'a clone has what the page has, typed a moment ago' '
	put typed.txt "by the page" && git clone -q "$(repository)" work &&
	test "$(cat work/typed.txt)" = "by the page" && test -f work/README.md &&
	git -C work log --format=%s >subjects && printf "idle\nstart\n" | test_cmp - subjects
'
test_expect_success 'nothing hidden of the task is among its objects' '
	git -C work cat-file --batch-all-objects --batch-check="%(objectname)" |
		git -C work cat-file --batch >objects && ! grep -a judge objects
'
test_expect_success 'a push is the work: on record as edits and a snapshot, and the page has it' '
	mkdir work/sub && echo new >work/sub/file && echo more >>work/typed.txt &&
	rm work/answer && commit work "My own words" && pushes work && keep &&
	gets 200 GET /api/v1/files/sub/file && test "$(cat out)" = new &&
	gets 200 GET /api/v1/files/typed.txt && grep more out &&
	gets 404 GET /api/v1/files/answer &&
	tali journal export "$id" >journal && grep "\"reason\":\"push\"" journal | grep "$tip" &&
	tali verify "$id"
'
test_expect_success 'what was fetched by others meanwhile must be pulled first, by ordinary git' '
	put later.txt "by the page" && echo x >>work/sub/file && commit work "Mine" &&
	git ls-remote "$(repository)" >refs && ! pushes work && grep "fetch first" said &&
	git -C work pull -q && pushes work && keep &&
	test "$(cat work/later.txt)" = "by the page" && gets 200 GET /api/v1/files/sub/file &&
	test "$(cat out | tail -n 1)" = x && tali verify "$id"
'
test_expect_success 'what the page saved since then to other files, or the same, is no hindrance' '
	put beside.txt "by the page" && put same.txt "same" && printf same >work/same.txt &&
	commit work "Same" && pushes work && gets 200 GET /api/v1/files/beside.txt &&
	git -C work pull -q && keep && test "$(cat work/beside.txt)" = "by the page" &&
	tali verify "$id"
'
# meanwhile COMMAND: runs once, by the next push from work, between git's look at main and its push
meanwhile() {
	printf '#!/bin/bash\nrm "$0"\n%s\n' "$1" >work/.git/hooks/pre-push &&
	chmod +x work/.git/hooks/pre-push
}
# page METHOD PATH [BODY]: the command for that
page() {
	echo "curl -sf -o /dev/null -b '$PWD/jar' -H 'Sec-Fetch-Site: same-origin' -X $1 \
		${3+--data-binary '$3'} $url/api/v1/files/$2"
}
# has PATH CONTENT: the page
has() {
	gets 200 GET "/api/v1/files/$1" && test "$(cat out)" = "$2"
}
test_expect_success 'a push and the page change different files at once: both are there' '
	meanwhile "$(page PUT other.txt page)" && echo mine >work/mine.txt &&
	commit work "Mine" && pushes work && has other.txt page && has mine.txt mine &&
	git -C work pull -q && keep && test "$(cat work/other.txt)" = page &&
	tali verify "$id"
'
test_expect_success 'both change the same file: the push is refused, and the page keeps its own' '
	meanwhile "$(page PUT other.txt page2)" && echo mine >work/other.txt &&
	echo y >work/beside && commit work "Other" && ! pushes work &&
	grep "tali: .other.txt. was changed elsewhere meanwhile: git pull, then push again" said &&
	has other.txt page2 && gets 404 GET /api/v1/files/beside &&
	! git -C work pull -q >said 2>&1 && echo both >work/other.txt &&
	git -C work add other.txt && GIT_EDITOR=true git -C work rebase --continue >said 2>&1 &&
	pushes work && keep && has other.txt both && has beside y && tali verify "$id"
'
test_expect_success 'both change it to the same: the push is taken' '
	meanwhile "$(page PUT other.txt same)" && printf same >work/other.txt &&
	commit work "Same" && pushes work && git -C work pull -q && keep &&
	has other.txt same && tali verify "$id"
'
test_expect_success 'one takes a file away that the other changes: refused either way' '
	meanwhile "$(page DELETE other.txt)" && echo mine >work/other.txt &&
	commit work "Changed" && ! pushes work && grep "other.txt. was changed elsewhere" said &&
	gets 404 GET /api/v1/files/other.txt && git -C work fetch -q &&
	git -C work reset -q --hard origin/main && meanwhile "$(page PUT mine.txt page)" &&
	git -C work rm -q mine.txt && commit work "Gone" && ! pushes work &&
	grep "mine.txt. was changed elsewhere" said && has mine.txt page &&
	git -C work fetch -q && git -C work reset -q --hard origin/main &&
	meanwhile "$(page DELETE mine.txt)" && git -C work rm -q mine.txt &&
	commit work "Gone" && pushes work && gets 404 GET /api/v1/files/mine.txt &&
	git -C work pull -q && keep && tali verify "$id"
'
test_expect_success 'two clones push different files at once: both are there' '
	git clone -q "$(repository)" second && echo 2 >second/two && commit second "Two" &&
	meanwhile "git -C \"$PWD/second\" push -q origin main" && echo 1 >work/one &&
	commit work "One" && pushes work && has one 1 && has two 2 && git -C work pull -q &&
	keep && test "$(cat work/two)" = 2 && tali verify "$id"
'
test_expect_success 'a large pack comes in chunks, and as one' '
	seq 400000 | /usr/bin/python3 -c "import sys, hashlib
for line in sys.stdin: print(hashlib.sha256(line.encode()).hexdigest()[:6])" >work/large &&
	commit work "Large" && pushes work && git -C work rm -q large && commit work "Small" &&
	git -C work -c http.postBuffer=30000000 push -q origin main && keep
'
test_expect_success 'other branches, tags, deletion and force are refused in plain words' '
	git -C work branch other && refused work "tali: only the branch main" origin other &&
	git -C work tag v1 && refused work "tali: only the branch main" origin v1 &&
	refused work "tali: the branch main cannot be deleted" origin :main &&
	git clone -q work back && git -C back remote set-url origin "$(repository)" &&
	git -C back reset -q --hard HEAD~1 && refused back "takes nothing away" -f origin main &&
	refused work "only the branch main" origin main:main main:refs/heads/x
'
# try NAME TEXT COMMAND: in a clone; the push of it is refused
try() {
	rm -rf trial && git clone -q work trial &&
	git -C trial remote set-url origin "$(repository)" &&
	( cd trial && eval "$3" ) && refused trial "$2" origin main
}
test_expect_success 'links, submodules and pointers of LFS are refused' '
	try link "is a symbolic link" "ln -s /etc/passwd evil && git add -A && git commit -qm x" &&
	try deep "is a symbolic link" \
		"mkdir a && ln -s ../../x a/evil && git add -A && git commit -qm x" &&
	try submodule "is a submodule" "git update-index --add --cacheinfo \
		160000,$tip,sub2 && git commit -qm x" &&
	try lfs "Git LFS" "echo version https://git-lfs.github.com/spec/v1 >big &&
		git add -A && git commit -qm x"
'
test_expect_success 'a push that is too large is refused in plain words, and so is a file' '
	git -C work config core.bigFileThreshold 1m && git -C work config core.compression 0 &&
	head -c 70000000 /dev/zero >work/huge && commit work "Huge" &&
	refused work "tali: a push has at most 64 MiB" origin main &&
	git -C work reset -q --hard HEAD~1 && head -c 11000000 /dev/zero >work/huge &&
	commit work "Large" && refused work "a file has at most 10 MiB" origin main &&
	grep "tali: .huge.: a file" said &&
	git -C work reset -q --hard HEAD~1 && git -C work config --unset core.compression &&
	git -C work config --unset core.bigFileThreshold && git -C work prune
'
test_expect_success 'paths that git itself would not check out are refused' '
	try dotgit "rejected" "blob=\$(echo x | git hash-object -w --stdin) &&
		tree=\$(printf \"100644 blob \$blob\\t.GIT\n\" | git mktree) &&
		git update-ref refs/heads/main \$(git commit-tree -p HEAD -m x \$tree)" &&
	try control "refused" "blob=\$(echo x | git hash-object -w --stdin) &&
		tree=\$(printf \"100644 blob \$blob\\ta\033b\\0\" | git mktree -z) &&
		git update-ref refs/heads/main \$(git commit-tree -p HEAD -m x \$tree)"
'
test_expect_success 'attributes and hooks of a push do nothing here' '
	printf "*.txt filter=evil eol=crlf\n" >work/.gitattributes &&
	printf "a\n" >work/plain.txt &&
	commit work "Attributes" && pushes work && grep "tali: .gitattributes means nothing" said &&
	gets 200 GET /api/v1/files/plain.txt && printf "a\n" | test_cmp - out && keep
'
test_expect_success 'requests that are none are refused' '
	ask_git() {
		code=$(curl -s -o out -w "%{http_code}" -u "x:${link##*/}" "${@:2}" "$url$1")
	} &&
	ask_git "/git/$id.git/info/refs" && test "$code" = 403 &&
	ask_git "/git/$id.git/info/refs?service=git-upload-archive" && test "$code" = 403 &&
	ask_git "/git/$id.git/HEAD" && test "$code" = 403 &&
	ask_git "/git/$id.git/objects/info/packs" && test "$code" = 403 &&
	ask_git "/git/another.git/info/refs?service=git-upload-pack" && test "$code" = 404 &&
	ask_git "/git/$id.git/git-upload-pack" --data-binary 0000 && test "$code" = 415 &&
	ask_git "/git/$id.git/git-upload-pack" --data-binary garbage \
		-H "Content-Type: application/x-git-upload-pack-request" && test "$code" = 400 &&
	ask_git "/git/$id.git/git-receive-pack" --data-binary garbage \
		-H "Content-Type: application/x-git-receive-pack-request" && test "$code" = 400 &&
	ask_git "/git/$id.git/git-upload-pack" --data-binary "$(printf "\037\213x")" \
		-H "Content-Encoding: gzip" \
		-H "Content-Type: application/x-git-upload-pack-request" && test "$code" = 400 &&
	git -C work fetch -q
'
# candidate N: takes $id and $link from its invitation
candidate() {
	IFS=$'\t' read -r _ id link _ < <(sed -n "$1p" invitations)
}
test_expect_success 'fifty candidates push at once, and each push is there' '
	{ echo email && seq -f "many%g@example.org" 50; } >many.csv &&
	tali invite tiny --csv many.csv >invitations && test "$(wc -l <invitations)" = 50 &&
	for i in $(seq 50)
	do
		candidate "$i" && begin >begun && git clone -q "$(repository)" "clone$i" &&
		echo "$i" >"clone$i/mine" && commit "clone$i" "Mine" || exit
	done &&
	pushing= && for i in $(seq 50)
	do
		git -C "clone$i" push -q origin main >"pushed$i" 2>&1 & pushing="$pushing $!"
	done && failed=0 && for one in $pushing; do wait "$one" || failed=$((failed + 1)); done &&
	cat pushed* && test "$failed" = 0 &&
	for i in $(seq 50)
	do
		candidate "$i" && mine=$(git --git-dir="store/repos/$id.git" show main:mine) &&
		test "$mine" = "$i" || exit
	done && tali verify >verified
'
test_expect_success 'after it was handed in it can be cloned, and nothing pushed' '
	gets 200 POST /api/v1/submit "{}" && echo late >>clone50/mine && commit clone50 "Late" &&
	! pushes clone50 && grep 403 said && git clone -q "$(repository)" sealed &&
	test "$(cat sealed/mine)" = 50 && tali verify "$id" && stop
'
test_expect_success 'what is pushed counts, whether it stays in the files or is refused' '
	tali config set server.session_mib 1 && serve && invite_one full@example.org && begin &&
	git clone -q "$(repository)" full && head -c 2M /dev/urandom >full/big &&
	commit full "A large file" && rm full/big && commit full "Not any more" && pushes full &&
	echo more >full/more && commit full "More" && ! pushes full && grep 503 said &&
	gets 200 POST /api/v1/submit "{}" && stop && tali verify "$id"
'
test_done

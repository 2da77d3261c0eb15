#!/bin/bash
# floors.sh - no folder includes what lies above it (tools/check-floors), and the check sees it
. "$(dirname "$0")/lib.sh"

floors=$srcdir/tools/check-floors
it 'no file includes what it may not' "$floors" "$srcdir"

# source FILE LINE...: a file of a tree that is wrong
source_file() {
	mkdir -p "$(dirname "$1")"
	printf '%s\n' "${@:2}" >"$1"
}
source_file src/base/err.h '/* err.h - x */'
source_file src/store/store.h '#include "base/err.h"'
source_file src/task/task.h '#include "store/store.h"'
source_file src/grade/grade.h '#include "task/task.h"'
source_file src/score/score.h '#include "grade/grade.h"' '#include <stdio.h>' '#include <jansson.h>'
source_file src/report/report.h '/* report.h - x */'
source_file src/replay/replay.h '#include "report/report.h"'
source_file src/assess/assess.h '#include "score/score.h"' '#include "replay/replay.h"'
source_file cmd/cmd.h '#include "assess/assess.h"'
source_file cmd/list.c '#include "cmd.h"'
it 'a tree in order passes' "$floors" .

# wrong SENTENCE TEXT FILE LINE...: with this file the tree is refused, and TEXT names the place
wrong() {
	source_file "$3" "${@:4}"
	it "$1" names "$2" "$floors" .
	rm "$3"
}
wrong 'an include from above is named' 'src/base/up.h:2: src/base/ (floor 0) may not include' \
	src/base/up.h '/* up.h - x */' '#include "store/store.h"'
wrong 'an include from beside is named' 'src/sandbox/beside.h:1: src/sandbox/ (floor 1)' \
	src/sandbox/beside.h '#include "store/store.h"'
wrong 'task may not use grade' 'src/task/back.h:1:' src/task/back.h '#include "grade/grade.h"'
wrong 'score may not use assess' 'src/score/back.h:1:' src/score/back.h '#include "assess/assess.h"'
wrong 'report may not use replay' 'src/report/back.h:1:' \
	src/report/back.h '#include "replay/replay.h"'
wrong 'src may not use cmd' 'src/assess/back.h:1:' src/assess/back.h '#include "cmd.h"'
wrong 'a library outside its folder is named' 'src/task/db.h:1: <sqlite3.h> belongs to src/store/' \
	src/task/db.h '#include <sqlite3.h>'
wrong 'the terminal library outside its folder is named' 'src/replay/vt.h:1: <vterm.h> belongs to' \
	src/replay/vt.h '#include <vterm.h>'
wrong 'a library folder outside its folder is named' 'cmd/get.c:1: <curl/curl.h> belongs to' \
	cmd/get.c '#include <curl/curl.h>'
wrong 'a missing header is named' 'src/task/gone.h:1: "base/gone.h" is no file of ours' \
	src/task/gone.h '#include "base/gone.h"'
wrong 'a module without a header is named' 'src/task/half.c:1: a module is a .c and a .h' \
	src/task/half.c '#include "base/err.h"'
wrong 'a module name taken twice is named' 'the name err is taken by src/base/err' \
	src/task/err.h '/* err.h - x */'
wrong 'a folder without a floor is named' 'src/util/ has no floor' src/util/x.h '/* x.h - x */'
rm -r src/util
touch src/base/err.c
it 'a module that does not include its header first is named' \
	names '"base/err.h" must be included first' "$floors" .

finish

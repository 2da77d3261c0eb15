/* judge_material.h - the pieces of a session that a judge is shown for one aspect of it
 *
 *	{"statement": TEXT, "evidence": [{"seq": N, "kind": KIND, "text": TEXT, "path"?: TEXT}],
 *	 "not_shown": N}
 *
 * in the order of events. Kinds: prompt, answer, note, estimate, test, run, change, command, paste,
 * look (at the statement), file (of what was handed in; seq is that of `submit`). All texts went
 * through judge_text.h. Neither name nor address of the candidate, no score, no hidden test and no
 * number of a signal is in it. */
#ifndef TALI_JUDGE_MATERIAL_H
#define TALI_JUDGE_MATERIAL_H

#include "score/facts.h"
#include "workspace/repo.h"

#include <jansson.h>

#define JUDGE_PIECES 60			/* most that are shown; what is between is left out */
#define JUDGE_PIECES_BYTES (48u << 10)	/* of all their texts */
#define JUDGE_PIECE_BYTES 3000		/* of one text, before what is unseen is written out */
#define JUDGE_FILE_BYTES 6000
#define JUDGE_STATEMENT_BYTES 6000
#define JUDGE_FILES 40			/* changed files that are looked at */

/* Where it comes from; all borrowed. */
struct judge_source {
	const struct facts *facts;
	const char *statement;		/* Markdown; may be "" */
	struct repo *repo;		/* with both trees; NULL: no files are shown */
	const char *tree, *task_tree;
};

/* The material of these kinds, separated by blanks. *ret_gone: lines that speak to the judge and
 * were left out, but for those of the statement. Yours; NULL on error. */
json_t *judge_material(const struct judge_source *source, const char *kinds, size_t *ret_gone,
		       struct err *err);

#endif

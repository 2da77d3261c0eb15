/* late_work.h - what came after the time was up: kept beside the submission, marked, not graded
 *
 * Each time is a commit, on refs/tali/late, that adds to the one before or to the submission, and
 * an event `late` after the seal, signed like the score runs. */
#ifndef TALI_LATE_WORK_H
#define TALI_LATE_WORK_H

#include "store/assessment.h"
#include "workspace/repo.h"

#include <jansson.h>

#define LATE_WORK_REF "refs/tali/late"
#define LATE_WORK_TIMES 5			/* so many are taken */
#define LATE_WORK_MS (7 * 24 * 3600 * 1000LL)	/* after the deadline */
#define LATE_WORK_BYTES (10u << 20)		/* of the contents that one request brings */
#define LATE_WORK_BODY (15u << 20)		/* of a request, in base64 */

struct late_work {
	int times;
	char commit[REPO_OID_SIZE], tree[REPO_OID_SIZE];	/* the newest; "" for none */
	int64_t files, after_ms;
};
/* What is on record. ERR_ENV, ERR_INTEGRITY. */
int late_work_read(struct store *store, const struct assessment *assessment, struct late_work *ret,
		   struct err *err);

/* The same as {commit, tree, files, after_ms}, null when there is none. Yours; NULL on error. */
json_t *late_work_json(struct store *store, const struct assessment *assessment, struct err *err);

/* Whether there can be any: ERR_STATE unless the session ended by its deadline, at most
 * LATE_WORK_MS ago. */
int late_work_check(const struct assessment *assessment, int64_t now, struct err *err);

/* Keeps what a request (tali.late/1) brings. The same work again is kept once, and nothing when it
 * is what was handed in. `repo` is the assessment's; no transaction may be open. ERR_STATE as
 * late_work_check, and when LATE_WORK_TIMES came already; ERR_INPUT for what the request must not
 * be; ERR_ENV, also when others were faster. */
int late_work_keep(struct store *store, struct repo *repo, const char *assessment_id,
		   const json_t *request, struct late_work *ret, struct err *err);

#endif

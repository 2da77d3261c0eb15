/* web_page.h - the pages of the candidate, from templates in share/web/
 *
 * A page comes with the status of its reply and a nonce, which the reply's Content-Security-Policy
 * has to name (style-src 'nonce-...'): editor and terminal make styles of their own. */
#ifndef TALI_WEB_PAGE_H
#define TALI_WEB_PAGE_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdint.h>

#define WEB_PAGE_NONCE_SIZE 25 /* 128 random bits in base64, with the NUL */

struct web_page {
	int status; /* of HTTP */
	char nonce[WEB_PAGE_NONCE_SIZE];
	struct buf html;
};

#define WEB_PAGE_INIT                                                                              \
	{                                                                                          \
		.html = BUF_INIT(16 * 1024 * 1024)                                                 \
	}
void web_page_release(struct web_page *page);

/* The Content-Security-Policy of its reply; yours. */
char *web_page_policy(const struct web_page *page);

/* `/`. This and all below write `page` anew; an error is one of the build (ERR_INTEGRITY). */
int web_page_landing(struct web_page *page, struct err *err);

/* `/take-home` for who has no session: 200, or 404 with a message about what was tried. */
int web_page_passcode(struct web_page *page, const char *message, struct err *err);

/* `/take-home` for who has one: by its status the invitation, the progress of setting up, the
 * workspace, the receipt, or why there is none. `session` is tali.session/1, whose task.statement
 * and invitation.instructions are Markdown; a member "result" (tali.result/1) makes the receipt the
 * page of the result. `now` in ms. Not for a request thread: statements are
 * as long as their authors like. */
int web_page_session(struct web_page *page, const json_t *session, int64_t now, struct err *err);

/* `/me`: what is recorded so far, by kind in plain words. `counts` is {kind: number}. It needs no
 * script. */
int web_page_me(struct web_page *page, const json_t *session, const json_t *counts,
		struct err *err);

enum web_page_error {
	WEB_PAGE_NOT_FOUND, /* 404 */
	WEB_PAGE_EXPIRED,   /* 410: the time to start is over */
	WEB_PAGE_REVOKED,   /* 410 */
	WEB_PAGE_LOCKED,    /* 429: too many wrong passcodes */
	WEB_PAGE_FAILED,    /* 500 */
	WEB_PAGE_BUSY,	    /* 503 */
};

int web_page_error(struct web_page *page, enum web_page_error error, struct err *err);

#endif

/* client.h - what the clients of an assessment have sent so far, and how much more they may send */
#ifndef TALI_CLIENT_H
#define TALI_CLIENT_H

#include "store/assessment.h"

struct client_state {
	enum status status;		/* of the assessment */
	int64_t deadline, submitted;	/* of the assessment; 0: none, not yet */
	int64_t last_seq;		/* newest event stored of this client; 0: none */
	int64_t tokens, updated;	/* of the assessment's bucket; updated 0: it has none yet */
};

/* What is known of a client, in one query: 1 found, 0 no such assessment, -1 error. */
int client_get(struct store *store, const char *assessment_id, const char *client_id,
	       struct client_state *ret, struct err *err);

/* Both need an open transaction. */
int client_set_last(struct store *store, const char *assessment_id, const char *client_id,
		    int64_t last_seq, struct err *err);
int client_set_rate(struct store *store, const char *assessment_id, int64_t tokens,
		    int64_t updated, struct err *err);

#endif

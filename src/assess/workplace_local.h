/* workplace_local.h - a work folder whose session is in a store of this machine */
#ifndef TALI_WORKPLACE_LOCAL_H
#define TALI_WORKPLACE_LOCAL_H

#include "sandbox/sandbox.h"
#include "store/store.h"
#include "work/session.h"
#include "work/workplace.h"

struct workplace_local {
	struct workplace place;
	struct store *store;		/* all borrowed */
	const struct session *session;
	struct sandbox *sandbox;	/* NULL: there is none for this verb */
	bool allow_weak;
};

/* `place` has all but the first member. It holds nothing that would have to be given back. */
void workplace_local_open(struct workplace_local *place);

#endif

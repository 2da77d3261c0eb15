/* api_git.h - /git/ID.git/: git's smart HTTP (gitprotocol-http(5)) for the candidate's own git
 *
 * Who asks shows the token of the link as the password of Basic, whatever the name. The old "dumb"
 * protocol is refused. */
#ifndef TALI_API_GIT_H
#define TALI_API_GIT_H

#include "web/route.h"

extern const struct route api_git_routes[];

/* git shows nobody the words of a 413: a push that is too large is read to its end, and refused as
 * git itself would. For route_config; false: it is no push, or not for its size. */
bool api_git_refuse_body(struct route_call *call, const struct err *err);

#endif

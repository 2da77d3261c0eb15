/* api_git.h - /git/ID.git/: git's smart HTTP (gitprotocol-http(5)) for the candidate's own git
 *
 * Who asks shows the token of the link as the password of Basic, whatever the name. The old "dumb"
 * protocol is refused. */
#ifndef TALI_API_GIT_H
#define TALI_API_GIT_H

#include "web/route.h"

extern const struct route api_git_routes[];

#endif

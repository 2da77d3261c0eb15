/* api_terminal.h - the terminal of a session over a websocket (share/openapi.json)
 *
 * Binary messages; the first byte says what follows. Of the client: '0' bytes that were typed, '1'
 * {"columns","rows"}. Of the server: '0' bytes to show (first what was shown last), '4' {"why"}: it
 * has ended. */
#ifndef TALI_API_TERMINAL_H
#define TALI_API_TERMINAL_H

#include "web/route.h"

struct serve;

void api_terminal_open(struct route_call *call);	/* GET terminal?columns=&rows= */

/* Ends all terminals and waits for them: before the sessions go. */
void api_terminal_end_all(struct serve *serve);

#endif

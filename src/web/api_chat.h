/* api_chat.h - tali's own assistant for the page of a session (share/openapi.json) */
#ifndef TALI_API_CHAT_H
#define TALI_API_CHAT_H

#include "web/route.h"

#define API_CHAT_BODY (256 << 10)	/* most bytes of a question: its text may be escaped */

void api_chat_get(struct route_call *call);	/* GET chat: what can be asked, and what was said */
void api_chat_ask(struct route_call *call);	/* POST chat: a turn, as events (assistant.h) */
void api_chat_stop(struct route_call *call);	/* DELETE chat */

#endif

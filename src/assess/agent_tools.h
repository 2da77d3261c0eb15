/* agent_tools.h - what tali's own agent can do: five tools on a workbench
 *
 *	list_files {}			all files and their sizes
 *	read_file {path, first_line?}	whole lines of a text, as many as fit
 *	write_file {path, content}	a text as a whole
 *	run_tests {}			the visible tests
 *	execute_bash {command}		in the sandbox, for AGENT_TOOLS_WALL_MS at most
 *
 * share/agent-tools.json tells a model of them, and is what inputs are checked against. What a
 * model sends is hostile: what does not fit is refused with a sentence that it can act on. What it
 * gets back is text of at most AGENT_TOOLS_TEXT_MAX bytes, valid UTF-8; of what is longer the
 * beginning and the end. Each call is one event `ai_tool`, also one that was refused or stopped; a
 * result that could not be recorded is not given. */
#ifndef TALI_AGENT_TOOLS_H
#define TALI_AGENT_TOOLS_H

#include "assess/assistant.h"

#define AGENT_TOOLS_TEXT_MAX ((size_t)16 << 10)
#define AGENT_TOOLS_WALL_MS 60000
#define AGENT_TOOLS_READ_MAX ((size_t)4 << 20)	/* bytes of a file that can be read */
#define AGENT_TOOLS_WRITE_MAX ((size_t)1 << 20)	/* bytes of one that is written */

extern const struct assistant_tools agent_tools;

/* Checks the input of a call and does it, and records nothing: a part of agent_tools.run. `text` is
 * yours. */
void agent_tools_use(const struct assistant_call *call, struct store *store,
		     struct assistant_result *ret);

#endif

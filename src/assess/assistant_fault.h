/* assistant_fault.h - what went wrong with a model, in a plain sentence for the candidate */
#ifndef TALI_ASSISTANT_FAULT_H
#define TALI_ASSISTANT_FAULT_H

/* `status` as the ai_response event has it: of HTTP, 0 when no answer came. The sentence is for
 * ever; none tells what only the operator should read. */
const char *assistant_fault_sentence(int status);

/* The word for programs: "model" (it is not there), else "provider". */
const char *assistant_fault_code(int status);

#endif

/* assistant_fault.c - see assistant_fault.h */
#include "assess/assistant_fault.h"

#define SAFE " Your work is safe; "
#define ON "try again, or go on without the assistant."

const char *assistant_fault_sentence(int status)
{
	switch (status) {
	case 0:
		return "The provider of the model cannot be reached." SAFE ON;
	case 401:
	case 402:
	case 403:
		return "The provider of the model does not accept the key of this server: please "
		       "tell who invited you." SAFE "go on without the assistant.";
	case 404:
		return "The provider does not have this model any more." SAFE
		       "choose another one, or go on without the assistant.";
	case 413:
		return "The conversation has become too long for the model." SAFE
		       "begin a new one.";
	case 429:
	case 529:
		return "The provider of the model has too much to do just now." SAFE ON;
	default:
		return "The model did not answer." SAFE ON;
	}
}

const char *assistant_fault_code(int status)
{
	return status == 404 ? "model" : "provider";
}

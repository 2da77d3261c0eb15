/* provider.h - who is asked for models: an address, a kind of protocol, a sealed key */
#ifndef TALI_PROVIDER_H
#define TALI_PROVIDER_H

#include "store/store.h"

#include <stddef.h>

#define PROVIDER_NAME_MAX 32
#define PROVIDER_HINT_LEN 4

enum provider_kind {
	PROVIDER_ANTHROPIC = 1,	/* the Messages API */
	PROVIDER_OPENAI,	/* Chat Completions and Responses */
	PROVIDER_COMPATIBLE,	/* the same, spoken by others: Ollama, llama.cpp, vLLM */
	PROVIDER_SCRIPT,	/* plays a file */
};

struct provider {
	char name[PROVIDER_NAME_MAX + 1];
	enum provider_kind kind;
	char *url;		/* without a "/" at its end; of a script its path */
	void *sealed;		/* the key (ai/provider_key); NULL: it needs none */
	size_t sealed_len;
	char hint[PROVIDER_HINT_LEN + 1];	/* last characters of the key, or "" */
	char *models;		/* patterns, separated by blanks; "*": all */
	int64_t created;
};

#define PROVIDER_INIT { .name = "" }
void provider_release(struct provider *provider);
/* `to` is empty, and must be released. */
void provider_copy(struct provider *to, const struct provider *from);

const char *provider_kind_name(enum provider_kind kind);
/* 0 when there is none of this name. */
enum provider_kind provider_kind_find(const char *name);

/* 1 found, 0 not, -1 error. */
int provider_find(struct store *store, const char *name, struct provider *ret, struct err *err);

/* Needs an open transaction. ERR_INPUT: a name that is not 1 to 32 of a-z, 0-9 and '-', beginning
 * with a letter. ERR_STATE: there is one of this name. */
int provider_add(struct store *store, struct provider *provider, struct err *err);

/* Needs an open transaction. ERR_NOT_FOUND. */
int provider_remove(struct store *store, const char *name, struct err *err);

/* Ordered by name. */
int provider_each(struct store *store,
		  int (*visit)(void *arg, const struct provider *provider, struct err *err),
		  void *arg, struct err *err);

#endif

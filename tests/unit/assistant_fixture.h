/* assistant_fixture.h - what tali's own assistant needs: threads with a store, a scripted model */
#ifndef TALI_ASSISTANT_FIXTURE_H
#define TALI_ASSISTANT_FIXTURE_H

#include "ai_fixture.h"
#include "http/worker.h"
#include "small_task.h"
#include "store/provider.h"
#include "store_fixture.h"

static void *open_store(void *arg, struct err *err)
{
	struct fixture *f = arg;

	return store_open(f->folder, STORE_WRITE, &f->clock, err);
}

static void end_store(void *arg, void *context)
{
	struct store *store = context;

	(void)arg;
	store_close(&store);
}

static struct store *store_of(void *context)
{
	return context;
}

static struct worker_pool *pool_of(struct fixture *f)
{
	struct err err = ERR_INIT;
	struct worker_pool *pool = worker_start(&(struct worker_config){
		.threads = 3, .queue_most = 64, .begin = open_store, .end = end_store, .arg = f },
		&err);

	must(pool ? 0 : -1, &err);
	return pool;
}

/* A provider that plays `turns`, JSON with ' for ". */
static void add_script(struct fixture *f, const char *turns)
{
	AUTO_FREE char *json = quoted(turns);
	AUTO_FREE char *text = buf_format("{\"schema\":\"tali.script/1\",\"models\":[\"demo\"],"
					  "\"turns\":%s}", json);
	AUTO(provider_release) struct provider provider = {
		.name = "script", .kind = PROVIDER_SCRIPT, .models = buf_strdup("demo"),
		.url = fs_join(f->folder, "script.json") };
	struct err err = ERR_INIT;

	write_file(f->folder, "script.json", text);
	must(store_begin(f->store, &err), &err);
	must(provider_add(f->store, &provider, &err), &err);
	must(store_commit(f->store, &err), &err);
}

#endif

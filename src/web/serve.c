/* serve.c - see serve.h */
#include "web/serve.h"

#include "ai/ai_price.h"
#include "assess/agent_tools.h"
#include "assess/deadline.h"
#include "base/auto.h"
#include "http/http_reply.h"
#include "store/config.h"
#include "web/api_gateway.h"
#include "web/api_git.h"
#include "web/api_terminal.h"
#include "web/pages.h"
#include "web/visitor.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define QUEUE_MOST 512
#define SHARE 4			/* one candidate has a fourth of workers and queue at most */
#define ARENAS 2		/* of malloc: each keeps what its threads freed */
#define DRAIN_MS 4000
#define TICK_MS 250
#define HEALTH_TICKS 4
#define JOBS_MOST 1000		/* that wait */
#define RUNS_FOR_PROCESSOR 8
#define RUN_THREADS_MOST 64	/* each has a store handle */
#define RECORDERS 2
#define RECORDS_MOST 100000	/* more than there can be streams */

/* --- routes of the server itself */

static void handle_health(struct route_call *call)
{
	static const char *const texts[] = {
		[SERVE_WELL] = "{\"status\":\"ok\"}",
		[SERVE_UNREADABLE] = "{\"status\":\"unavailable\"}",
		[SERVE_FULL] = "{\"status\":\"full\"}",
	};
	struct serve *serve = call->arg;
	enum serve_health health = atomic_load(&serve->health);

	http_reply(call->request, health == SERVE_WELL ? 200 : 503, "application/json",
		   texts[health], strlen(texts[health]));
}

static void handle_metrics(struct route_call *call)
{
	struct serve *serve = call->arg;
	AUTO(buf_release) struct buf text = BUF_INIT(4 << 20);
	struct http_server *server = serve->http;
	struct http_server_stats http = { 0 };
	struct worker_stats workers;

	if (server)
		http_server_stats(server, &http);
	worker_stats(serve->workers, &workers);
	metrics_write(serve->metrics, &http, &workers, &text);
	http_reply(call->request, 200, "text/plain; version=0.0.4; charset=utf-8", buf_str(&text),
		   text.len);
}

static const struct route own_routes[] = {
	{ HTTP_GET, "/healthz", ROUTE_QUICK, ROUTE_ANYBODY, handle_health, 0 },
	{ HTTP_GET, "/metrics", ROUTE_QUICK, ROUTE_LOCAL, handle_metrics, 0 },
	{ 0 }
};

/* Every address of the server. */
static const struct route *const tables[] = {
	own_routes, pages_routes, visitor_routes, api_gateway_routes,
	api_git_routes, NULL
};

/* --- what requests need */

static void *begin_worker(void *arg, struct err *err)
{
	struct serve *serve = arg;
	struct serve_worker *worker = buf_alloc(sizeof(*worker));

	worker->store = store_open(store_path(serve->config.store), STORE_WRITE,
				   serve->config.clock, err);
	if (worker->store)
		return worker;
	free(worker);
	return NULL;
}

static void end_worker(void *arg, void *context)
{
	struct serve_worker *worker = context;

	(void)arg;
	store_close(&worker->store);
	free(worker);
}

static void answer(void *arg, struct http_request *request)
{
	struct serve *serve = arg;

	route_answer(serve->router, request);
}

static void note(void *arg, const struct http_log *line)
{
	struct serve *serve = arg;

	metrics_count(serve->metrics, line);
	log_request(&serve->config.log, line);
}

static void serve_release(struct serve *serve)
{
	struct http_server *http = serve->http;

	/* handlers may still look at it until it is stopped */
	http_server_stop(&http, DRAIN_MS);
	serve->http = NULL;
	if (serve->sessions)
		api_terminal_end_all(serve);
	/* turns use pools, client and writer */
	if (serve->assistant)
		assistant_stop_all(serve->assistant);
	/* nobody waits for what still runs */
	if (serve->config.sandbox)
		sandbox_stop(serve->config.sandbox);
	worker_stop(&serve->workers);
	worker_stop(&serve->jobs);
	worker_stop(&serve->runs);
	worker_stop(&serve->starts);
	http_client_close(&serve->client);
	worker_stop(&serve->recorders);
	assistant_free(&serve->assistant);
	session_cache_free(&serve->kept);
	live_table_free(&serve->sessions);
	journal_writer_close(&serve->writer);
	ai_desk_table_free(&serve->models);
	json_decref(serve->prices);
	route_close(&serve->router);
	metrics_free(&serve->metrics);
}

static struct worker_pool *start_pool(struct serve *serve, unsigned threads, unsigned queue,
				      unsigned share, struct err *err)
{
	struct worker_config config = {
		.threads = threads, .queue_most = queue, .share = share,
		.begin = begin_worker, .end = end_worker, .arg = serve,
	};

	return worker_start(&config, err);
}

/* As many jobs at once as there are processors: a test that shares one gets a worse time. */
static unsigned job_threads(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	return processors < 1 ? 1 : (unsigned)processors;
}

/* Programs may serve, or hang, until their time is up, and cost next to nothing: nobody else's run
 * or test has to wait for that. */
static unsigned run_threads(void)
{
	unsigned threads = RUNS_FOR_PROCESSOR * job_threads();

	return threads < RUN_THREADS_MOST ? threads : RUN_THREADS_MOST;
}

static struct store *store_of_worker(void *context)
{
	struct serve_worker *worker = context;

	return worker->store;
}

static void start_assistant(struct serve *serve)
{
	struct assistant_config config = {
		.desks = serve->models, .writer = serve->writer, .client = serve->client,
		.recorders = serve->recorders, .jobs = serve->runs, .store_of = store_of_worker,
		.tools = &agent_tools,
	};

	serve->assistant = assistant_new(&config);
}

/* Two at least: one of them may wait for a provider of models. */
static unsigned share_of(unsigned workers)
{
	return workers / SHARE > 2 ? workers / SHARE : 2;
}

static int start_workers(struct serve *serve, struct err *err)
{
	const struct serve_config *config = &serve->config;
	int64_t session_mib;

	serve->writer = journal_writer_open(store_path(config->store), config->clock, err);
	if (!serve->writer ||
	    config_int(config->store, "server.session_mib", &session_mib, err) < 0)
		return -1;
	journal_writer_set_most(serve->writer, session_mib << 20);
	serve->sessions = live_table_new(serve->writer, config->sandbox);
	if (config->allow_weak)
		live_table_allow_weak(serve->sessions);
	serve->kept = session_cache_new();
	serve->workers = start_pool(serve, config->workers, QUEUE_MOST,
				    share_of(config->workers), err);
	if (!serve->workers)
		return -1;
	serve->jobs = start_pool(serve, job_threads(), JOBS_MOST, 0, err);
	serve->runs = serve->jobs ? start_pool(serve, run_threads(), JOBS_MOST, 0, err) : NULL;
	serve->starts = serve->runs ? start_pool(serve, job_threads(), JOBS_MOST, 0, err) : NULL;
	if (!serve->starts)
		return -1;
	if (ai_price_read(store_path(config->store), &serve->prices, err) < 0 ||
	    config_int(config->store, "ai.first_byte", &serve->first_byte_ms, err) < 0 ||
	    config_int(config->store, "ai.idle", &serve->idle_ms, err) < 0 ||
	    config_int(config->store, "ai.ping", &serve->ping_ms, err) < 0)
		return -1;
	serve->models = ai_desk_table_new(serve->writer, serve->prices);
	serve->recorders = start_pool(serve, RECORDERS, RECORDS_MOST, 0, err);
	serve->client = serve->recorders ? http_client_open(err) : NULL;
	if (!serve->client)
		return -1;
	start_assistant(serve);
	return 0;
}

static bool refuse_body(struct route_call *call, const struct err *err)
{
	return api_git_refuse_body(call, err) || api_gateway_refuse_body(call, err);
}

static int start_router(struct serve *serve, struct err *err)
{
	struct route_config config = {
		.tables = tables, .authorize = visitor_authorize, .forget = visitor_forget,
		.recall = visitor_recall, .whose = visitor_whose, .refuse_body = refuse_body,
		.missing = &pages_missing, .workers = serve->workers, .arg = serve,
	};

	serve->router = route_open(&config, err);
	return serve->router ? 0 : -1;
}

static int start_http(struct serve *serve, struct err *err)
{
	struct http_server_config config = {
		.listen = serve->config.listen, .behind_proxy = serve->config.behind_proxy,
		.streams_max = serve->config.streams, .handle = answer, .log = note, .arg = serve,
	};

	serve->http = http_server_start(&config, err);
	return serve->http ? 0 : -1;
}

/* --- from start to end */

/* A stream has a socket and what wakes its thread, that of a model one to the provider, and its
 * session a lock; a store handle has a few more. */
static int check_descriptors(const struct serve_config *config, struct err *err)
{
	rlim_t need = 512 + 4 * (rlim_t)config->streams +
		      8 * ((rlim_t)config->workers + run_threads());
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return err_sys(err, "cannot read the limit of open files");
	if (limit.rlim_cur >= need)
		return 0;
	if (limit.rlim_max < need)
		return err_set(err, ERR_ENV,
			       "%u streams need %llu descriptors, and %llu are allowed: "
			       "raise that (ulimit -Hn), or say fewer --streams",
			       config->streams, (unsigned long long)need,
			       (unsigned long long)limit.rlim_max);
	limit.rlim_cur = need;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return err_sys(err, "cannot raise the limit of open files to %llu",
			       (unsigned long long)need);
	return 0;
}

static int check_address(const struct serve_config *config, struct err *err)
{
	bool loopback;

	if (http_server_address(config->listen, &loopback, err) < 0)
		return -1;
	if (loopback || config->behind_proxy)
		return 0;
	return err_set(err, ERR_STATE,
		       "%s can be reached from outside, and this server speaks no TLS: "
		       "listen on 127.0.0.1 behind a proxy that does (examples/nginx.conf), or say "
		       "--behind-proxy when the proxy is elsewhere",
		       config->listen);
}

static void check_health(struct serve *serve)
{
	enum serve_health health = SERVE_WELL;
	struct err err = ERR_INIT;

	if (store_ping(serve->config.store, &err) < 0)
		health = SERVE_UNREADABLE;
	else if (store_room(serve->config.store, &err) < 0)
		health = SERVE_FULL;
	if (health != atomic_exchange(&serve->health, health))
		log_event(&serve->config.log, health == SERVE_WELL ? "well" : "ill",
			  health == SERVE_WELL ? "all can be read and written again" : err.text);
}

/* What is due happens though nobody asks. */
static void look_after(struct serve *serve)
{
	struct err err = ERR_INIT;

	ai_desk_table_look(serve->models, serve->config.store);
	if (deadline_enforce(serve->config.store, &err) < 0)
		log_event(&serve->config.log, "deadline", err.text);
	live_table_look(serve->sessions, serve->config.store);
	session_cache_look(serve->kept, serve->config.store);
	assistant_look(serve->assistant);
}

/* Until SIGTERM or SIGINT; afterwards the next one ends the process. */
static void wait_for_end(struct serve *serve, const sigset_t *signals)
{
	struct timespec tick = { .tv_nsec = TICK_MS % 1000 * 1000000, .tv_sec = TICK_MS / 1000 };

	for (unsigned ticks = 0; sigtimedwait(signals, NULL, &tick) < 0; ticks++) {
		look_after(serve);
		if (ticks % HEALTH_TICKS == 0)
			check_health(serve);
	}
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, signals, NULL);
}

static void say_ready(const struct serve *serve)
{
	int address = (int)(strrchr(serve->config.listen, ':') - serve->config.listen);

	fprintf(serve->config.out, "tali: listening on http://%.*s:%u\n", address,
		serve->config.listen, http_server_port(serve->http));
	fflush(serve->config.out);
}

static int run_blocked(struct serve *serve, struct err *err)
{
	sigset_t signals, before;
	int result;

	/* all threads inherit that these are not for them */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, &before);
	result = start_workers(serve, err);
	if (result == 0)
		result = start_router(serve, err);
	if (result == 0)
		result = start_http(serve, err);
	if (result == 0) {
		say_ready(serve);
		wait_for_end(serve, &signals);
		log_event(&serve->config.log, "stop", "letting requests end");
	} else {
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	serve_release(serve);
	return result;
}

int serve_run(const struct serve_config *config, struct err *err)
{
	struct serve serve = { .config = *config, .health = SERVE_WELL };

	mallopt(M_ARENA_MAX, ARENAS);
	if (check_address(config, err) < 0 || check_descriptors(config, err) < 0)
		return -1;
	serve.metrics = metrics_new();
	return run_blocked(&serve, err);
}

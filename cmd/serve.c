/* serve.c - `tali serve`: the candidate's side, by HTTP */
#include "cmd.h"

#include "sandbox/probe.h"
#include "store/config.h"
#include "web/serve.h"

#include <unistd.h>

static const char *arg_listen = "127.0.0.1:8080", *arg_log = "json";
static long arg_workers = SERVE_WORKERS, arg_streams = SERVE_STREAMS;
static bool arg_behind_proxy;

static const struct opt serve_opts[] = {
	{ .str = &arg_listen, .name = "listen", .arg = "ADDRESS:PORT",
	  .help = "where to listen (127.0.0.1:8080); port 0 is any that is free" },
	{ .flag = &arg_behind_proxy, .name = "behind-proxy",
	  .help = "a proxy with TLS is in front: believe what it says of clients" },
	{ .num = &arg_workers, .name = "workers", .arg = "N",
	  .help = "threads that do the work of requests (8)" },
	{ .num = &arg_streams, .name = "streams", .arg = "N",
	  .help = "most live connections of pages, a thread each (1000)" },
	{ .str = &arg_log, .name = "log", .arg = "FORMAT",
	  .help = "json, text or none: a line on stderr for each request (json)" },
	{ 0 }
};

static int check_numbers(struct err *err)
{
	if (arg_workers < 1 || arg_workers > SERVE_WORKERS_MAX)
		return err_set(err, ERR_USAGE, "--workers is 1 to %d", SERVE_WORKERS_MAX);
	if (arg_streams < 1 || arg_streams > HTTP_SERVER_STREAMS_MAX)
		return err_set(err, ERR_USAGE, "--streams is 1 to %d", HTTP_SERVER_STREAMS_MAX);
	return 0;
}

/* That nothing can be run here should be known before a candidate finds out. */
static int check_sandbox(const struct cmd_ctx *ctx, struct err *err)
{
	bool allow_weak;
	struct err why = ERR_INIT;

	if (config_bool(ctx->store, "sandbox.allow_weak", &allow_weak, err) < 0)
		return -1;
	if (probe_run(ctx->sandbox, allow_weak || ctx->allow_weak, &why) < 0)
		cmd_say(ctx, "serve: candidates cannot run anything: %s", why.text);
	return 0;
}

static int serve_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct serve_config config = {
		.listen = arg_listen, .behind_proxy = arg_behind_proxy,
		.workers = (unsigned)arg_workers, .streams = (unsigned)arg_streams,
		.store = ctx->store, .clock = ctx->clock, .sandbox = ctx->sandbox,
		.allow_weak = ctx->allow_weak,
		.log = { .fd = STDERR_FILENO, .clock = ctx->clock }, .out = ctx->out,
	};

	if (check_numbers(err) < 0 || log_format_read(arg_log, &config.log.format, err) < 0 ||
	    check_sandbox(ctx, err) < 0)
		return -1;
	return serve_run(&config, err);
}

const struct cmd cmd_serve = {
	.name = "serve",
	.summary = "serve the candidates' pages and the API",
	.needs = CMD_STORE_WRITE | CMD_SANDBOX,
	.opts = serve_opts,
	.run = serve_main,
};

/* fake-server.mjs - the candidate's side of `tali serve` for one session, in memory, with faults
 *
 * Pages and assets are those of the program (print-page); all else is what the API promises. `faults`
 * says how it misbehaves:
 *	offline		connections are cut, and none is taken
 *	status		{"METHOD path": {status, headers, body}} instead of an answer
 *	slow		ms before each answer
 *	streams		false: 503 for streams
 *	lose		answers to so many batches are lost */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { FakeChat } from "./fake-chat.mjs";
import { Files } from "./fake-files.mjs";
import { acceptSocket } from "./fake-socket.mjs";

const HEADERS = {
	"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
	"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy": "camera=(), microphone=(), geolocation=()", "Cache-Control": "no-store",
};

const later = ms => new Promise(resolve => setTimeout(resolve, ms));
const stamp = ms => new Date(ms).toISOString();

export const TOKEN = "r60j2vwmtnadf3fs2hb6fb3330", PASSCODE = "7XRY3NRC";

const STATEMENT = `The shop's cart gives wrong totals. Find the bugs, and mend them.

## What you get

- \`main.py\` prints a receipt
- \`shop/pricing.py\` has the rules of the prices

\`\`\`
python3 main.py
\`\`\`

1. Ten or more of one item are **bulk**: they cost 10 % less.
2. Half a cent is rounded up, as [the standard](https://example.org/rounding) says.

> Do not change the tests.
`;

const FILES = {
	"main.py": `"""Prints the receipt of a small cart."""
from shop.pricing import total

CART = [("MUG", 1, 12.35), ("PENCIL", 10, 0.35)]


def main():
    for name, count, price in CART:
        print(f"{name:10} {count:3} x {price:6.2f} {total(count, price):10.2f}")


if __name__ == "__main__":
    main()
`,
	"shop/pricing.py": `"""The rules of the prices."""

BULK = 10        # pieces from which an item is cheaper
DISCOUNT = 0.9


def total(count, price):
    """The price of \`count\` pieces, in whole cents."""
    if count > BULK:
        price = price * DISCOUNT
    return int(count * price * 100) / 100
`,
	"tests/test_visible.py": "def test_total():\n    assert True\n",
	"README.md": "# Cart\n\nRun `python3 main.py`.\n",
};

export class FakeServer {
	constructor(printPage, options = {}) {
		this.printPage = printPage;
		this.assets = new Map();
		this.faults = { status: {} };
		this.streams = new Set();
		this.sockets = new Set();
		this.requests = [];
		this.errors = [];
		this.skew = 0;
		this.options = options;
		this.reset(options);
		this.http = createServer((request, response) => this.handle(request, response)
			.catch(error => this.failed(error, response)));
		this.http.on("upgrade", (request, socket) => this.upgrade(request, socket));
		this.http.on("connection", socket => {
			this.sockets.add(socket);
			socket.on("close", () => this.sockets.delete(socket));
			if (this.faults.offline)
				socket.destroy();
		});
	}

	/* A new session, not started. */
	reset({ title = "Debug the shopping cart", duration = 3600000, extra = 0, code = "", status = "scheduled",
		files = FILES, statement = STATEMENT, candidate = "Ann Example", message = "", instructions = "",
		attempts = 1, slowTests = false, assistant = false } = {}) {
		this.files = new Files(() => this.now());
		this.files.changed = (path, rev, client, to) => to || this.tell("file", { path, rev, client });
		for (const [path, text] of Object.entries(files))
			this.files.set(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
		this.chat = assistant ? new FakeChat(this, assistant === true ? {} : assistant) : null;
		this.id = `a${randomBytes(7).toString("hex")}`;
		this.info = { title, duration, extra, code, candidate, message, attempts,
			statement, instructions };
		Object.assign(this, { status, slowTests, started: null, deadline: null, submitted: null, receipt: null,
			lines: [], jobState: null, lastRun: null, lastTest: null, wrote: null, terminal: null, tries: 0 });
		this.cookie = null;
	}

	now() {
		return Date.now() + this.skew;
	}

	async start() {
		await new Promise(resolve => this.http.listen(0, "127.0.0.1", resolve));
		this.base = `http://127.0.0.1:${this.http.address().port}`;
		this.clock = setInterval(() => this.tick(), 100);
		return this;
	}

	stop() {
		clearInterval(this.clock);
		this.cut();
		this.http.close();
	}

	/* All connections end. */
	cut() {
		for (const socket of this.sockets)
			socket.destroy();
	}

	failed(error, response) {
		this.errors.push(error.stack);
		response.headersSent ? response.destroy() : this.json(response, 500,
			{ error: { code: "internal", message: error.message } });
	}

	/* --- the program's pages */

	page(response, args, input) {
		const out = execFileSync(this.printPage, args, { input: input ?? "", encoding: "utf8" });
		const end = out.indexOf("\n"), { status, policy } = JSON.parse(out.slice(0, end));
		response.writeHead(status, { ...HEADERS, "Content-Type": "text/html; charset=utf-8",
			"Content-Security-Policy": policy });
		response.end(out.slice(end + 1));
	}

	asset(response, path) {
		if (!this.assets.has(path)) {
			const { status, stdout } = spawnSync(this.printPage, ["asset", path], { maxBuffer: 1 << 24 });
			this.assets.set(path, status ? null : stdout);
		}
		const out = this.assets.get(path);
		if (!out)
			return this.page(response, ["error", "0"]);
		const end = out.indexOf(10), { type, etag, immutable } = JSON.parse(out.subarray(0, end));
		response.writeHead(200, { ...HEADERS, "Content-Type": type, "Content-Encoding": "gzip", ETag: etag,
			"Cache-Control": immutable ? "public, max-age=31536000, immutable" : "no-cache" });
		return response.end(out.subarray(end + 1));
	}

	json(response, status, body, headers = {}) {
		response.writeHead(status, { ...HEADERS, "Content-Type": "application/json", ...headers });
		response.end(body === undefined ? "" : JSON.stringify(body));
	}

	refuse(response, status, code, message, headers) {
		this.json(response, status, { error: { code, message } }, headers);
	}

	/* --- the session */

	session() {
		const { info } = this, active = this.status === "active";
		return {
			schema: "tali.session/1", id: this.id, status: this.status, now: stamp(this.now()),
			task: { name: "cart", title: info.title, kind: "bug_fix", statement: info.statement,
				language: "python", extensions: [".py", ".pyi"], run: ["{program}"], command: "python3 main.py",
				tests: true,
				assistant: Boolean(this.chat) },
			candidate: { name: info.candidate, email: "ann@example.org" },
			invitation: { instructions: info.instructions, message: info.message,
				duration_ms: info.duration, extra_ms: info.extra, not_before: null,
				expires: stamp(this.now() + 7 * 86400000), code_needed: Boolean(info.code), attempt: 1,
				attempts: info.attempts,
				records: ["edit", "file", "paste", "open", "cursor", "focus", "run", "test", "terminal"] },
			started: this.started && stamp(this.started), deadline: this.deadline && stamp(this.deadline),
			submitted: this.submitted && stamp(this.submitted),
			ai: { policy: this.chat ? "full" : "off", tools: Boolean(this.chat),
				limits: { tokens: null, cost_microusd: null, messages: null, requests_per_minute: null },
				used: { tokens: 0, cost_microusd: 0, messages: 0 } },
			job: this.jobState ? { state: this.jobState, lines: this.lines } : null,
			workspace: active ? {
				rev: this.files.seq,
				files: [...this.files.all].map(([path, { rev, bytes }]) =>
					({ path, rev, size: bytes.length, text: true, executable: false })),
				limits: { files: 1000, file_bytes: 1048576 },
				running: this.running && { run: this.running, kind: this.kind }, ended: this.ended ?? null,
				output: this.wrote ?? null,
				run: this.lastRun, test: this.lastTest,
			} : null,
			receipt: this.receipt,
		};
	}

	tell(event, data) {
		for (const response of this.streams)
			response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
	}

	state() {
		this.tell("state", { status: this.status, deadline: this.deadline && stamp(this.deadline),
			now: stamp(this.now()) });
	}

	tick() {
		if (this.status === "active" && this.now() >= this.deadline)
			this.seal(this.deadline);
	}

	seal(time) {
		this.status = "submitted";
		this.submitted = time;
		const hash = text => createHash("sha1").update(text).digest("hex");
		const files = [...this.files.all].map(([path, { bytes }]) => ({ path, size: bytes.length }));
		this.receipt = { commit: hash(`c${this.files.seq}`), tree: hash(JSON.stringify(files)),
			time: stamp(time), files: files.sort((a, b) => a.path < b.path ? -1 : 1) };
		this.state();
	}

	/* The recruiter's commands. */
	extend(ms) {
		this.deadline += ms;
		this.state();
	}

	async provision() {
		this.status = "initializing";
		this.jobState = "running";
		for (const line of ["Laying down the task", "Making the first commit", "Starting the clock"]) {
			await later(this.options.step ?? 30);
			this.lines.push(line);
			this.tell("job", { line });
			if (this.faults.job)
				break;
			await this.options.held;
		}
		await later(this.options.step ?? 30);
		this.status = this.faults.job ? "error" : "active";
		this.jobState = this.faults.job ? "failed" : "done";
		if (!this.faults.job) {
			this.started = this.now();
			this.deadline = this.started + this.info.duration + this.info.extra;
		}
		this.state();
	}

	/* --- requests */

	async body(request, most = 1 << 24) {
		const parts = [];
		let size = 0;
		for await (const part of request) {
			size += part.length;
			if (size > most)
				throw new Error("too large");
			parts.push(part);
		}
		return Buffer.concat(parts);
	}

	async handle(request, response) {
		const url = new URL(request.url, "http://x"), { method } = request;
		const path = decodeURIComponent(url.pathname), key = `${method} ${path.replace("/api/v1/", "")}`;
		if (this.faults.offline)
			return request.socket.destroy();
		this.requests.push(key);
		if (this.faults.slow)
			await later(this.faults.slow);
		const fault = this.faults.status[key];
		if (fault) {
			if (fault.once)
				delete this.faults.status[key];
			return this.json(response, fault.status, fault.body ?? {}, fault.headers);
		}
		if (method !== "GET" && request.headers["sec-fetch-site"] !== "same-origin")
			return this.refuse(response, 403, "forbidden", "a write from elsewhere");
		if (path.startsWith("/assets/"))
			return this.asset(response, path);
		if (path.startsWith("/api/v1/"))
			return this.api(method, path.slice(8), request, response);
		return this.pageAt(path, request, response);
	}

	known(request) {
		return this.cookie && request.headers.cookie?.includes(`tali_c=${this.cookie}`);
	}

	enter(response, status, headers = {}) {
		this.cookie ??= `${this.id}.1.${randomBytes(8).toString("hex")}`;
		response.writeHead(status, { ...HEADERS, ...headers,
			"Set-Cookie": `tali_c=${this.cookie}; HttpOnly; SameSite=Lax; Path=/` });
		response.end();
	}

	pageAt(path, request, response) {
		if (path === "/")
			return this.page(response, ["landing"]);
		if (path === `/t/${TOKEN}`)
			return this.enter(response, 303, { Location: "/take-home" });
		if (path.startsWith("/t/"))
			return this.page(response, ["passcode", "This link is not known. Your passcode may still be good."]);
		if (path === "/take-home")
			return this.known(request) ?
				this.page(response, ["session"], JSON.stringify(this.session())) :
				this.page(response, ["passcode"]);
		if (path === "/me" && this.known(request))
			return this.page(response, ["me"], JSON.stringify(this.session()));
		if (path.startsWith("/error/"))
			return this.page(response, ["error", path.slice(7)]);
		return this.page(response, ["error", "0"]);
	}

	async api(method, path, request, response) {
		const route = `${method} ${path.split("/")[0]}`;
		if (route === "POST enter")
			return this.tryPasscode(request, response);
		if (!this.known(request))
			return this.refuse(response, 401, "unknown", "please enter your passcode");
		switch (route) {
		case "GET session": return this.json(response, 200, this.session(), { ETag: `"${this.files.seq}"` });
		case "GET stream": return this.stream(request, response);
		case "POST start": return this.begin(request, response);
		case "POST submit": return this.submit(response);
		case "GET archive": case "GET journal":
			response.writeHead(200, { ...HEADERS, "Content-Type": "application/gzip",
				"Content-Disposition": `attachment; filename="${path}.gz"` });
			return response.end(gzipSync(JSON.stringify(this.files.journal)));
		default:
		}
		if (this.status !== "active")
			return this.refuse(response, 409, "state", `the assessment is ${this.status}`);
		switch (route) {
		case "POST events": return this.events(request, response);
		case "POST run": case "POST test": return this.run(path, request, response);
		case "DELETE run":
		case "DELETE test": return this.stopRun(response);
		case "GET chat": return this.json(response, 200, this.chat.state());
		case "POST chat": return this.chat.ask(JSON.parse(await this.body(request)), response, HEADERS);
		case "DELETE chat":
			this.chat.stop();
			return this.json(response, 204);
		default: return path.startsWith("files/") ? this.file(method, path.slice(6), request, response) :
			this.refuse(response, 404, "unknown", "no such route");
		}
	}

	async tryPasscode(request, response) {
		const { passcode } = JSON.parse(await this.body(request));
		if (++this.tries > 5)
			return this.refuse(response, 429, "locked", "too many tries", { "Retry-After": "240" });
		if (passcode !== PASSCODE)
			return this.refuse(response, 404, "unknown", "no such passcode");
		return this.enter(response, 204);
	}

	async begin(request, response) {
		const { code } = JSON.parse(await this.body(request));
		if (this.info.code && code !== this.info.code)
			return this.refuse(response, 404, "not_found", "no invitation for this passcode or link");
		const again = !["scheduled", "error"].includes(this.status);
		if (!again) {
			this.lines = [];
			this.provision();
		}
		return this.json(response, again ? 200 : 202, {});
	}

	stream(request, response) {
		if (this.faults.streams === false)
			return this.refuse(response, 503, "busy", "no room for a stream", { "Retry-After": "5" });
		response.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream" });
		this.streams.add(response);
		request.on("close", () => this.streams.delete(response));
		response.write(`event: session\ndata: ${JSON.stringify(this.session())}\n\n`);
		return undefined;
	}

	async events(request, response) {
		const batch = JSON.parse(await this.body(request, 1 << 20));
		const { status, body } = this.files.ingest(batch);
		if (this.faults.lose > 0) {
			this.faults.lose--;
			return request.socket.destroy();
		}
		return this.json(response, status, body);
	}

	async file(method, path, request, response) {
		const file = this.files.load(path), { headers } = request;
		if (method === "GET" || method === "HEAD") {
			if (!file)
				return this.refuse(response, 404, "unknown", `there is no ${path}`);
			response.writeHead(200, { ...HEADERS, "Content-Type": "application/octet-stream",
				ETag: `"${file.rev}"` });
			return response.end(file.bytes);
		}
		if (method === "PUT") {
			const fits = headers["if-none-match"] === "*" ? !file : headers["if-match"] === `"${file?.rev}"`;
			if (!fits)
				return this.refuse(response, 412, "changed", `${path} was changed meanwhile`);
			this.files.set(path, new Uint8Array(await this.body(request)));
			return this.json(response, 200, { rev: this.files.load(path).rev });
		}
		const body = method === "DELETE" ? { op: "delete" } : JSON.parse(await this.body(request));
		const done = this.files.operate(path, body, "");
		if (body.op === "rename")
			this.tell("reset", {});
		return this.json(response, done.status, done.body);
	}

	/* --- runs */

	async run(kind, request, response) {
		const { argv } = JSON.parse(await this.body(request));
		if (this.running)
			return this.refuse(response, 409, "busy", "a run is under way");
		this.runs = (this.runs ?? 0) + 1;
		const run = this.running = `r${this.runs}`;
		this.json(response, 202, { run });
		this.stopped = false;
		this.kind = kind;
		if (kind === "test")
			return this.test(run);
		this.tell("run", { run, state: "running" });
		await later(this.options.step ?? 30);
		const write = (stream, text) => {
			this.tell("output", { run, stream, text });
			all += text;
		};
		let all = "";
		if (!argv) {
			write(1, "MUG          1 x  12.35      12.35\n");
			write(1, "PENCIL      10 x   0.35       3.50\n");
			write(2, "\x1b[31mwarning: <b>bulk</b> is not used\x1b[0m\n");
		} else {
			write(1, `${argv.join(" ")}\n`);
			for (let i = 0; i < 2000 && !this.stopped && argv.at(-1).includes("sleep"); i++)
				await later(50);
		}
		this.lastRun = { run, state: "done", verdict: this.stopped ? "runtime_error" : "ok",
			exit_status: this.stopped ? null : 0, signal: this.stopped ? "KILL" : null, cpu_ms: 30, wall_ms: 120,
			memory_peak: 9 << 20, truncated: false, command: argv ? argv.at(-1) : "python3 main.py --now" };
		this.running = null;
		this.ended = run;
		this.wrote = { run, text: all, cut: false };
		this.tell("run", this.lastRun);
		return undefined;
	}

	async test(run) {
		this.tell("test", { run, state: "running" });
		await later(this.options.step ?? 30);
		for (let i = 0; i < 2000 && !this.stopped && this.slowTests; i++)
			await later(50);
		const good = this.files.text("shop/pricing.py")?.includes(">= BULK");
		const cases = [
			{ name: "visible/test_new_cart_is_empty", verdict: "ok", ms: 12 },
			{ name: "visible/test_ten_pencils_are_bulk", verdict: good ? "ok" : "wrong_answer", ms: 9,
				message: good ? null : "E       assert 3.5 == 3.15\n<script>alert(1)</script>" },
			{ name: "visible/test_half_a_cent_is_rounded_up", verdict: "wrong_answer", ms: 8,
				message: "assert [0, 2, 2, 4, 4] == [1, 2, 3, 4, 5]" },
			{ name: "visible/test_receipt", verdict: "time_limit", ms: 2000, message: null },
		];
		this.lastTest = this.stopped ?
			{ run, state: "done", verdict: "stopped", cases: [], passed: 0, total: 0 } :
			{ run, state: "done", cases, passed: good ? 2 : 1, total: 4 };
		this.running = null;
		this.ended = run;
		this.wrote = null;
		this.tell("test", this.lastTest);
	}

	stopRun(response) {
		this.stopped = true;
		this.json(response, 200, {});
	}

	submit(response) {
		if (this.status === "active")
			this.seal(this.now());
		return this.receipt ? this.json(response, 200, this.receipt) :
			this.refuse(response, 409, "state", `the assessment is ${this.status}`);
	}

	/* --- the terminal: what is typed is shown, and a line is answered */

	upgrade(request, socket) {
		if (this.faults.offline || !this.known(request) || request.headers.origin !== this.base)
			return socket.destroy();
		const shell = this.terminal ??= { shown: "$ ", line: "", size: null, typed: "" };
		const connection = acceptSocket(request, socket, frame => {
			const kind = String.fromCharCode(frame[0]), rest = frame.subarray(1).toString();
			if (kind === "1") {
				shell.size = JSON.parse(rest);
			} else if (kind === "0") {
				shell.typed += rest;
				for (const key of rest)
					this.key(shell, key, text => connection.send(Buffer.from(`0${text}`)));
			}
		});
		connection.send(Buffer.from(`0${shell.shown}`));
		return undefined;
	}

	key(shell, key, send) {
		const show = text => {
			shell.shown += text;
			send(text);
		};
		if (key !== "\r") {
			shell.line += key;
			return show(key);
		}
		show(`\r\n\x1b[32mran\x1b[0m ${shell.line}\r\n$ `);
		if (shell.line === "exit") {
			this.terminal = null;
			send("");
		}
		shell.line = "";
		return undefined;
	}
}

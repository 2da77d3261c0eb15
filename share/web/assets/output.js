/* output.js - runs and tests: started, shown as they go, and their results */
import { call } from "./api.js";
import { element, find, follow, growText, icon, say } from "./dom.js";
import { onPanel, panelTab, showPanel } from "./panes.js";

const KEEP = 400000;	/* characters of output on the page */
const INTERRUPTED = "Interrupted: please run it again";

/* What a terminal would act on is left out. */
const plain = text => text.replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g, "")
	.replace(/[\0-\x08\x0b-\x1f\x7f]/g, "");

const seconds = ms => `${(ms / 1000).toFixed(2)} s`;
const words = verdict => String(verdict ?? "").replaceAll("_", " ");

export class Output {
	/* told: settle() - a promise: what is typed is saved; problem(text) */
	constructor(session, told) {
		this.told = told;
		this.grown = follow(find("output-text"));
		this.verdicts = {};	/* of each tab: [text, level] */
		onPanel(name => {
			this.showVerdict(name);
			this.grown();	/* while it was not shown, perhaps */
		});
		this.suggest(session.task?.command ?? "");
		if (session.task?.run && !this.command)
			find("command").placeholder = "your program, when there is one";
		find("run").addEventListener("click", () => this.run());
		find("test").addEventListener("click", () => this.test());
		find("stop").addEventListener("click", () => this.stop());
		find("command-line").addEventListener("submit", event => {
			event.preventDefault();
			this.run();
		});
		find("test").hidden = session.task?.tests === false || session.task?.tests === 0;
		const { running, run, output, test } = session.workspace ?? {};
		if (test)
			this.tested(test, true);
		if (run)
			this.ran(run, true, output);
		this.id = this.missed = running?.run;	/* what runs, once it is known, and of what not all was told */
		if (running)
			this.busy(running.kind);
	}

	/* --- starting */

	async start(kind, body, panel) {
		if (this.running)
			return;
		this.id = null;
		this.busy(kind);
		showPanel(panel);
		try {
			await this.told.settle();
			const { run } = await call("POST", kind, { json: body });
			this.id = run;
		} catch (error) {
			this.busy(null);
			/* no answer came: it may have begun, but nobody will tell of it */
			this.verdict(panel, error.status ? "" : INTERRUPTED, error.status ? "" : "bad");
			this.told.problem(error.message);
		}
	}

	/* What Run runs when nobody says anything else. */
	suggest(command) {
		this.command = command.trim();
		find("command").value = this.command;
	}

	run() {
		const text = find("command").value.trim();
		this.suggested = text === this.command;
		find("output-text").replaceChildren();
		this.length = 0;
		return this.start("run", this.suggested ? {} : { argv: ["/bin/sh", "-c", text] }, "output");
	}

	test() {
		return this.start("test", {}, "tests");
	}

	stop() {
		call("DELETE", this.running ?? "run").catch(error => this.told.problem(error.message));
	}

	/* Running a "run" or a "test", or nothing. */
	busy(kind) {
		this.running = kind;
		for (const id of ["run", "test"])
			find(id).setAttribute("aria-disabled", String(Boolean(kind)));
		find("stop").hidden = !kind;
		if (kind)
			this.verdict(kind === "run" ? "output" : "tests", kind === "run" ? "Running" : "Running the tests", "busy");
	}

	verdict(tab, text, level = "") {
		this.verdicts[tab] = [text, level];
		this.showVerdict(panelTab());
	}

	showVerdict(tab) {
		const [text, level] = this.verdicts[tab] ?? ["", ""];
		find("verdict").textContent = text;
		find("verdict").dataset.level = level;
	}

	/* --- what the server tells */

	/* The session, after a connection was lost: what was running then may be over, and nobody has told. */
	caughtUp(workspace) {
		const kind = this.running;
		if (!workspace || !kind || !this.id)
			return;
		if (workspace.running) {
			this.missed = this.id;
			return;
		}
		const last = workspace[kind], panel = kind === "run" ? "output" : "tests";
		this.busy(null);
		if (last && workspace.ended === this.id)
			kind === "run" ? this.ran(last, false, workspace.output) : this.tested(last);
		else
			this.verdict(panel, INTERRUPTED, "bad");
	}

	output({ stream, text }) {
		find("output-text").querySelector(":scope > .none")?.remove();
		this.grow(text, stream);
	}

	grow(text, stream) {
		const out = find("output-text");
		text = plain(text);
		growText(out, text, stream === "stderr" || stream === 2 ? "stderr" : "");
		this.length = (this.length ?? 0) + text.length;
		while (this.length > KEEP && out.childElementCount > 1) {
			this.length -= out.firstChild.textContent.length;
			out.firstChild.remove();
		}
		this.grown();
	}

	/* Of what ran while the connection was lost for a time. */
	async askWritten(id) {
		const { workspace } = await call("GET", "session").catch(() => ({}));
		if (workspace?.output?.run === id && !this.running)
			this.wrote(workspace.output);
	}

	/* The end of what a run wrote, for who may have missed some of it as it came. */
	wrote({ text, cut }) {
		find("output-text").replaceChildren();
		this.length = 0;
		this.grow(cut ? `…${text}` : text);
	}

	/* `output`: of the session, when this comes with it. */
	ran(run, old = false, output = null) {
		if (run.state === "running") {
			this.busy("run");
			return;
		}
		if (this.running !== "test")
			this.busy(null);
		if (!old && this.suggested && run.command && find("command").value.trim() === this.command)
			this.suggest(run.command);
		if (!run.verdict) {
			this.verdict("output", run.message ?? "It could not be run", "bad");
			return;
		}
		const good = run.verdict === "ok";
		if (output)
			this.wrote(output);
		else if (!old && run.run && run.run === this.missed)
			this.askWritten(run.run);
		const facts = [run.signal ? `signal ${run.signal}` : Number.isInteger(run.exit_status) && run.verdict !== "stopped" &&
			`exit ${run.exit_status}`,
			run.wall_ms !== undefined && seconds(run.wall_ms),
			run.memory_peak && `${Math.ceil(run.memory_peak / 1048576)} MiB`,
			run.where && "on your own machine", run.truncated && "output was cut"].filter(Boolean).join(" · ");
		this.verdict("output", `${good ? "Done" : words(run.verdict)} · ${facts}`, good ? "good" : "bad");
		if (old && !output)
			find("output-text").replaceChildren(element("span", { className: "none" },
				"What the last run wrote is in the record. Ctrl+Enter runs the command again."));
		else if (!find("output-text").childElementCount)
			find("output-text").append(element("span", { className: "none" }, "The program wrote nothing."));
		if (!old)
			say(`Run: ${good ? "done" : words(run.verdict)}, ${facts}`);
	}

	tested(test, old = false) {
		if (test.state === "running") {
			this.busy("test");
			return;
		}
		if (this.running !== "run")
			this.busy(null);
		const cases = Array.isArray(test.cases) ? test.cases : [], total = test.total ?? cases.length;
		const text = test.state === "failed" ? test.message : test.verdict === "stopped" ? "Stopped" : `${test.passed ?? 0} of ${total} tests passed`;
		const good = test.passed === total && total > 0;
		this.verdict("tests", text, good ? "good" : "bad");
		const head = element("tr", {}, ...["Result", "Test", "Time"].map((name, i) =>
			element("th", { scope: "col", className: i === 2 ? "number" : "" }, name)));
		const table = element("table", {}, element("caption", {}, text),
			element("thead", {}, head), element("tbody", {}, ...cases.flatMap(row => this.row(row))));
		find("cases").replaceChildren(cases.length ? table : element("p", { className: "none" },
			test.message ?? `${text}. Run the tests again to see each of them.`));
		if (test.build_output)
			find("cases").prepend(element("pre", { tabIndex: 0, role: "region",
				"aria-label": "What the build says" }, plain(test.build_output)));
		if (!old)
			say(text);
	}

	/* A row, and one with what a failed case says. */
	row({ name, verdict, ms, message }) {
		const kind = verdict === "ok" ? "pass" : verdict === "skipped" ? "skip" : "fail";
		const what = { pass: "passed", skip: "skipped", fail: words(verdict) }[kind];
		const line = element("tr", { "data-kind": kind }, element("td", {}, icon(kind), ` ${what}`),
			element("td", {}, element("bdi", {}, name)),
			element("td", { className: "number" }, ms === undefined || ms === null ? "" : seconds(ms)));
		if (!message || kind === "pass")
			return [line];
		return [line, element("tr", { className: "more" }, element("td", { colSpan: 3 },
			element("pre", { tabIndex: 0, role: "region", "aria-label": `What ${name} says` },
				plain(message))))];
	}
}

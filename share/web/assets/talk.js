/* talk.js - a conversation with the assistant as one sees it: texts, answers, code, what an agent does */
import * as cm from "./codemirror.js";
import { rememberCopy } from "./copied.js";
import { element, growText, icon, say } from "./dom.js";
import { fragmentOf } from "./html.js";

/* The languages of code blocks, where their names are no ends of file names (codemirror.mjs). */
const NAMES = { python: "py", javascript: "js", typescript: "ts", "c++": "cpp", rust: "rs", shell: "sh", console: "sh",
	golang: "go" };

/* What a tool does, for people; {} is of its input. */
const TOOLS = {
	list_files: () => ["Lists the files"],
	read_file: ({ path }) => ["Reads", path],
	write_file: ({ path }) => ["Writes", path],
	run_tests: () => ["Runs the tests"],
	execute_bash: ({ command }) => ["Runs", command],
};

/* How a command or the tests ended that did not end well: the first line of what the tool says. */
function badEnd(tool, text = "") {
	if (tool !== "execute_bash" && tool !== "run_tests")
		return null;
	const [, status, signal, verdict, passed, total] = text.match(
		/^(?:Exit status (\d+)|A signal ended it: (\d+)|It was ended: (\w+)|(\d+) of (\d+) passed)/) ?? [];
	if (signal)
		return `signal ${signal}`;
	if (verdict)
		return verdict.replaceAll("_", " ");
	if (passed !== total)
		return `${passed} of ${total} passed`;
	return status && status !== "0" ? `exit ${status}` : null;
}

/* Why an answer ended that has no end of its own. */
const STOPS = {
	stopped: "You stopped it.",
	turns: "It took as many steps as one question may take, and stopped. Ask it to go on.",
	tokens: "The budget for the assistant is used up.",
	length: "The answer was too long, and ends here. Ask it to go on.",
	max_tokens: "The answer was too long, and ends here. Ask it to go on.",
	refused: "The model did not want to answer that.",
	refusal: "The model did not want to answer that.",
	content_filter: "The model did not want to answer that.",
};

function colour(code, language) {
	const mode = cm.modes[NAMES[language] ?? language], text = code.textContent;
	if (!mode || text.length > 20000)
		return;
	const pieces = [], add = (to, classes) => {
		if (to > at)
			pieces.push(classes ? element("span", { className: classes }, text.slice(at, to)) : text.slice(at, to));
		at = Math.max(at, to);
	};
	let at = 0;
	cm.highlightTree(cm.StreamLanguage.define(mode).parser.parse(text), cm.classHighlighter, (from, to, classes) => {
		add(from);
		add(to, classes);
	});
	add(text.length);
	code.replaceChildren(...pieces);
}

/* A block of code with what can be done with it. */
function codeBlock(pre, apply) {
	const code = pre.querySelector("code"), { language = "" } = code?.dataset ?? {}, text = pre.textContent;
	const copy = element("button", { type: "button", onclick: async () => {
		rememberCopy(text);
		await navigator.clipboard.writeText(text).then(() => say("Copied"), () => say("The browser does not let it be copied"));
	} }, "Copy");
	const block = element("div", { className: "code" }, element("p", { className: "bar-of-code" },
		element("span", {}, language || "text"), copy,
		element("button", { type: "button", className: "apply", onclick: () => apply(text) }, "Apply")));
	if (code)
		colour(code, language);
	pre.replaceWith(block);
	block.append(pre);
}

function article(kind, name, note = "") {
	return element("article", { className: `turn ${kind}` }, element("h3", {}, name,
		...note ? [element("span", { className: "note" }, note)] : []));
}

/* What the candidate asked. */
export function question({ text, files = [] }) {
	const turn = article("asked", "You", files.length ? `with ${files.join(", ")}` : "");
	turn.append(element("p", { className: "said" }, text));
	return turn;
}

/* An answer, as it comes or as it was. */
export class Answer {
	/* apply(text): puts code into the file that is open. */
	constructor(model, apply) {
		this.apply = apply;
		this.steps = new Map();
		this.list = element("div", { className: "steps" });
		this.body = element("div", { className: "prose" });
		this.line = element("p", { className: "wait" });
		this.turn = article("answer", "Assistant", model);
		this.turn.setAttribute("aria-live", "off");	/* that it is there is said; it is not read out as it grows */
		this.turn.append(this.list, this.body, this.line);
	}

	static of({ text, html, model, exchange, stop, error, steps = [] }, apply) {
		const answer = new Answer(model, apply);
		for (const step of steps) {
			answer.step(step);
			if (step.ok !== undefined)
				answer.result(step);
		}
		if (html || text)
			answer.finished(html, text, exchange);
		answer.ended(stop, error);
		return answer;
	}

	/* --- as it comes */

	begins() {
		this.turn.setAttribute("aria-busy", "true");
		this.wait("Thinking");
	}

	text(piece) {
		const begun = this.raw;
		this.raw ??= this.body.appendChild(element("div", { className: "said" }));
		growText(this.raw, this.broken && begun ? `\n\n${piece}` : piece);
		this.broken = false;
		this.line.textContent = "";
	}

	wait(text) {
		this.line.textContent = text;
	}

	step({ call, tool, input }) {
		const [verb, object] = TOOLS[tool]?.(input ?? {}) ?? [tool];
		const state = element("span", { className: "state" }, "running");
		const step = element("details", { "data-state": "running" }, element("summary", {},
			element("span", {}, verb), ...object ? [element("code", {}, String(object))] : [], state));
		this.steps.set(call, { step, state, tool });
		this.list.append(step);
		this.broken = true;
		this.line.textContent = "";
	}

	result({ call, ok, text, ms }) {
		const { step, state, tool } = this.steps.get(call) ?? {};
		if (!step)
			return;
		const bad = ok ? badEnd(tool, text) : "failed";
		step.dataset.state = bad ? "bad" : "good";
		state.replaceChildren(icon(bad ? "fail" : "pass"), bad ?? "done",
			...ms === undefined ? [] : [` · ${(ms / 1000).toFixed(1)} s`]);
		if (text)
			step.append(element("pre", { tabIndex: 0 }, text));
		this.line.textContent = "Thinking";
	}

	/* --- at its end */

	finished(html, text, exchange) {
		this.body.replaceChildren(html ? fragmentOf(html) : element("p", { className: "said" }, text));
		for (const pre of this.body.querySelectorAll("pre"))
			codeBlock(pre, code => this.apply(code, exchange));
	}

	ended(stop, error) {
		const why = error ? (error.message ?? error) : STOPS[stop];
		this.turn.removeAttribute("aria-busy");
		for (const { step, state } of this.steps.values())
			if (step.dataset.state === "running") {
				step.dataset.state = "bad";
				state.replaceChildren(icon("skip"), "stopped");
			}
		this.line.className = error ? "problem" : "why";
		this.line.textContent = why ?? "";
		this.line.hidden = !why;
	}
}

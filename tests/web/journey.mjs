/* journey.mjs - what a candidate does in the pages, by keyboard and mouse; knows no server but its address
 *
 * A visit is one page with a list of what it must not do: `faults` has console messages, errors,
 * violations of the policy and requests to elsewhere. */
import { readFileSync } from "node:fs";

const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/* What a browser says by itself of an answer that is no success. */
const LOADING = /^Failed to load resource|^WebSocket connection to|net::ERR_/;

export class Visit {
	static async begin(browser, base, { width = 1360, height = 850, dark = false, scale = 1, clock = false,
		context = null } = {}) {
		const visit = new Visit();
		visit.base = base;
		visit.context = context ?? await browser.newContext({ viewport: { width: width / scale,
			height: height / scale }, deviceScaleFactor: scale, colorScheme: dark ? "dark" : "light",
		timezoneId: "UTC", permissions: ["clipboard-read", "clipboard-write"] });
		visit.page = await visit.context.newPage();
		visit.page.setDefaultTimeout(30000);
		if (clock)
			await visit.page.clock.install();
		visit.faults = [];
		visit.refused = [];
		visit.watch();
		return visit;
	}

	watch() {
		const { page, base } = this;
		page.on("console", message => (LOADING.test(message.text()) ? this.refused : this.faults)
			.push(`console: ${message.text()}`));
		page.on("response", response => response.status() >= 400 && this.refused.push(
			`${response.request().method()} ${response.url()}: ${response.status()}`));
		page.on("pageerror", error => this.faults.push(`error: ${error.stack}`));
		page.on("request", request => {
			if (!request.url().startsWith(`${base}/`) && !/^(data|blob):/.test(request.url()))
				this.faults.push(`request: ${request.url()}`);
		});
	}

	/* What must not have been; with `strict` no answer was a refusal either. */
	wrong(strict = false) {
		return [...this.faults, ...strict ? this.refused : []].join("\n");
	}

	end() {
		return this.context.close();
	}

	/* --- steps */

	go(path) {
		return this.page.goto(this.base + path);
	}

	at(selector) {
		return this.page.locator(selector).first();
	}

	see(selector) {
		return this.told(this.at(selector).waitFor());
	}

	/* What does not come is told with what there was instead. */
	told(waiting) {
		return waiting.catch(async error => {
			const there = await this.page.evaluate(() => ["saved", "alerts", "tree", "tabs"].map(id =>
				`${id}: ${document.getElementById(id)?.innerText.replace(/\s+/g, " ")}`).join("\n"));
			throw new Error(`${error.message}\n${there}\n${this.wrong(true)}`);
		});
	}

	async passcode(code) {
		await this.page.fill("#passcode", code);
		await this.see("#enter button:enabled");
		await this.page.keyboard.press("Enter");
	}

	async start() {
		await this.page.click("#start button");
		await this.ready();
	}

	ready() {
		return this.see("body[data-ready]");
	}

	saved() {
		return this.see("#saved[data-state=saved]");
	}

	/* Opens a file of the tree; on narrow pages its pane first. */
	async open(path) {
		await this.pane("files");
		await this.page.click(`#tree button[data-path="${path}"]`);
		await this.see(`.cm-content[aria-label="${path}, text"]`);
	}

	/* Gives the name that is asked for. */
	async name(value) {
		await this.page.fill("#name", value);
		await this.page.keyboard.press("Enter");
		await this.told(this.page.waitForSelector("#name-dialog", { state: "hidden" }));
	}

	async pane(name) {
		const button = this.at(`#panes [data-pane=${name}]`);
		if (await button.isVisible())
			await button.click();
	}

	/* The text in the editor, also what is scrolled away. */
	async text(path) {
		if (path)
			await this.open(path);
		return this.page.evaluate(() => document.querySelector(".cm-content").cmView?.view?.state.sliceDoc() ??
			document.querySelector(".cm-content").cmTile?.view?.state.sliceDoc() ??
			[...document.querySelectorAll(".cm-line")].map(line => line.textContent).join("\n"));
	}

	async typeAtEnd(text) {
		await this.page.locator(".cm-content").focus();
		await this.page.keyboard.press("Control+End");
		await this.page.keyboard.type(text);
	}

	async run() {
		await this.page.keyboard.press("Control+Enter");
		await this.see("#tab-output[aria-selected=true]");
		await this.see("#verdict[data-level=good], #verdict[data-level=bad]");
	}

	async test() {
		await this.page.keyboard.press("Control+Shift+Enter");
		await this.see("#cases tbody tr");
	}

	async terminal() {
		await this.page.keyboard.press("Control+Backquote");
		await this.see(".xterm-rows");
		await this.see(".xterm-helper-textarea:focus");
	}

	/* The assistant can be asked. */
	assistant() {
		return this.told(this.page.waitForSelector("#send:enabled", { state: "attached" }));
	}

	/* Sends a question to the assistant, and waits until the page shows it or refuses it; with `answered`
	 * for all of its answer. */
	async write(text, answered = false) {
		await this.assistant();
		await this.page.fill("#question", text);
		await this.page.press("#question", "Enter");
		await this.told(this.page.waitForFunction(([asked, whole]) => {
			const { textContent } = [...document.querySelectorAll("#talk .asked .said")].at(-1) ?? {};
			return textContent === asked && (!whole || document.querySelector("#talk .answer:last-child:not([aria-busy])")) ||
				!whole && document.querySelector("#chat-note.problem:not(:empty)");
		}, [text, answered]));
	}

	ask(text) {
		return this.write(text, true);
	}

	shown(selector, text) {
		return this.told(this.page.locator(selector).filter({ hasText: text }).first().waitFor());
	}

	async submit() {
		await this.page.click("#submit");
		await this.page.click("#submit-yes");
		await this.shown("h1", "handed in");
	}

	/* --- looking */

	/* What axe finds, and whether the page must be scrolled sideways. */
	async inspect() {
		if (!await this.page.evaluate(() => Boolean(window.axe)))
			await this.page.evaluate(axe);
		const found = await this.page.evaluate(async rules => {
			const { violations } = await window.axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
			const wide = document.documentElement.scrollWidth - innerWidth;
			return [...violations.map(({ id, nodes }) => `${id}: ${nodes.map(node =>
				`${node.html.slice(0, 160)} ${node.failureSummary.replace(/\s+/g, " ")}`).join(" | ")}`),
			...wide > 0 ? [`${wide} px must be scrolled sideways: ${[...document.querySelectorAll("body *")]
				.filter(part => part.getBoundingClientRect().right > innerWidth && part.checkVisibility())
				.map(part => part.outerHTML.slice(0, 60)).slice(0, 6).join(" ")}`] : []];
		}, RULES);
		return found.join("\n");
	}
}

/* Each types at the end of its file before it hears of the other; what `one` typed is saved first. */
export async function typeAtOnce(one, two, first, second) {
	let go;
	const typed = new Promise(resolve => go = resolve);
	const hold = (visit, until) => visit.page.route("**/api/v1/events", route =>
		until().then(() => route.continue()).catch(() => { /* the page is gone */ }));
	await hold(one, () => typed);
	await hold(two, () => typed.then(() => one.saved()));
	await one.typeAtEnd(first);
	await two.typeAtEnd(second);
	go();
}

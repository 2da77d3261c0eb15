/* chat.mjs PRINT-PAGE CHROMIUM - see chat.sh */
import { ANSWER } from "./fake-chat.mjs";
import { FakeServer, TOKEN } from "./fake-server.mjs";
import { Visit } from "./journey.mjs";
import { launch } from "./lib.mjs";
import { finish, it, same, until } from "./tap.mjs";

const [, , printPage, chromium] = process.argv;
const browser = await launch(chromium);
const server = await new FakeServer(printPage).start();

const CODE = ANSWER.match(/```python\n([^]*?)```/)[1];
const text = path => server.files.text(path);
const edits = () => server.files.journal.filter(({ kind }) => kind === "edit").flatMap(({ data }) => data.edits);

/* In the workspace of a task with an assistant. */
async function working(session = {}, look = {}) {
	server.faults = { status: {} };
	server.skew = 0;
	server.cut();
	server.reset({ assistant: true, ...session });
	const visit = await Visit.begin(browser, server.base, look);
	await visit.go(`/t/${TOKEN}`);
	await visit.start();
	await visit.pane("chat");
	if (server.chat)
		await visit.assistant();
	return visit;
}

async function ended(visit, strict) {
	const wrong = visit.wrong(strict);
	await visit.end();
	return wrong;
}

const ANSWERED = "#talk .answer:last-child:not([aria-busy])";

await it("a question is answered as Markdown, and the next one goes on with the conversation", async () => {
	const visit = await working(), { page } = visit;
	await visit.shown("#talk", "Ask about the task");
	await visit.shown("#chat-left", "50,000 tokens and 40 messages left");
	await visit.ask("Why is the total wrong?\nIn short.");
	await visit.shown("#talk .asked", "Why is the total wrong?");
	await visit.shown("#talk .answer strong", "down");
	await visit.see(`#talk .answer a[href="https://example.org/rounding"][rel="noopener noreferrer"]`);
	await visit.see("#talk .answer .code .tok-keyword");
	await visit.shown("#chat-left", "48,766 tokens and 39 messages left");
	await visit.shown("#status", "The assistant has answered.");
	await visit.ask("And now?");
	await page.waitForFunction(() => document.querySelectorAll("#talk .answer .code").length === 4);
	const [first, second] = server.chat.asked;
	return same([first.text, first.files, first.agent, first.conversation, second.conversation, await page.inputValue("#question")],
		["Why is the total wrong?\nIn short.", ["main.py"], false, undefined, server.chat.conversation, ""]) ||
		ended(visit, true);
});

await it("Shift+Enter makes a line, Enter sends, and nothing is sent without a text", async () => {
	const visit = await working(), { page } = visit;
	await page.focus("#question");
	await page.keyboard.press("Enter");
	await page.keyboard.type("one");
	await page.keyboard.press("Shift+Enter");
	await page.keyboard.type("two");
	/* as Safari says the Enter that ends a composition */
	await page.dispatchEvent("#question", "keydown", { key: "Enter", keyCode: 229, bubbles: true });
	await page.uncheck("#with-file");
	await page.focus("#question");
	await page.keyboard.press("Enter");
	await visit.see(ANSWERED);
	return same(server.chat.asked.map(({ text: asked, files }) => [asked, files]), [["one\ntwo", []]]) || ended(visit, true);
});

await it("code is copied, and counts as copied inside", async () => {
	const visit = await working(), { page } = visit;
	await visit.ask("Why?");
	const pastes = () => server.files.journal.filter(({ kind }) => kind === "paste");
	await page.click("#talk .code button:has-text('Copy')");
	await visit.shown("#status", "Copied");
	await page.locator(".cm-content").focus();
	await page.keyboard.press("Control+End");
	await page.keyboard.press("Control+v");
	await until(() => pastes().length, "it is pasted");
	await visit.saved();
	return same([text("main.py").endsWith(CODE), pastes()[0].data.origin], [true, "inside"]) ||
		ended(visit, true);
});

await it("code becomes the file: only what differs is the assistant's, and Ctrl+Z takes it back", async () => {
	const visit = await working(), { page } = visit, before = text("main.py");
	await visit.ask("Why?");
	await page.click("#talk .apply >> nth=0");
	await visit.shown("#apply-title", "Apply to main.py");
	await visit.shown("#apply-diff .gone", "{name:10}");
	await visit.shown("#apply-diff .added", "{name:12}");
	await page.click("#apply-dialog button[value=yes]");
	await visit.see(".cm-content:focus");
	await visit.saved();
	const applied = text("main.py"), [edit] = edits();
	await page.keyboard.press("Control+z");
	await visit.saved();
	const line = "        print(f\"{name:12} {count:3} x {price:6.2f} {total(count, price):10.2f}\")\n";
	return same([applied, edits().length, edit.origin, edit.exchange, edit.ins, text("main.py")],
		[CODE, 2, "ai", server.chat.turns[1].exchange, line, before]) || ended(visit, true);
});

await it("code is put in at the cursor", async () => {
	const visit = await working(), { page } = visit, before = text("main.py");
	await visit.ask("Why?");
	await page.locator(".cm-content").focus();
	await page.keyboard.press("Control+End");
	await page.click("#talk .apply >> nth=1");
	await visit.see("#apply-form [value=insert]:checked");
	await page.keyboard.press("Enter");
	await visit.see(".cm-content:focus");
	await visit.saved();
	return same([text("main.py"), edits().map(({ origin }) => origin)], [`${before}python3 main.py\n`, ["ai"]]) ||
		ended(visit, true);
});

await it("a file with CR LF stays one, and nothing is applied when the dialog is left", async () => {
	const visit = await working({ files: { "main.py": "a = 1\r\nb = 2\r\n" } }), { page } = visit;
	await visit.ask("Why?");
	await page.click("#talk .apply >> nth=1");
	await page.keyboard.press("Escape");
	await page.click("#talk .apply >> nth=1");
	await page.check("#apply-form [value=replace]");
	await page.click("#apply-dialog button[value=yes]");
	await visit.see(".cm-content:focus");
	await visit.saved();
	return same([text("main.py"), edits().length], ["python3 main.py\r\n", 1]) || ended(visit, true);
});

await it("a reload keeps the conversation; a new one begins empty, and stays so over a reload", async () => {
	const visit = await working(), { page } = visit;
	await visit.ask("Why?");
	await page.reload();
	await visit.ready();
	await visit.shown("#talk .answer strong", "down");
	await visit.shown("#talk .asked .note", "with main.py");
	await page.click("#chat-new");
	await visit.shown("#talk", "Ask about the task");
	await page.reload();
	await visit.ready();
	await visit.shown("#talk", "Ask about the task");
	await visit.ask("Something else");
	const { conversation } = server.chat.asked[1];
	await page.reload();
	await visit.ready();
	await visit.shown("#talk .asked", "Something else");
	return same([conversation, await page.locator("#talk .turn").count()], [undefined, 2]) || ended(visit, true);
});

await it("a long answer comes in blocks of whole lines, and is all there", async () => {
	const visit = await working(), { page } = visit;
	await visit.write("a long one");
	await visit.shown("#talk [aria-busy] .said", "line 299");
	const { shown, most } = await page.evaluate(() => {
		const said = document.querySelector("#talk [aria-busy] .said");
		getSelection().selectAllChildren(said);
		return { shown: getSelection().toString(), most: Math.max(...[...said.children].map(block => block.textContent.length)) };
	});
	await page.click("#chat-stop");
	await visit.shown(`${ANSWERED} .why`, "You stopped it");
	return same([shown.trimEnd(), most < 2200], [server.chat.turns.at(-1).text.trimEnd(), true]) || ended(visit, true);
});

await it("another model is chosen; with one there is no choice, with none the page says so", async () => {
	const visit = await working(), { page } = visit;
	await page.selectOption("#model", "gpt-5.2");
	await visit.ask("Why?");
	await visit.shown("#talk .answer .note", "gpt-5.2");
	server.chat.models = ["claude-sonnet-5"];
	await page.reload();
	await visit.ready();
	await visit.see("#model:disabled");
	server.chat.models = [];
	await page.reload();
	await visit.ready();
	await visit.shown("#chat-note", "No model can be asked just now");
	await visit.see("#send:disabled");
	return same(server.chat.asked[0].model, "gpt-5.2") || ended(visit, true);
});

await it("an answer is stopped, and what came of it stays", async () => {
	const visit = await working(), { page } = visit;
	await visit.write("slow");
	await visit.shown("#talk .answer[aria-busy]", "word 3");
	await page.click("#chat-stop");
	await visit.shown(`${ANSWERED} .why`, "You stopped it");
	await visit.see("#send");
	return ended(visit, true);
});

await it("an agent's steps are seen, with what came of them; a file that it wrote is loaded again", async () => {
	const visit = await working(), { page } = visit;
	await visit.open("shop/pricing.py");
	await visit.pane("chat");
	await page.check("#mode [value=agent]");
	await visit.ask("Mend it");
	await visit.shown("#talk .steps details[data-state=good]", "Writes");
	await visit.shown("#talk .steps details[data-state=good]", "python3 main.py");
	await visit.shown("#talk .steps details[data-state=bad]", "exit 126");
	await visit.shown("#talk .steps details[data-state=bad]", "1 of 4 passed");
	await page.click("#talk .steps details:has-text('python3 main.py') summary");
	await visit.shown("#talk .steps details[open] pre", "MUG 12.35");
	await visit.shown("#talk .answer code", "shop/pricing.py");
	await visit.shown(".cm-content", "count >= BULK");
	await page.reload();
	await visit.ready();
	await visit.shown("#talk .steps details[data-state=good]", "Writes");
	await visit.shown("#talk .steps details[data-state=bad]", "1 of 4 passed");
	return same(server.chat.asked[0].agent, true) || ended(visit, true);
});

await it("an agent is stopped at any step", async () => {
	const visit = await working(), { page } = visit;
	server.chat.step = 100;
	await page.check("#mode [value=agent]");
	await visit.write("Mend it");
	await visit.shown("#talk .steps [data-state=running]", "Reads");
	await page.click("#chat-stop");
	await visit.shown(`${ANSWERED} .why`, "You stopped it");
	const steps = await page.locator("#talk .steps details").count();
	return same([steps < 6, text("shop/pricing.py").includes(">= BULK")], [true, false]) || ended(visit, true);
});

await it("a model that does not answer costs one sentence: the question is kept, and the work goes on", async () => {
	const visit = await working(), { page } = visit;
	await visit.write("down?");
	await visit.shown("#talk .answer .problem", "The model did not answer. Your work is safe");
	await visit.see("#send");
	const kept = await page.inputValue("#question");
	await visit.open("main.py");
	await visit.typeAtEnd("# on\n");
	await visit.saved();
	await visit.pane("chat");
	await page.fill("#question", "");
	await visit.ask("Why?");
	return same([kept, text("main.py").endsWith("# on\n")], ["down?", true]) || ended(visit, true);
});

await it("a refusal is one sentence, and so is an assistant that cannot be reached", async () => {
	const visit = await working(), { page } = visit;
	server.chat.refuse = { status: 429, code: "budget", message: "The budget for the assistant is used up." };
	await visit.write("Why?");
	await visit.shown("#chat-note", "The budget for the assistant is used up.");
	const after = [await page.inputValue("#question"), await page.locator("#talk .turn").count()];
	server.faults.status["GET chat"] = { status: 503, body: {} };
	await page.reload();
	await visit.ready();
	await visit.shown("#chat-note", "Your work goes on without it");
	return same(after, ["Why?", 0]) || ended(visit);
});

await it("an answer whose connection is lost, or whose page is loaded again, is shown when it is there", async () => {
	const visit = await working(), { page } = visit;
	await visit.write("cut");
	await visit.shown("#chat-note", "It is being answered");
	await visit.shown(`${ANSWERED} strong`, "down");
	await visit.see("#send");
	server.chat.step = 100;
	await visit.write("Why?");
	await visit.shown("#talk .answer[aria-busy]", "The total");
	await page.reload();
	await visit.ready();
	await visit.see("#chat-stop");
	await visit.see("#send");
	await page.waitForFunction(() => document.querySelectorAll("#talk .answer strong").length === 2);
	return ended(visit);
});

await it("a second window is told that the assistant is at work, and shows the answer when it is there", async () => {
	const visit = await working();
	const two = await Visit.begin(browser, server.base, { context: visit.context });
	await two.go("/take-home");
	await two.ready();
	await two.assistant();
	server.chat.step = 60;
	await visit.write("Why?");
	await two.page.fill("#question", "And here?");
	await two.page.press("#question", "Enter");
	await two.shown("#talk .asked", "Why?");
	const kept = await two.page.inputValue("#question");
	await two.see("#send");
	await two.shown("#talk .answer strong", "down");
	return same([kept, server.chat.asked.length], ["And here?", 2]) || two.wrong() || ended(visit);
});

await it("an assistant that is guarded says so", async () => {
	const visit = await working({ assistant: { policy: "guarded" } });
	await visit.shown("#talk .none", "leaves the solution to you");
	return ended(visit, true);
});

await it("waiting for the budget is said", async () => {
	const visit = await working();
	await visit.write("wait");
	await visit.shown("#talk .wait", "Others use what is left");
	await visit.see(ANSWERED);
	return ended(visit, true);
});

await it("a table of the answer is one", async () => {
	const visit = await working(), { page } = visit;
	await visit.ask("table");
	const cells = await page.locator("#talk .answer :is(th, td)").allTextContents();
	const right = await page.locator("#talk .answer td.right").allTextContents();
	return same([cells, right], [["Part", "Bytes", "one two", "17", "<b>", "a|b"], ["17", "a|b"]]) ||
		await visit.inspect() || ended(visit, true);
});

await it("whatever a model writes stays text, and no address but a link's gets into the page", async () => {
	const visit = await working(), { page } = visit;
	await visit.ask("bad");
	await visit.shown("#talk .answer h4", "</h2><script>window.hacked=1</script>");
	await visit.shown("#talk .answer", "</pre><img src=x onerror=window.hacked=1>");
	await visit.shown("#talk .answer", "<i> &amp;");
	const state = await page.evaluate(() => [window.hacked === undefined, document.querySelectorAll("img").length,
		[...document.querySelectorAll("#talk a")].map(link => link.href)]);
	return same(state, [true, 0, ["http://elsewhere.example/y.png"]]) || ended(visit, true);
});

await it("where the task has no assistant there is no panel, no tab and no request", async () => {
	const visit = await working({ assistant: false }), { page } = visit;
	await page.keyboard.press("Control+i");
	server.requests = [];
	await visit.run();
	const there = await page.locator("#chat, #chat-toggle, #panes [data-pane=chat], #apply-dialog, #split-chat").count();
	return same([there, server.requests.filter(request => /chat/.test(request))], [0, []]) || ended(visit, true);
});

await it("its column is there before the script is", async () => {
	const visit = await working(), page = await visit.context.newPage();
	await page.route("**/workspace.js", route => route.abort());
	await page.goto(`${server.base}/take-home`);
	const [chat, code, end] = await page.evaluate(() => [...["chat", "code"].map(id =>
		document.getElementById(id).getBoundingClientRect().top), document.getElementById("chat").getBoundingClientRect().right - innerWidth]);
	return same([chat, end], [code, 0]) || ended(visit, true);
});

await it("the panel is hidden and shown, by keys too, and that is kept", async () => {
	const visit = await working(), { page } = visit;
	await page.click("#chat-close");
	await visit.see("#chat-toggle[aria-expanded=false]:focus");
	await page.reload();
	await visit.ready();
	const hidden = await page.locator("#chat").isVisible();
	await page.keyboard.press("Control+i");
	await visit.see("#question:focus");
	await page.keyboard.press("Control+i");
	await visit.see(".cm-content:focus");
	const wide = () => page.locator("#chat").evaluate(chat => chat.clientWidth), before = await wide();
	await page.focus("#split-chat");
	await page.keyboard.press("ArrowLeft");
	return same([hidden, await wide() > before], [false, true]) || ended(visit, true);
});

await it("all of it by keyboard alone", async () => {
	const visit = await working(), { page } = visit, { keyboard } = page;
	const tabTo = async (selector, key = "Tab") => {
		for (let i = 0; i < 80; i++) {
			await keyboard.press(key);
			if (await page.evaluate(wanted => document.activeElement.matches(wanted), selector))
				return;
		}
		throw new Error(`${key} does not reach ${selector}`);
	};
	await keyboard.press("Control+i");
	await tabTo("#mode input");
	await keyboard.press("ArrowRight");
	await tabTo("#model");
	await keyboard.press("ArrowDown");
	await tabTo("#question", "Shift+Tab");
	await keyboard.type("Mend it");
	await keyboard.press("Enter");
	await visit.see(ANSWERED);
	await tabTo("#talk summary", "Shift+Tab");
	await keyboard.press("Enter");
	await visit.see("#talk details[open]");
	await tabTo("#question");
	await tabTo("#mode input");
	await keyboard.press("ArrowLeft");
	await tabTo("#question", "Shift+Tab");
	await keyboard.type("Why?");
	await keyboard.press("Enter");
	await visit.see(`${ANSWERED} .code`);
	await tabTo("#talk .apply", "Shift+Tab");
	await keyboard.press("Enter");
	await tabTo("#apply-dialog .primary");
	await keyboard.press("Enter");
	await visit.see(".cm-content:focus");
	await visit.saved();
	const asked = server.chat.asked.map(({ agent, model }) => [agent, model]);
	return same([asked, edits().map(({ origin }) => origin)], [[[true, "gpt-5.2"], [false, "gpt-5.2"]], ["ai"]]) ||
		ended(visit, true);
});

const LOOKS = {
	"light": {}, "dark": { dark: true }, "1000 px": { width: 1000 }, "900 px": { width: 900 }, "320 px": { width: 320, height: 720 },
	"320 px, dark": { width: 320, height: 720, dark: true }, "200 %": { scale: 2 },
};

for (const [name, look] of Object.entries(LOOKS))
	await it(`${name}: axe finds nothing in any state of the assistant, and nothing scrolls sideways`, async () => {
		const visit = await working({}, look), { page } = visit, found = [];
		const check = async state => {
			const wrong = await visit.inspect();
			if (wrong)
				found.push(`${state}: ${wrong}`);
			if (process.env.TALI_SHOTS)
				await page.screenshot({ path: `${process.env.TALI_SHOTS}/${name} ${state}.png` });
		};
		await check("empty");
		await visit.ask("Why is the total wrong, although all the tests that I can see pass on this machine?");
		await check("answered");
		await page.check("#mode [value=agent]", { force: true });
		await visit.ask("Mend it");
		await page.click("#talk .steps details >> nth=1");
		await check("steps");
		await page.check("#mode [value=ask]", { force: true });
		await visit.write("slow");
		await visit.shown("#talk .answer[aria-busy]", "word 3");
		await check("running");
		await page.click("#chat-stop");
		await visit.shown(`${ANSWERED} .why`, "You stopped it");
		await visit.write("down");
		await visit.shown("#talk .answer .problem", "did not answer");
		await check("down");
		await page.click("#talk .apply >> nth=0");
		await visit.see("#apply-dialog[open]");
		await check("apply");
		await page.keyboard.press("Escape");
		await page.click("#chat-new");
		await check("new");
		return found.join("\n") || ended(visit, true);
	});

await it("the server saw nothing that it could not understand", () => server.errors.join("\n"));

await browser.close();
server.stop();
finish();

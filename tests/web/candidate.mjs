/* candidate.mjs PRINT-PAGE CHROMIUM - see candidate.sh */
import { FakeServer, PASSCODE, TOKEN } from "./fake-server.mjs";
import { typeAtOnce, Visit } from "./journey.mjs";
import { launch } from "./lib.mjs";
import { finish, it, same, until } from "./tap.mjs";

const [, , printPage, chromium] = process.argv;
const browser = await launch(chromium);
const server = await new FakeServer(printPage).start();

/* A session of its own, and a visit at the invitation. */
async function invited(session = {}, look = {}) {
	server.faults = { status: {} };
	server.skew = 0;
	server.cut();
	server.reset(session);
	const visit = await Visit.begin(browser, server.base, look);
	await visit.go(`/t/${TOKEN}`);
	return visit;
}

async function working(session, look) {
	const visit = await invited(session, look);
	await visit.start();
	await until(() => server.streams.size > 0, "the page listens to the server");
	return visit;
}

/* A visit is over: nothing happened that must not. */
async function ended(visit, strict) {
	const wrong = visit.wrong(strict);
	await visit.end();
	return wrong;
}

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const text = path => server.files.text(path);
const events = kind => server.files.journal.filter(event => event.kind === kind);

/* --- the journey */

await it("a wrong passcode is said, and so is a lock", async () => {
	server.reset({});
	const visit = await Visit.begin(browser, server.base);
	await visit.go("/take-home");
	await visit.passcode("AAAA2222");
	await visit.shown("#problem", "not known");
	for (let i = 0; i < 5; i++)
		await visit.passcode("AAAA2222");
	await visit.shown("#problem", "wait 4 min");
	return ended(visit);
});

await it("from the link to the receipt, without a message, an error or a request to elsewhere", async () => {
	const visit = await invited({ code: "blue", message: "Good luck", instructions: "Be *quick*." });
	const { page } = visit;
	if (page.url() !== `${server.base}/take-home`)
		return `the token is in ${page.url()}`;
	await page.fill("#access-code", "blue");
	await visit.start();
	await visit.typeAtEnd("# typed\n");
	await visit.saved();
	await visit.open("shop/pricing.py");
	await page.keyboard.press("Control+Home");
	await page.keyboard.type("# é€😀\n");
	await visit.run();
	await visit.shown("#output-text", "warning: <b>bulk</b> is not used");
	await visit.test();
	await visit.shown("#verdict", "1 of 4 tests passed");
	await visit.terminal();
	await page.keyboard.type("ls\r");
	await visit.shown(".xterm-rows", "ran ls");
	await page.keyboard.press("Control+Shift+F6");
	await visit.see(".cm-content:focus");
	const wanted = [text("main.py").endsWith("# typed\n"), text("shop/pricing.py").startsWith("# é€😀\n")];
	await visit.submit();
	await visit.shown("table", "shop/pricing.py");
	await page.reload();
	await visit.shown("h1", "handed in");
	return same(wanted, [true, true]) || ended(visit, true);
});

await it("a passcode leads where the link leads", async () => {
	server.reset({});
	const visit = await Visit.begin(browser, server.base);
	await visit.go("/");
	await visit.page.click("text=Enter a passcode");
	await visit.passcode(PASSCODE.toLowerCase().replace(/(....)/, "$1 "));
	await visit.see("#start");
	return ended(visit, true);
});

await it("a passcode that is entered before the page is whole gets into no address", async () => {
	server.reset({});
	const visit = await Visit.begin(browser, server.base), { page } = visit;
	let come;
	const held = new Promise(resolve => come = resolve), asked = [];
	page.on("request", request => asked.push(request.url()));
	await page.route("**/passcode.js", route => held.then(() => route.continue()));
	await page.goto(`${server.base}/take-home`, { waitUntil: "commit" });
	await page.fill("#passcode", PASSCODE);
	await page.keyboard.press("Enter");
	come();
	await visit.passcode(PASSCODE);
	await visit.see("#start");
	return same(asked.filter(url => url.includes(PASSCODE)), []) || ended(visit, true);
});

await it("the work begins at the top of its page, wherever Start was", async () => {
	const visit = await invited({ assistant: true, code: "blue", message: "Good luck" }, { scale: 2 });
	await visit.page.fill("#access-code", "blue");
	await visit.start();
	return same(await visit.page.evaluate(() => scrollY), 0) || ended(visit, true);
});

await it("a wrong access code is said, and nothing has started", async () => {
	const visit = await invited({ code: "blue" });
	await visit.page.click("#start button");
	await visit.shown("#problem", "enter the access code");
	await visit.page.fill("#access-code", "red");
	await visit.page.click("#start button");
	await visit.shown("#problem", "This access code is not right");
	return same(server.status, "scheduled") || ended(visit);
});

await it("setting up is shown as it goes; a reload comes back; when it fails it can be tried again", async () => {
	server.options.step = 400;
	const visit = await invited({});
	server.faults.job = true;
	await visit.page.click("#start button");
	await visit.shown("#lines li", "Laying down the task");
	await visit.page.reload();
	await visit.shown("#lines li", "Laying down the task");
	await visit.shown("h1", "did not work");
	server.faults.job = false;
	server.options.step = 30;
	await visit.page.click("#again");
	await visit.ready();
	return ended(visit, true);
});

await it("the first file of the task's language is open at first", async () => {
	const visit = await working({ files: { "build.sh": "cc", "test_main.py": "def", "main.py": "x = 1" } });
	await visit.shown("#tabs [aria-selected=true]", "main.py");
	return ended(visit, true);
});

/* --- what is written */

await it("edits are exact: history, brackets, many cursors, search, other scripts, CR LF", async () => {
	const visit = await working({ files: { "a.txt": "one\r\ntwo\r\n", "b.py": "x = 1\nif x:\n    y = 2\n" } });
	const { page } = visit;
	await visit.open("a.txt");
	await page.keyboard.press("Control+End");
	await page.keyboard.type("drei 😀 é\nvier");
	await page.keyboard.press("Control+z");
	await page.keyboard.press("Control+z");
	await page.keyboard.type("fünf\n日本語");
	await visit.open("b.py");
	await page.keyboard.press("Control+End");
	await page.keyboard.type("def f(a, [b\n");
	await page.keyboard.press("Control+Home");
	await page.keyboard.press("Control+d");
	await page.keyboard.press("Control+d");
	await page.keyboard.type("zz");
	await page.keyboard.press("Alt+ArrowDown");
	await page.keyboard.press("Control+/");
	await visit.saved();
	const b = await visit.text("b.py"), a = await visit.text("a.txt");
	return same([text("a.txt").replaceAll("\r\n", "\n"), /[^\r]\n/.test(text("a.txt")), text("b.py")],
		[a.replaceAll("\r\n", "\n"), false, b]) || ended(visit, true);
});

await it("paste says its size, its hash, and whether it was copied in the page", async () => {
	const visit = await working();
	const { page } = visit;
	await visit.open("main.py");
	await page.keyboard.press("Control+Home");
	await page.keyboard.press("Shift+ArrowDown");
	await page.keyboard.press("Control+c");
	await page.keyboard.press("Control+End");
	await page.keyboard.press("Control+v");
	await until(() => events("paste").length === 1, "it is pasted");
	await page.evaluate(() => navigator.clipboard.writeText("from\r\nelsewhere €"));
	await page.keyboard.press("Control+v");
	await until(() => events("paste").length === 2, "the other text is pasted");
	await visit.saved();
	const pastes = events("paste").map(({ data }) => [data.file, data.size > 0, data.hash.length, data.origin]);
	const origins = events("edit").flatMap(({ data }) => data.edits).map(edit => edit.origin);
	return same([pastes, origins.filter(origin => origin === "paste").length,
		text("main.py").endsWith("from\nelsewhere €")],
	[[["main.py", true, 64, "inside"], ["main.py", true, 64, "outside"]], 2, true]) || ended(visit, true);
});

await it("open, show, close, cursor and focus are told, cursors at most five times a second", async () => {
	const visit = await working();
	const { page } = visit;
	await visit.open("main.py");
	await visit.open("shop/pricing.py");
	for (let i = 0; i < 40; i++)
		await page.keyboard.press("ArrowRight");
	await page.click("#close-tab");
	await pause(300);
	await page.evaluate(() => window.dispatchEvent(new Event("blur")));
	await page.keyboard.press("Control+s");
	await visit.saved();
	const opens = events("open").map(({ data }) => `${data.action} ${data.file}`);
	const times = events("cursor").map(event => event.time);
	const close = times.some((time, i) => i && time - times[i - 1] < 190);
	return same([opens.slice(0, 2), opens.at(-2), close, times.length > 0, events("focus").at(-1)?.data.state],
		[["open main.py", "open shop/pricing.py"], "close shop/pricing.py", false, true, "blur"]) ||
		ended(visit, true);
});

await it("what is typed right after a file was renamed is no conflict", async () => {
	const visit = await working({ files: { "main.py": "a = 1\n" } }), { page } = visit;
	server.faults.slow = 300;
	await page.click("#rename");
	await visit.name("made.py");
	await visit.typeAtEnd("b = 2\n");
	await visit.saved();
	return same(text("made.py"), "a = 1\nb = 2\n") || ended(visit, true);
});

await it("files and folders are made, renamed, deleted and uploaded", async () => {
	const visit = await working();
	const { page } = visit, name = value => visit.name(value);
	await page.click("#new-file");
	await page.fill("#name", "../x");
	await page.keyboard.press("Enter");
	await visit.shown("#name-problem", "cannot be");
	await name("lib/<b>new</b>.py");
	await visit.see(`.cm-content[aria-label="lib/<b>new</b>.py, text"]`);
	await page.keyboard.type("made = 1\n");
	await page.click("#rename");
	await name("lib/made.py");
	await visit.see(`.cm-content[aria-label="lib/made.py, text"]`);
	await page.locator(".cm-content").focus();
	await page.keyboard.press("Control+z");
	const undone = await visit.text();
	await page.keyboard.press("Control+y");
	await page.keyboard.press("Control+End");
	await page.keyboard.type("more = 2\n");
	await page.click("#new-file");
	await name("data/first.csv");
	await visit.see(`#tree [data-path="data/first.csv"]`);
	const late = server.session();
	await page.setInputFiles("#upload-files", { name: "data.csv", mimeType: "text/csv",
		buffer: Buffer.from("a,b\n") });
	await visit.see(`#tree [data-path="data/data.csv"]`);
	server.tell("session", late);
	server.tell("notice", { text: "after what came late" });
	await visit.shown("#alerts", "after what came late");
	await visit.see(`#tree [data-path="data/data.csv"]`);
	for (const path of ["data/first.csv", "README.md"]) {
		await page.click(`#tree [data-path="${path}"]`);
		await page.click("#delete");
		await page.click("#delete-dialog button[value=yes]");
		await page.locator(`#tree [data-path="${path}"]`).waitFor({ state: "detached" });
	}
	await visit.saved();
	const kept = text("data/data.csv");
	/* a folder goes with its last file, here as after a reload */
	await page.click(`#tree [data-path="data"]`);
	await page.click("#delete");
	await page.click("#delete-dialog button[value=yes]");
	await page.locator(`#tree [data-path="data"]`).waitFor({ state: "detached" });
	return same([undone, text("lib/made.py"), kept, text("data/data.csv"), text("README.md")],
		["made = 1", "made = 1\nmore = 2\n", "a,b\n", undefined, undefined]) || ended(visit, true);
});

await it("the tree is one stop of Tab, and a file keeps the focus when it is renamed by key", async () => {
	const visit = await working({ files: { "lib/a.py": "", "lib/b.py": "", "main.py": "", "z.py": "" } });
	const { page } = visit, { keyboard } = page;
	const at = () => page.evaluate(() => document.activeElement.dataset.path ?? document.activeElement.id);
	await page.focus("#tree [tabindex='0']");
	await keyboard.press("End");
	const seen = [await at()];
	for (const key of ["Tab", "Shift+Tab", "ArrowUp", "F2"]) {
		await keyboard.press(key);
		seen.push(await at());
	}
	await page.fill("#name", "lib/c.py");
	await keyboard.press("Enter");
	await visit.see(`#tree [data-path="lib/c.py"]:focus`);
	await keyboard.press("Delete");
	await keyboard.press("Escape");
	await visit.see(`#tree [data-path="lib/c.py"]:focus`);
	return same(seen, ["z.py", "split-side", "z.py", "main.py", "name"]) || ended(visit, true);
});

await it("a file that a run changed is loaded again; one that is no text or too long is not opened", async () => {
	const visit = await working({ files: { "a.txt": "one\n", "b.bin": new Uint8Array([0, 255]),
		"c.txt": "long\n".repeat(500000) } });
	await visit.open("a.txt");
	server.files.set("a.txt", new TextEncoder().encode("one\ntwo\n"), "run");
	await visit.shown("#alerts", "a.txt was changed elsewhere");
	const loaded = await visit.text();
	await visit.page.click(`#tree [data-path="b.bin"]`);
	await visit.shown("#alerts", "it is no text");
	await visit.page.click(`#tree [data-path="c.txt"]`);
	await visit.shown("#alerts", "it is too long");
	await visit.typeAtEnd("three\n");
	await visit.saved();
	return same([loaded, text("a.txt")], ["one\ntwo\n", "one\ntwo\nthree\n"]) || ended(visit, true);
});

await it("a run that nobody answered is told, and can be tried again", async () => {
	const visit = await working();
	server.faults.offline = true;
	server.cut();
	await visit.page.click("#run");
	await visit.shown("#verdict", "Interrupted");
	server.faults.offline = false;
	await visit.page.click("#run");
	await visit.shown("#verdict", "Done");
	return ended(visit);
});

await it("output comes in blocks of whole lines, is all there, and is copied as it is", async () => {
	const visit = await working(), { page } = visit;
	const lines = Array.from({ length: 400 }, (_, i) => `${i % 3 ? `${i} `.repeat(20) : ""}\n`).join("");
	for (const [i, text] of lines.match(/[^]{1,50}/g).entries())
		server.tell("output", { stream: i % 4 ? "stdout" : "stderr", text });
	server.tell("output", { stream: "stdout", text: "end" });
	await visit.shown("#output-text", "end");
	const { copied, most } = await page.evaluate(() => {
		const out = document.getElementById("output-text");
		getSelection().selectAllChildren(out);
		return { copied: String(getSelection()), most: Math.max(...[...out.children].map(block => block.textContent.length)) };
	});
	return same([copied, most < 2200, await page.locator("#output-text .none").count()], [`${lines}end`, true, 0]) ||
		ended(visit, true);
});

await it("a run that was ended has no exit status", async () => {
	const visit = await working();
	server.tell("run", { run: "r9", state: "done", verdict: "output_limit", exit_status: null, wall_ms: 40 });
	await visit.shown("#verdict", "output limit");
	return same(await visit.page.textContent("#verdict"), "output limit · 0.04 s") || ended(visit, true);
});

await it("the command that is shown is what ran, and one's own stays", async () => {
	const visit = await working(), { page } = visit, shown = () => page.inputValue("#command");
	const commands = [await shown()];
	await page.click("#run");
	await visit.shown("#verdict", "Done");
	commands.push(await shown());
	await page.fill("#command", "ls -l");
	await page.click("#run");
	await visit.shown("#output-text", "ls -l");
	commands.push(await shown());
	return same(commands, ["python3 main.py", "python3 main.py --now", "ls -l"]) || ended(visit);
});

await it("the program is open first, and no header, script or other file of the task", async () => {
	const visit = await working({ files: { "a.h": "x", "aaa.py": "x = 1", "lib.pyi": "x", "main.py": "y = 2",
		"main.sh": "exec python3 aaa.py" } });
	await visit.shown("#tabs [aria-selected=true]", "main.py");
	return ended(visit);
});

await it("a run can be stopped, and another command can be run", async () => {
	const visit = await working();
	await visit.page.fill("#command", "sleep 100");
	await visit.page.keyboard.press("Enter");
	await visit.shown("#output-text", "sleep 100");
	await visit.page.click("#stop");
	await visit.shown("#verdict", "signal KILL");
	return ended(visit, true);
});

await it("tests can be stopped, after a reload too", async () => {
	const visit = await working({ slowTests: true }), { page } = visit;
	await page.click("#test");
	await visit.shown("#verdict", "Running the tests");
	await page.reload();
	await visit.ready();
	await page.click("#tab-tests");
	await visit.shown("#verdict", "Running the tests");
	await page.click("#stop");
	await visit.shown("#verdict", "Stopped");
	return ended(visit, true);
});

await it("after a reload the last run and the last tests are told, and a run goes on", async () => {
	const visit = await working();
	const { page } = visit;
	await visit.run();
	await visit.test();
	await page.reload();
	await visit.ready();
	await visit.shown("#verdict", "Done · exit 0");
	await page.click("#tab-tests");
	await visit.shown("#verdict", "1 of 4 tests passed");
	await page.click("#tab-output");
	await page.fill("#command", "sleep 100");
	await page.keyboard.press("Enter");
	await visit.shown("#verdict", "Running");
	await page.reload();
	await visit.ready();
	await visit.shown("#verdict", "Running");
	await page.click("#stop");
	await visit.shown("#verdict", "signal KILL");
	return ended(visit, true);
});

/* --- faults */

await it("a reload at any point loses no edit and doubles none", async () => {
	const visit = await working({ files: { "a.txt": "" } });
	const { page } = visit;
	let wanted = "";
	for (let i = 0; i < 8; i++) {
		await visit.open("a.txt");
		const word = `${i}é `.repeat(3);
		await visit.typeAtEnd(word);
		wanted += word;
		await pause([0, 50, 150, 250, 600, 1900, 2050, 0][i]);
		if (i % 3 === 2)
			server.faults.lose = 1;
		await page.reload();
		await visit.ready();
		const shown = await visit.text("a.txt");
		if (shown !== wanted)
			return same(shown, wanted);
	}
	await visit.saved();
	return same(text("a.txt"), wanted) || ended(visit);
});

await it("ten minutes without a connection: the page says so, and all is sent when it is back", async () => {
	const visit = await working({ files: { "a.txt": "", "b.txt": "" } }, { clock: true });
	const { page } = visit;
	await visit.open("a.txt");
	await visit.typeAtEnd("before ");
	await page.clock.runFor(3000);
	await visit.saved();
	server.faults.offline = true;
	server.cut();
	await visit.typeAtEnd("during ");
	for (let i = 0; i < 30; i++) {
		await page.clock.runFor(20000);
		await pause(20);
	}
	await visit.shown("#saved", "Kept in this browser");
	await visit.shown("#alerts", "The connection is lost");
	await visit.shown("#connection", "Offline");
	await visit.typeAtEnd("and ");
	await visit.page.click("#run");
	await visit.page.click(`#tree [data-path="b.txt"]`);
	await visit.shown("#alerts", "b.txt: The server cannot be reached");
	server.faults.offline = false;
	await visit.typeAtEnd("after");
	for (let i = 0; i < 5; i++) {
		await page.clock.runFor(4000);
		await pause(100);
	}
	await visit.saved();
	await visit.shown("#connection", "Connected");
	await page.locator("#alerts p:has-text('cannot be reached')").waitFor({ state: "detached" });
	return same(text("a.txt"), "before during and after") || ended(visit);
});

await it("offline at a reload's end: what was typed comes back from the browser", async () => {
	const visit = await working({ files: { "a.txt": "" } });
	await visit.open("a.txt");
	server.faults.status["POST events"] = { status: 503, body: {} };
	await visit.typeAtEnd("kept");
	await visit.see("#saved[data-state=offline]");
	await visit.page.reload();
	await visit.shown("#alerts", "earlier page");
	server.faults.status = {};
	await visit.ready();
	return same([await visit.text("a.txt"), text("a.txt")], ["kept", "kept"]) || ended(visit);
});

await it("429 and 503 only take time", async () => {
	const visit = await working({ files: { "a.txt": "" } });
	await visit.open("a.txt");
	server.files.rate = 1;
	await visit.typeAtEnd("one ");
	await pause(2600);
	server.faults.status["POST events"] = { status: 503, once: true, headers: { "Retry-After": "1" }, body: {} };
	server.files.rate = Infinity;
	await visit.typeAtEnd("two");
	await until(() => text("a.txt") === "one two", "the text is there");
	await visit.saved();
	return ended(visit);
});

await it("a slow server is not asked twice, and the page stays usable", async () => {
	const visit = await working({ files: { "a.txt": "" } });
	await visit.open("a.txt");
	server.faults.slow = 1500;
	await visit.typeAtEnd("slow");
	await pause(2500);
	await visit.typeAtEnd("ly");
	await visit.saved();
	return same(text("a.txt"), "slowly") || ended(visit, true);
});

await it("two windows in one file: the last to save wins, and both show it", async () => {
	const one = await working({ files: { "a.txt": "start\n" } });
	const two = await Visit.begin(browser, server.base, { context: one.context });
	await two.go("/take-home");
	await two.ready();
	await one.open("a.txt");
	await two.open("a.txt");
	await typeAtOnce(one, two, "one", "two");
	await two.shown("#alerts", "changed in another window");
	await until(async () => await one.text() === "start\ntwo", "the first window shows it");
	await one.typeAtEnd("!");
	await one.saved();
	await until(async () => await two.text() === "start\ntwo!", "the second window shows it");
	const wrong = two.wrong();
	return same(text("a.txt"), "start\ntwo!") || wrong || ended(one);
});

await it("what a run wrote while nobody told is shown when it has ended, and after a reload", async () => {
	const visit = await invited();
	server.faults.streams = false;
	await visit.start();
	await visit.page.click("#run");
	await visit.shown("#verdict", "Done");
	await visit.shown("#output-text", "PENCIL");
	await visit.page.reload();
	await visit.shown("#output-text", "PENCIL");
	return ended(visit);
});

await it("who reads at the end of the output stays there however fast it comes, and who has gone up, too", async () => {
	const visit = await working();
	const { page } = visit;
	const output = (from, to) => server.tell("output", { run: "r", stream: 1,
		text: Array.from({ length: to - from }, (_, i) => `line ${from + i} of it\n`).join("") });
	const left = () => page.evaluate(() => new Promise(done => requestAnimationFrame(() =>
		requestAnimationFrame(() => {
			const box = document.getElementById("output-text");
			done([box.scrollTop, box.scrollHeight - box.scrollTop - box.clientHeight]);
		}))));
	await page.click("#tab-output");
	for (let from = 0; from < 2400; from += 8) {
		output(from, from + 8);
		await pause(3);
	}
	await visit.shown("#output-text", "line 2399");
	const low = await left();
	await page.click("#tab-tests");
	output(2400, 2800);
	await until(() => page.evaluate(() => document.getElementById("output-text").textContent.includes("line 2799")),
		"what came while other things were shown");
	await page.click("#tab-output");
	const shown = await left();
	await page.evaluate(() => { document.getElementById("output-text").scrollTop -= 300; });
	const before = await left();
	output(2800, 3200);
	await visit.shown("#output-text", "line 3199");
	return same([low[1] < 2, shown[1] < 2, (await left())[0] - before[0]], [true, true, 0]) || ended(visit, true);
});

await it("an empty line of the output is one wherever the output was cut into pieces", async () => {
	const visit = await working();
	const { page } = visit;
	await page.click("#tab-output");
	for (const text of [`${"x".repeat(2100)}\n`, "\nafter one\n", "end\n"])
		server.tell("output", { run: "r", stream: 1, text });
	await visit.shown("#output-text", "end");
	const selected = await page.evaluate(() => {
		getSelection().selectAllChildren(document.getElementById("output-text"));
		return getSelection().toString();
	});
	return same(selected.slice(2099).trimEnd(), "x\n\nafter one\nend") || ended(visit, true);
});

await it("what a run wrote before a reload is shown when it has ended", async () => {
	const visit = await working();
	const { page } = visit;
	await page.fill("#command", "sleep 100");
	await page.keyboard.press("Enter");
	await visit.shown("#output-text", "sleep 100");
	await page.reload();
	await visit.shown("#verdict", "Running");
	await until(() => server.streams.size > 0, "the page listens to the server");
	server.stopped = true;
	await visit.shown("#verdict", "signal KILL");
	await visit.shown("#output-text", "sleep 100");
	return ended(visit);
});

await it("what ran while the connection was lost is told afterwards, and so is what is gone", async () => {
	const visit = await working();
	const { page } = visit;
	await page.fill("#command", "sleep 100");
	await page.keyboard.press("Enter");
	await visit.shown("#output-text", "sleep 100");
	server.faults.offline = true;
	server.cut();
	await visit.shown("#connection", "Offline");
	server.stopped = true;
	await until(() => !server.running, "it has ended");
	server.faults.offline = false;
	await visit.shown("#verdict", "signal KILL");
	await page.keyboard.press("Enter");
	await visit.shown("#verdict", "Running");
	await until(() => server.running, "it runs");
	server.running = null;
	server.cut();
	await visit.shown("#verdict", "Interrupted");
	server.stopped = true;
	await page.fill("#command", "ls");
	await page.keyboard.press("Enter");
	await visit.shown("#verdict", "Done");
	return ended(visit);
});

await it("without room for a stream the page asks now and then", async () => {
	const visit = await invited();
	server.faults.streams = false;
	await visit.start();
	await visit.shown("#connection", "Connected");
	server.extend(600000);
	await visit.shown("#alerts", "10 min more");
	return ended(visit);
});

await it("the terminal is there again after the connection was cut, with what was on it", async () => {
	const visit = await working();
	await visit.terminal();
	await visit.page.keyboard.type("make\r");
	await visit.shown(".xterm-rows", "ran make");
	const { size } = server.terminal;
	server.cut();
	await pause(1500);
	await visit.shown(".xterm-rows", "ran make");
	await visit.page.keyboard.type("test\r");
	await visit.shown(".xterm-rows", "ran test");
	for (let height = 850; height > 820; height -= 4) {
		await visit.page.setViewportSize({ width: 1360, height });
		await visit.told(visit.page.waitForFunction(() => document.querySelector(".xterm-screen").getBoundingClientRect().bottom <=
			document.getElementById("screen").getBoundingClientRect().bottom));
	}
	return same([size.columns > 40, size.rows > 4], [true, true]) || ended(visit);
});

await it("a session that was withdrawn shows that at once", async () => {
	const visit = await working();
	server.status = "revoked";
	server.state();
	await visit.shown("h1", "withdrawn");
	return ended(visit);
});

await it("script in titles, names, statements, output and the terminal stays text", async () => {
	const bad = "</script><img src=x onerror=window.hacked=1>\"'";
	const visit = await invited({ title: bad, candidate: bad, message: bad, instructions: bad,
		statement: `${bad}\n\n<script>window.hacked=1</script>\n\n[x](javascript:window.hacked=1)`,
		files: { [`a${bad.replaceAll("/", "")}.py`]: `# ${bad}\n`, "b.py": "" } });
	await visit.shown("h1", bad);
	await visit.start();
	await visit.shown("#task", "window.hacked=1");
	await visit.page.click(`#tree button:has-text("onerror")`);
	await visit.page.fill("#command", bad);
	await visit.page.keyboard.press("Enter");
	await visit.shown("#output-text", bad);
	await visit.terminal();
	await visit.page.keyboard.type(`${bad}\x1b]0;t\x07\x1b]52;c;aGk=\x07\r`);
	await visit.shown(".xterm-rows", "onerror");
	server.tell("notice", { text: bad });
	await visit.shown("#alerts", bad);
	await visit.page.keyboard.press("Control+Shift+F6");
	await visit.submit();
	const state = await visit.page.evaluate(() => [window.hacked === undefined,
		document.querySelectorAll("img").length]);
	return same(state, [true, 0]) || ended(visit, true);
});

/* --- time */

await it("warnings at 15, 5 and 1 minutes, red below 5, and more time is told", async () => {
	const visit = await working({ duration: 3600000 });
	const left = async (ms, said, level) => {
		server.deadline = server.now() + ms;
		server.state();
		await visit.shown("#alerts", said);
		await visit.see(`#timer[data-level=${level}]`);
	};
	await left(14.5 * 60000, "Less than 15 minutes left", "late");
	await left(4.5 * 60000, "Less than 5 minutes left", "last");
	await left(50000, "Less than a minute left", "last");
	server.extend(1200000);
	await visit.shown("#alerts", "You were given more time: 20 min more");
	await visit.see("#timer:not([data-level=last])");
	return ended(visit, true);
});

await it("the time left is the server's, whatever this computer's clock says", async () => {
	server.skew = 0;
	const visit = await invited({ duration: 1800000 });
	server.skew = 86400000 * 3;
	/* nothing but the page has told the time, and its script takes its time */
	await visit.page.route(/workspace.js|stream$/, route => pause(5000).then(() => route.continue()));
	await visit.start();
	const most = server.deadline - server.now(), text = await visit.page.textContent("#left");
	const least = server.deadline - server.now(), [minutes, seconds] = text.split(":");
	const shown = (minutes * 60 + Number(seconds)) * 1000;
	server.skew = 0;
	return shown >= least && shown < most + 4000 ? ended(visit, true) : `${text}, and ${least} ms were left`;
});

await it("when time is up the work is handed in by itself, with what was typed last", async () => {
	const visit = await working({ files: { "a.txt": "" } });
	await visit.open("a.txt");
	await visit.typeAtEnd("at last");
	server.deadline = server.now() + 5500;
	server.state();
	await visit.shown("h1", "Time was up");
	return same(text("a.txt"), "at last") || ended(visit);
});

await it("when time is up and nobody answers, the page waits, and then shows the receipt", async () => {
	const visit = await working();
	server.deadline = server.now() + 5000;
	server.state();
	await visit.shown("#left", /^0:0\d$/);
	server.faults.offline = true;
	server.cut();
	await visit.shown("#ended", "Time is up");
	await visit.shown("#ended", "cannot be reached");
	const found = await visit.inspect();
	server.faults.offline = false;
	await visit.shown("h1", "Time was up");
	return found || ended(visit);
});

/* --- for everybody */

await it("the journey by keyboard alone", async () => {
	const visit = await invited({ files: { "main.py": "x = 1\n" } });
	const { page } = visit, { keyboard } = page;
	const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
	const tabTo = async (id, key = "Tab") => {
		for (let i = 0; i < 60; i++) {
			/* the way out of the editor, where Tab indents */
			if ((await focused()).includes("cm-content"))
				await keyboard.press("Escape");
			await keyboard.press(key);
			if ((await focused()).split(" ").includes(id))
				return;
		}
		throw new Error(`Tab does not reach ${id}, but ${await focused()}`);
	};
	await tabTo("primary");
	await keyboard.press("Enter");
	await visit.ready();
	await tabTo("skip");
	await keyboard.press("Enter");
	await tabTo("cm-content");
	await keyboard.press("Control+End");
	await keyboard.type("y = 2");
	await keyboard.press("Tab");
	await keyboard.press("Escape");
	await tabTo("split-panel");
	const before = await page.getAttribute("#split-panel", "aria-valuenow");
	await keyboard.press("ArrowUp");
	const after = await page.getAttribute("#split-panel", "aria-valuenow");
	await tabTo("tab-output");
	await keyboard.press("ArrowRight");
	await keyboard.press("ArrowRight");
	await visit.see("#tab-terminal[aria-selected=true]:focus");
	await visit.terminal();
	await keyboard.press("Tab");
	await visit.see(".xterm-helper-textarea:focus");
	await keyboard.press("Control+Shift+F6");
	await visit.see(".cm-content:focus");
	await keyboard.press("Escape");
	await tabTo("submit", "Shift+Tab");
	await keyboard.press("Enter");
	await tabTo("submit-yes");
	await keyboard.press("Enter");
	await visit.shown("h1", "handed in");
	return same([Number(after) - Number(before), text("main.py")], [2, "x = 1\n    y = 2"]) ||
		ended(visit, true);
});

await it("theme, font size and tab width are kept", async () => {
	const visit = await working();
	const { page } = visit;
	await page.click("#settings-open");
	await page.selectOption("#set-theme", "dark");
	await page.selectOption("#set-size", "20");
	await page.selectOption("#set-tab", "8");
	await page.keyboard.press("Escape");
	await page.reload();
	await visit.ready();
	const look = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor,
		getComputedStyle(document.querySelector(".cm-content")).fontSize,
		getComputedStyle(document.querySelector(".cm-content")).tabSize]);
	return same(look, ["rgb(14, 14, 17)", "20px", "8"]) || ended(visit, true);
});

await it("what can be done with files has room where the columns are narrow", async () => {
	const visit = await working({}, { width: 905 });
	const room = await visit.page.evaluate(() => document.querySelector("#files .head").getBoundingClientRect().right -
		document.querySelector("#files .tools").getBoundingClientRect().right);
	return same(room >= 0, true) || ended(visit, true);
});

const LOOKS = {
	"light": {}, "dark": { dark: true }, "320 px": { width: 320, height: 720 },
	"320 px, dark": { width: 320, height: 720, dark: true }, "200 %": { scale: 2 },
};

for (const [name, look] of Object.entries(LOOKS))
	await it(`${name}: axe finds nothing on any page and state, and none scrolls sideways`, async () => {
		const found = [], visit = await invited({ code: "blue", message: "Hello", instructions: "# A\n\n`b`",
			attempts: 2, extra: 900000, title: "A-task-with-a-name-that-is-much-too-long-to-be-true" }, look);
		const { page } = visit;
		const check = async state => {
			const wrong = await visit.inspect();
			if (wrong)
				found.push(`${state}: ${wrong}`);
		};
		await check("invitation");
		await page.click("#start button");
		await check("invitation without code");
		for (const path of ["/", "/error/0", "/error/1", "/error/2", "/error/3", "/error/4", "/error/5"]) {
			await visit.go(path);
			await check(path);
		}
		await visit.go("/me");
		await check("me");
		await visit.go("/take-home");
		let go;
		server.options.held = new Promise(resolve => go = resolve);
		await page.fill("#access-code", "blue");
		await page.click("#start button");
		await visit.see("#lines li");
		await check("setting up");
		go();
		await visit.ready();
		await check("workspace");
		for (const pane of ["files", "code", "panel"]) {
			await visit.pane(pane);
			await check(`pane ${pane}`);
		}
		await visit.open("shop/pricing.py");
		await check("editor");
		await page.keyboard.press("Control+f");
		await visit.see(".cm-search");
		await check("search");
		await page.keyboard.press("Escape");
		await page.keyboard.press("Control+End");
		await page.keyboard.type("to");
		await page.keyboard.press("Control+Space");
		await visit.see(".cm-tooltip-autocomplete");
		await check("completion");
		await page.keyboard.press("Escape");
		await visit.run();
		await check("output");
		await visit.test();
		await check("tests");
		await visit.terminal();
		await page.keyboard.type("ls\r");
		await visit.shown(".xterm-rows", "ran ls");
		await check("terminal");
		await page.keyboard.press("Control+Shift+F6");
		for (const [button, dialog, pane] of [["#settings-open", "#settings"], ["#submit", "#submit-dialog"],
			["#new-file", "#name-dialog", "files"], ["#delete", "#delete-dialog", "files"]]) {
			if (pane)
				await visit.pane(pane);
			await page.click(button);
			await visit.see(`${dialog}[open]`);
			await check(dialog);
			await page.keyboard.press("Escape");
		}
		server.faults.status["POST events"] = { status: 503, body: {} };
		await visit.open("shop/pricing.py");
		await visit.typeAtEnd("x");
		await visit.see("#saved[data-state=offline]");
		await check("not saved");
		server.faults.status = {};
		await visit.saved();
		const wide = await page.evaluate(() => {
			const words = document.getElementById("saved-text"), said = words.textContent;
			const wide = [...Array(24).keys()].filter(length => {
				words.textContent = "n".repeat(length);
				return document.documentElement.scrollWidth > innerWidth;
			});
			words.textContent = said;
			return wide;
		});
		if (wide.length)
			found.push(`the header is too wide with ${wide} letters in it`);
		server.deadline = server.now() + 280000;
		server.state();
		await visit.see("#timer[data-level=last]");
		await check("few minutes");
		server.extend(600000);
		await visit.shown("#alerts", "more time");
		await check("extended");
		server.faults.offline = true;
		server.cut();
		await visit.see("#connection[data-state=off]");
		await check("offline");
		server.faults.offline = false;
		await visit.see("#connection[data-state=on]");
		await visit.saved();
		await visit.submit();
		await check("receipt");
		await visit.context.clearCookies();
		await visit.go("/take-home");
		await visit.passcode("AAAA2222");
		await visit.shown("#problem", "not known");
		await check("passcode");
		return found.join("\n") || ended(visit);
	});

await it("the server saw nothing that it could not understand", () => server.errors.join("\n"));

await browser.close();
server.stop();
finish();

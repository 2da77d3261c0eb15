/* serve.mjs TALI CHROMIUM FOLDER - see serve.sh */
import { readdirSync, renameSync } from "node:fs";
import { typeAtOnce, Visit } from "./journey.mjs";
import { launch } from "./lib.mjs";
import { Server } from "./server.mjs";
import { finish, it, same } from "./tap.mjs";

const [, , program, chromium, folder] = process.argv;
const server = await Server.make(program, folder), { base } = server;
const tali = (...args) => server.tali(...args);
const serve = (...offset) => server.start(...offset);
const stop = signal => server.stop(signal);
const invite = (email, ...options) => server.invite("cart", email, ...options);
const recorded = (id, file) => server.recorded(id, file);
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

tali("task", "create", "cart", "--template", "debugging-challenge");
await serve();
const browser = await launch(chromium);

await it("from the link to the receipt; the record holds what was typed", async () => {
	const { id, path } = invite("ann@example.org", "--name", "Ann <b>");
	const visit = await Visit.begin(browser, base);
	await visit.go(path);
	if (visit.page.url() !== `${base}/take-home`)
		return visit.page.url();
	await visit.start();
	await visit.open("main.py");
	await visit.typeAtEnd("# é€😀 typed\n");
	await visit.saved();
	await visit.run();
	await visit.test();
	await visit.shown("#verdict", "tests passed");
	const shown = await visit.text("main.py");
	await visit.submit();
	await visit.shown("table", "main.py");
	const wrong = visit.wrong(true);
	await visit.end();
	tali("verify", id);
	return same(recorded(id, "main.py"), shown) || wrong;
});

await it("a shell in the sandbox: what it shows, what it saves, and the same after a reload", async () => {
	const { id, path } = invite("gil@example.org");
	const visit = await Visit.begin(browser, base);
	await visit.go(path);
	await visit.start();
	await visit.terminal();
	await visit.shown(".xterm-rows", "$");
	await visit.page.keyboard.type("echo h$((1+1))i; echo 'x = 9' >made.py\r");
	await visit.shown(".xterm-rows", "h2i");
	await visit.see(`#tree [data-path="made.py"]`);
	await visit.page.reload();
	await visit.ready();
	await visit.terminal();
	await visit.shown(".xterm-rows", "h2i");
	await visit.page.keyboard.press("Control+Shift+F6");
	await visit.open("made.py");
	await visit.typeAtEnd("y = 8\n");
	await visit.saved();
	await visit.submit();
	const wrong = visit.wrong(true);
	await visit.end();
	tali("verify", id);
	return same(recorded(id, "made.py"), "x = 9\ny = 8\n") || wrong;
});

await it("setting up that failed is tried again without the code, and names no folder of the server", async () => {
	const { id, path } = invite("eva@example.org", "--code", "blue sky");
	const visit = await Visit.begin(browser, base), { page } = visit;
	const repos = `${folder}/store/repos`, start = readdirSync(repos).find(name => name.startsWith("start-"));
	await visit.go(path);
	await page.fill("#access-code", "red sky");
	await visit.see("#start button:enabled");
	await page.keyboard.press("Enter");
	await visit.shown("#problem", "This access code is not right");
	await page.fill("#access-code", "blue sky");
	renameSync(`${repos}/${start}`, `${repos}/away`);
	await page.keyboard.press("Enter");
	await visit.shown("h1", "did not work");
	await visit.shown("#lines li", "Laying down the task");
	const told = await page.content() + JSON.stringify(await page.evaluate(() => fetch("/api/v1/session").then(got => got.json())));
	renameSync(`${repos}/away`, `${repos}/${start}`);
	await page.click("#again");
	await visit.ready();
	await visit.open("main.py");
	await visit.submit();
	const wrong = visit.wrong();
	await visit.end();
	tali("verify", id);
	return same(told.includes(folder), false) || wrong;
});

await it("what cannot be done with a file is said in plain words", async () => {
	const { path } = invite("ida@example.org");
	const visit = await Visit.begin(browser, base), { page } = visit;
	await visit.go(path);
	await visit.start();
	await page.focus(`#tree [data-path="shop"]`);
	await page.keyboard.press("F2");
	const said = [];
	for (const name of ["shop/inner", "main.py/x"]) {
		await page.fill("#name", name);
		await page.keyboard.press("Enter");
		await visit.shown("#name-problem", /./);
		said.push(await page.textContent("#name-problem"));
		await page.evaluate(() => { document.getElementById("name-problem").textContent = ""; });
	}
	const wrong = visit.wrong();
	await visit.end();
	return same(said, ["a folder cannot be moved into itself", "'main.py' is not a folder"]) || wrong;
});

await it("kill -9 in mid-typing: the page goes on, and nothing is lost or doubled", async () => {
	const { id, passcode } = invite("bob@example.org");
	const visit = await Visit.begin(browser, base);
	await visit.go("/take-home");
	await visit.passcode(passcode);
	await visit.see("#start");
	await visit.start();
	await visit.open("main.py");
	for (let i = 0; i < 4; i++) {
		await visit.typeAtEnd(`# line ${i} é\n`);
		await pause([300, 1700, 2100, 900][i]);
		await stop("SIGKILL");
		await visit.typeAtEnd(`# offline ${i}\n`);
		await serve();
		if (i === 2) {
			await visit.page.reload();
			await visit.ready();
			await visit.open("main.py");
		}
	}
	await visit.saved();
	const shown = await visit.text("main.py");
	const lines = [0, 1, 2, 3].map(i => [`# line ${i} é\n`, `# offline ${i}\n`]).flat();
	const once = lines.map(line => shown.split(line).length - 1);
	await visit.submit();
	const wrong = visit.wrong();
	await visit.end();
	tali("verify", id);
	return same(once, lines.map(() => 1)) || same(recorded(id, "main.py"), shown) || wrong;
});

await it("kill -9 in mid-run: the run is over, what was typed is there, and the next one runs", async () => {
	const { id, path } = invite("kim@example.org");
	const visit = await Visit.begin(browser, base);
	const { page } = visit;
	await visit.go(path);
	await visit.start();
	await visit.open("main.py");
	await visit.typeAtEnd("# before\n");
	await page.fill("#command", "echo on; sleep 1000");
	await page.keyboard.press("Enter");
	await visit.shown("#output-text", "on");
	await visit.typeAtEnd("# meanwhile\n");
	await stop("SIGKILL");
	await visit.typeAtEnd("# without a server\n");
	await serve();
	await visit.saved();
	await visit.shown("#verdict", "Interrupted");
	await page.fill("#command", "echo back");
	await page.keyboard.press("Enter");
	await visit.shown("#verdict", "Done");
	await visit.shown("#output-text", "back");
	const shown = await visit.text("main.py");
	await visit.submit();
	const wrong = visit.wrong();
	await visit.end();
	tali("verify", id);
	return same(recorded(id, "main.py"), shown) ||
		same(shown.endsWith("# before\n# meanwhile\n# without a server\n"), true) || wrong;
});

await it("kill -9 in mid-submit: it is handed in once, with all that was typed", async () => {
	for (const ms of [0, 4, 12, 40]) {
		const { id, path } = invite(`sue${ms}@example.org`);
		const visit = await Visit.begin(browser, base);
		const { page } = visit;
		await visit.go(path);
		await visit.start();
		await visit.open("main.py");
		await visit.typeAtEnd("# the end\n");
		await visit.saved();
		const typed = await visit.text("main.py");
		await page.click("#submit");
		const asked = page.waitForRequest(/submit$/);
		await page.click("#submit-yes");
		await asked;
		await pause(ms);
		await stop("SIGKILL");
		await serve();
		/* The receipt is there, or the page asks again; where the receipt was to be loaded while no server was
		 * there, the browser says so. */
		const question = page.locator("#submit-problem:not(:empty)"), receipt = page.locator("h1", { hasText: "handed in" });
		await question.or(receipt).first().waitFor({ timeout: 10000 }).catch(() => visit.go("/take-home"));
		if (await question.isVisible())
			await page.click("#submit-yes", { timeout: 5000 }).catch(() => {});
		await receipt.waitFor();
		const wrong = visit.wrong();
		await visit.end();
		tali("verify", id);
		const found = same([recorded(id, "main.py"), tali("logs", id).split("active -> submitted").length - 1], [typed, 1]);
		if (found || wrong)
			return `after ${ms} ms: ${found || wrong}`;
	}
	return "";
});

await it("what is typed while a terminal is open stays, and the shell sees it", async () => {
	const { id, path } = invite("pat@example.org");
	const visit = await Visit.begin(browser, base);
	await visit.go(path);
	await visit.start();
	await visit.terminal();
	await visit.shown(".xterm-rows", "$");
	await visit.page.keyboard.press("Control+Shift+F6");
	await visit.open("main.py");
	const lines = Array.from({ length: 12 }, (_, i) => `# line ${i}\n`);
	for (const line of lines) {
		await visit.typeAtEnd(line);
		await pause(120);
	}
	await visit.saved();
	const shown = await visit.text("main.py"), told = await visit.page.locator("#alerts").textContent();
	await visit.terminal();
	await visit.page.keyboard.type("until grep -q 'line 11' main.py; do :; done; echo s$((1+1))n\r");
	await visit.shown(".xterm-rows", "s2n");
	await visit.submit();
	const wrong = visit.wrong(true);
	await visit.end();
	tali("verify", id);
	return same([recorded(id, "main.py"), shown.endsWith(lines.join("")), /changed/.test(told)],
		[shown, true, false]) || wrong;
});

await it("files are made, renamed, uploaded and deleted, and the record says so", async () => {
	const { id, path } = invite("eve@example.org");
	const visit = await Visit.begin(browser, base);
	const { page } = visit;
	await visit.go(path);
	await visit.start();
	await page.click("#new-file");
	await visit.name("lib/new.py");
	await visit.see(`.cm-content[aria-label="lib/new.py, text"]`);
	await page.keyboard.type("made = 1\n");
	await page.click("#rename");
	await visit.name("lib/made.py");
	await visit.see(`.cm-content[aria-label="lib/made.py, text"]`);
	await visit.typeAtEnd("more = 2\n");
	await page.setInputFiles("#upload-files", { name: "data.csv", mimeType: "text/csv",
		buffer: Buffer.from("a,b\n") });
	await visit.see(`#tree [data-path="lib/data.csv"]`);
	await visit.saved();
	await visit.submit();
	const wrong = visit.wrong(true);
	await visit.end();
	tali("verify", id);
	return same([recorded(id, "lib/made.py"), recorded(id, "lib/data.csv")], ["made = 1\nmore = 2\n", "a,b\n"]) ||
		wrong;
});

await it("two windows in one file: the last to save wins, and both show it", async () => {
	const { path } = invite("fay@example.org");
	const one = await Visit.begin(browser, base);
	await one.go(path);
	await one.start();
	const two = await Visit.begin(browser, base, { context: one.context });
	await two.go("/take-home");
	await two.ready();
	await one.open("main.py");
	await two.open("main.py");
	await typeAtOnce(one, two, "one", "two");
	await two.shown("#alerts", "changed in another window");
	await one.shown("#alerts", "changed elsewhere");
	await one.typeAtEnd("!");
	await one.saved();
	await two.shown("#alerts", "changed elsewhere");
	const texts = [await one.text(), await two.text()];
	const wrong = one.wrong() || two.wrong();
	await one.end();
	return same([texts[0] === texts[1], texts[0].endsWith("two!")], [true, true]) || wrong;
});

await it("more time and the end of it, told by other processes", async () => {
	const { id, path } = invite("dan@example.org");
	const visit = await Visit.begin(browser, base);
	await visit.go(path);
	await visit.start();
	tali("extend", id, "--by", "20m");
	await visit.shown("#alerts", "20 min more");
	tali("revoke", id);
	await visit.shown("h1", "withdrawn");
	const wrong = visit.wrong();
	await visit.end();
	return wrong;
});

await it("a reload at any time loses nothing and doubles nothing", async () => {
	const { id, path } = invite("rob@example.org");
	const visit = await Visit.begin(browser, base);
	await visit.go(path);
	await visit.start();
	for (let i = 0; i < 5; i++) {
		await visit.open("shop/money.py");
		await visit.typeAtEnd(`# line ${i}\n`);
		await visit.page.reload();
		await visit.ready();
	}
	await visit.open("shop/money.py");
	await visit.saved();
	const lines = recorded(id, "shop/money.py").split("\n").filter(line => line.startsWith("# line"));
	const wrong = same(lines, [0, 1, 2, 3, 4].map(i => `# line ${i}`)) || visit.wrong();
	await visit.end();
	return wrong;
});

await it("when time is up the page says so, and what was typed is handed in", async () => {
	const { id, path } = invite("tim@example.org");
	const visit = await Visit.begin(browser, base);
	await visit.go(path);
	await visit.start();
	await visit.open("main.py");
	await visit.typeAtEnd("# the last words\n");
	await visit.saved();
	await stop("SIGTERM");
	await serve("+61m");
	await visit.shown("h1", "handed in");
	const wrong = same(recorded(id, "main.py").endsWith("# the last words\n"), true) || visit.wrong();
	await visit.end();
	tali("verify", id);
	await stop("SIGTERM");
	await serve();
	return wrong;
});

await it("the way in: a wrong link, a wrong passcode", async () => {
	const visit = await Visit.begin(browser, base);
	await visit.go("/t/r60j2vwmtnadf3fs2hb6fb3330");
	await visit.shown(".notice", "this link");
	await visit.passcode("AAAA2222");
	await visit.shown("#problem", "not known");
	const wrong = visit.wrong();
	await visit.end();
	return wrong;
});

await browser.close();
await stop("SIGTERM");
finish();

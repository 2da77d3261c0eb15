/* replay-page.mjs FOLDER CHROMIUM - see replay-page.sh */
import { readFileSync } from "node:fs";
import { finish, it, launch, open, same } from "./lib.mjs";

const [, , folder, chromium] = process.argv;
const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await launch(chromium);
const file = name => `${folder}/${name}.html`;
const wanted = name => JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));
const time = page => page.evaluate(() => window.replay.player.time);
const seek = (page, ms) => page.evaluate(at => window.replay.player.seek(at), ms);

/* Files and terminals as they are now; rows without the blanks at their end. */
const state = page => page.evaluate(() => {
	const { session } = window.replay, files = {}, screens = {};
	for (const [path, file] of session.files)
		Object.defineProperty(files, session.paths[path],
			{ enumerable: true, value: file.why >= 0 ? null : session.textOf(path) });
	session.screens.forEach((screen, i) => {
		const rows = screen.rows.map(row => {
			const runs = session.rows[row];
			return (typeof runs === "string" ? runs :
				runs.filter((run, n) => n % 2 === 0).join("")).trimEnd();
		});
		Object.defineProperty(screens, session.terminals[i][0],
			{ enumerable: true, value: rows.join("\n") + "\n" });
	});
	return JSON.stringify({ files: Object.entries(files).sort(), screens: Object.entries(screens).sort() });
});

function stateWanted(name) {
	const { files, screens } = wanted(name);
	const order = (a, b) => a[0] < b[0] ? -1 : 1;
	return JSON.stringify({
		files: Object.entries(files).sort(order),
		screens: Object.entries(screens).map(([id, text]) => [id, text.replace(/ +$/gm, "")]).sort(order),
	});
}

/* --- all pages */

for (const name of ["demo", "hostile", "random"]) {
	const page = await open(browser, file(name));
	await it(`${name}: at the end files and terminals are those of the fold`, async () => {
		await seek(page, 1e12);
		return same(JSON.parse(await state(page)), JSON.parse(stateWanted(name)));
	});
	await it(`${name}: a seek gives what stepping gives`, async () => page.evaluate(() => {
		const { session } = window.replay, seen = new Map();
		const digest = () => JSON.stringify([[...session.files].map(([path, f]) => [path, f.lines, f.why]),
			session.screens, session.open, session.shown,
			session.base && [...session.base].map(([path, f]) => [path, f.lines])]);
		session.reset();
		session.keyframes.length = 1;
		const stride = Math.max(1, Math.floor(session.steps.length / 97));
		for (let n = 0; n <= session.steps.length; n += stride) {
			session.goTo(n);
			seen.set(n, digest());
		}
		const order = [...seen.keys()].map((n, i, all) => all[(i * 37) % all.length]);
		for (const n of order) {
			session.goTo(n);
			if (digest() !== seen.get(n))
				return `after ${n} steps it is another state`;
		}
		return session.steps.length > 5 ? "" : "there are no steps";
	}));
	await it(`${name}: the whole is walked through without a message or a request`, async () => {
		for (const tab of ["talk", "results", "events"])
			if (await page.isVisible(`#tab-${tab}`))
				for (let at = 0; at <= 10; at++) {
					await page.click(`#tab-${tab}`);
					await page.keyboard.press(String(at % 10));
				}
		await page.click("#diff");
		return page.faults.join("\n");
	});
	await page.context().close();
}

/* --- hostile */

{
	const page = await open(browser, file("hostile"), { hash: "#t=1000" });
	await it("nothing of a hostile session has run or become an element", async () => same(
		await page.evaluate(() => [window.hacked, document.scripts.length,
			[...document.scripts].filter(script => !script.type).length,
			document.querySelectorAll("img, iframe, object, embed, link, a[href*=java]").length,
			document.title]),
		[null, 1, 1, 0, "word-count \u00b7 Ada Lovelace"]));
	await it("what it says is shown as it is", async () => {
		const text = await page.textContent("#code");
		return text.includes("</script><script>window.hacked=1</script><!-- <script>-->") &&
			text.includes("\u27e8202E\u27e9 evil") && text.includes("\u241b[2J") ? "" : text.slice(0, 500);
	});
	await it("no escape sequence is in its conversation, results and terminal", async () => {
		const texts = await page.evaluate(() => {
			const { messages, results, rows, events } = window.replay.session;
			return JSON.stringify([messages, results, rows, events]);
		});
		return /\\u001b|\\u0007|\\u009b|\x9b/.test(texts) ? "there is" : "";
	});
	await it("the policy stops a script and a style that are not of the page", async () => same(
		await page.evaluate(() => {
			const tried = [];
			for (const [tag, set] of [["script", "window.hacked = 2"], ["style", "body{opacity:0.5}"]])
				try {
					const element = document.createElement(tag);
					element.textContent = set;
					document.head.append(element);
				} catch (error) {
					tried.push(error.name);
				}
			return [window.hacked, getComputedStyle(document.body).opacity, tried];
		}), [null, "1", ["TypeError"]]));
	await page.context().close();
}

/* --- the player */

{
	const page = await open(browser, file("demo"), { hash: "#t=20.5" });
	const duration = await page.evaluate(() => window.replay.session.duration);
	const near = async (ms, by = 60) => Math.abs(await time(page) - ms) <= by ? "" : `at ${await time(page)}`;
	await it("a link opens at its moment", () => near(20500, 0));
	await it("keys move by 5 seconds, tenths and digits", async () => {
		const seen = [];
		for (const key of ["ArrowRight", "ArrowLeft", "Shift+ArrowRight", "Shift+ArrowLeft", "3", "0"]) {
			await page.keyboard.press(key);
			seen.push(Math.round(await time(page)));
		}
		return same(seen, [25500, 20500, Math.round(20500 + duration / 10), 20500,
			Math.round(duration * 0.3), 0]);
	});
	await it("brackets go to each event and back", async () => {
		const forward = [], back = [], now = () => page.textContent("#now");
		for (let i = 0; i < 8; i++) {
			await page.keyboard.press("]");
			forward.push(await now());
		}
		for (let i = 0; i < 8; i++) {
			back.unshift(await now());
			await page.keyboard.press("[");
		}
		return new Set(forward).size < 6 ? forward : same(back, forward);
	});
	await it("comma and full stop go by one step", async () => {
		await seek(page, 4000);
		const before = await time(page), seen = [];
		for (const key of [".", ".", ",", ","]) {
			await page.keyboard.press(key);
			seen.push(await time(page));
		}
		return seen[0] > before && seen[1] > seen[0] && seen[2] === seen[0] && seen[3] < seen[0] ?
			"" : { before, seen };
	});
	await it("time goes by at the speed that was chosen", async () => {
		const seen = [];
		for (const speed of ["0.5", "1", "2", "4", "8", "16"]) {
			await page.selectOption("#speed", speed);
			seen.push(await page.evaluate(() => window.replay.player.after(6000, 100)));
		}
		return same(seen, [6050, 6100, 6200, 6400, 6800, 7600]);
	});
	await it("idle stretches take half a second, unless they are to be played", async () => {
		const after = () => page.evaluate(() => {
			const { session, player } = window.replay;
			const [from] = session.gaps.find(gap => gap[1] - gap[0] === 45000);
			return [100, 500].map(passed => Math.round(player.after(from, passed) - from));
		});
		await page.selectOption("#speed", "1");
		const skipped = await after();
		await page.uncheck("#skip");
		const played = await after();
		await page.check("#skip");
		return same([skipped, played], [[9000, 45000], [100, 500]]);
	});
	await it("it plays, stops, and plays to the end", async () => {
		await seek(page, 6000);
		await page.selectOption("#speed", "16");
		await page.click("#play");
		await page.waitForFunction(() => window.replay.player.time > 7000);
		await page.click("#play");
		const stopped = await time(page);
		await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
		if (await time(page) !== stopped)
			return "it goes on";
		await seek(page, duration - 20000);
		await page.keyboard.press("Escape");
		await page.locator("#seek").focus();
		await page.keyboard.press(" ");
		await page.waitForFunction(() => !window.replay.player.playing);
		return near(duration, 0);
	});
	await it("the address follows when it stops", async () => {
		await seek(page, 12345);
		await page.waitForFunction(() => location.hash === "#t=12.345");
		return same(new URL(page.url()).hash, "#t=12.345");
	});
	await it("both clocks are shown", async () => {
		await seek(page, 61000);
		return same([await page.textContent("#clock"), await page.textContent("#wall")],
			["01:01 / 02:01", "2025-11-25 14:21:01 UTC"]);
	});
	await it("the file shows what was typed last, marked", async () => {
		await seek(page, 14000);
		const marked = await page.textContent(".row.changed .text");
		const whole = await page.evaluate(() => window.replay.session.textOf(window.replay.session.shown));
		return marked.trim() && whole.includes(marked) ? "" : marked;
	});
	await it("kinds of events can be left out", async () => {
		await page.click("#tab-events");
		await page.waitForSelector("#event-5");
		const before = await page.textContent("#list");
		await page.click("#kinds label:has-text('note') input");
		const after = await page.textContent("#list");
		return before.includes("I count letters") && !after.includes("I count letters") ? "" : after;
	});
	await it("an event is chosen by keys", async () => {
		await page.locator("#list").focus();
		await page.keyboard.press("Home");
		await page.keyboard.press("ArrowDown");
		return same(await page.getAttribute("#list", "aria-activedescendant"), "event-1");
	});
	await it("a question mark shows the keys, which can be switched off", async () => {
		await page.keyboard.press("?");
		const shown = await page.isVisible("#keys");
		await page.uncheck("#keys-on");
		await page.keyboard.press("Escape");
		const before = await time(page);
		await page.keyboard.press("9");
		return shown && await time(page) === before ? "" : "not so";
	});
	await it("all of that left no message and asked for nothing", () => page.faults.join("\n"));
	await page.context().close();
}

/* --- for everybody */

for (const [width, dark, scan] of [[1400, false, true], [1400, true, true], [360, false, true],
	[390, true, false], [2200, false, false]]) {
	const page = await open(browser, file("demo"), { width, dark, hash: "#t=118" });
	await it(`${width} px, ${dark ? "dark" : "light"}: each view ${scan ? "is accessible and fits" : "fits"}`, async () => {
		const wrong = [];
		await page.evaluate(axe);
		for (const tab of ["files", "terminal", "talk", "results", "events"]) {
			if (!await page.isVisible(`#tab-${tab}`))
				continue;
			await page.click(`#tab-${tab}`);
			if (tab === "files")
				await page.click("#diff");
			const found = scan && await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa",
				"wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
			for (const violation of found ? found.violations : [])
				wrong.push(`${tab}: ${violation.id}: ${violation.nodes[0].html}`);
			if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
				wrong.push(`${tab}: wider than the window`);
		}
		return wrong.join("\n");
	});
	await page.context().close();
}

await browser.close();
finish();

/* result.mjs TALI CHROMIUM FOLDER - see result.sh */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { Visit } from "./journey.mjs";
import { launch } from "./lib.mjs";
import { Server } from "./server.mjs";
import { finish, it, same } from "./tap.mjs";

const [, , program, chromium, folder] = process.argv;
const evil = `Well <b>done</b> <script>window.ran = 1</script><img src=x onerror="window.ran = 1">`;
const server = await Server.make(program, folder);
const within = (place, ...args) => execFileSync(program, args, { env: server.env, encoding: "utf8", cwd: place });

/* Somebody who worked a little, in a folder of their own, and handed in. */
function handedIn(email) {
	const { id, path, passcode } = server.invite("cart", email, "--name", `Ann "A" <i>Example</i> ${"Long".repeat(20)}`);
	const work = `${folder}/${id}`;
	server.tali("start", passcode, work);
	within(work, "note", "Plan:\n- look at the receipt\n- test each price\n- mend the discount");
	spawnSync(program, ["run", "--test"], { env: server.env, cwd: work });	/* some fail */
	cpSync(`${process.env.TALI_TEMPLATES}/debugging-challenge/solution`, work, { recursive: true });
	within(work, "run", "--test");
	within(work, "submit", "--yes");
	return { id, path };
}

server.tali("task", "create", "cart", "--template", "debugging-challenge");
const { id, path } = handedIn("ann@example.org");
await server.start();
const browser = await launch(chromium);

/* The page as it is, looked at by axe, in both schemes and narrow; `check` looks at what it says. */
async function looked(name, check) {
	const faults = [];
	for (const [kind, options] of Object.entries({ light: {}, dark: { dark: true }, narrow: { width: 320, height: 640 } })) {
		const visit = await Visit.begin(browser, server.base, options);
		await visit.go(path);
		faults.push(await visit.inspect(), await check(visit.page), visit.wrong(true));
		if (process.env.TALI_SHOTS)
			await visit.page.screenshot({ path: `${process.env.TALI_SHOTS}/result-${name}-${kind}.png`, fullPage: true });
		await visit.end();
	}
	return faults.filter(Boolean).join("\n");
}

const titles = page => page.locator("h1, h2").allInnerTexts();
const facts = page => page.locator("dl.facts dt").allInnerTexts();

await it("before it is released the link shows that the work is handed in", () =>
	looked("before", async page => same([(await page.innerText("h1")).includes("handed in"),
		await page.getByText("of 100").count()], [true, 0])));

server.tali("score", id);
await it("scored is not released", () => looked("scored", async page =>
	same([(await page.innerText("h1")).includes("handed in"), await page.getByText("of 100").count()], [true, 0])));

server.tali("release", id, "--message", evil);
await it("released it has the message, the score, what went well and what to try", () => looked("whole", async page => {
	const [score] = JSON.parse(`[${server.tali("show", id, "--json")}]`).map(shown => shown.score.score.value);
	return same([await titles(page), await facts(page), await page.innerText("p.lead"),
		await page.innerText("dl.facts dd >> nth=0"), await page.evaluate(() => window.ran ?? 0)],
	[["Your result", "What went well", "What to try next time", "Moments"],
		["Score", "Level", "Handed in", "Released"], evil, `${Number(score.toFixed(2))} of 100`, 0]);
}));

await it("it names the tests that one had, and none of the others", () => looked("tests", async page => {
	const told = await page.innerText("main"), version = JSON.parse(server.tali("show", id, "--json")).score.grade.tests;
	const hidden = version.filter(test => test.visibility === "hidden").flatMap(test => test.cases ?? []).map(one => one.id);
	return same([await page.locator("table.files").count() > 0, hidden.length > 0,
		hidden.filter(name => told.includes(name))], [true, true, []]);
}));

await it("what it leads to is there: the work, the record, and what is recorded", async () => {
	const visit = await Visit.begin(browser, server.base);
	await visit.go(path);
	const links = await visit.page.locator("main a").evaluateAll(all => all.map(a => a.getAttribute("href")));
	const statuses = await visit.page.evaluate(hrefs => Promise.all(hrefs.map(async href => (await fetch(href)).status)), links);
	const wrong = same([links.length, statuses], [3, [200, 200, 200]]) || visit.wrong(true);
	await visit.end();
	return wrong;
});

await it("by keyboard each link is reached in the order in which it stands, and is seen to be", async () => {
	const visit = await Visit.begin(browser, server.base), { page } = visit, reached = [];
	await visit.go(path);
	for (let i = 0; i < 12; i++) {
		await page.keyboard.press("Tab");
		reached.push(await page.evaluate(() => {
			const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement);
			return [document.activeElement.getAttribute("href"), outlineStyle !== "none" || boxShadow !== "none"];
		}));
	}
	const wanted = ["/api/v1/archive", "/api/v1/journal", "/me"].map(href => [href, true]);
	const wrong = same(reached.filter(([href]) => wanted.some(([want]) => want === href)).slice(0, 3), wanted);
	await visit.end();
	return wrong;
});

server.tali("release", id, "--feedback-only");
await it("feedback alone has no number", () => looked("feedback", async page =>
	same([await titles(page), await facts(page), await page.getByText("of 100").count()],
		[["Your result", "What went well", "What to try next time", "Moments"], ["Handed in", "Released"], 0])));

server.tali("release", id, "--withdraw");
await it("withdrawn it is gone", () => looked("withdrawn", async page =>
	same((await page.innerText("h1")).includes("handed in"), true)));

await browser.close();
await server.stop("SIGTERM");
finish();

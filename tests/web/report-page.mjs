/* report-page.mjs FOLDER CHROMIUM MAKE-REPORT SAMPLE - see report-page.sh */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { finish, it, launch, same, watch } from "./lib.mjs";

const [, , folder, chromium, maker, sample] = process.argv;
const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const evil = `"><script>window.ran = 1</script><img src=x onerror="window.ran = 1"><a href="javascript:1">`;

let texts = 0;

/* Words that code knows stay as they are; no two are the same. */
function hostile(value, key) {
	if (typeof value === "string")
		return ["origin", "kind", "status"].includes(key) ? value : `${evil} ${++texts}`;
	if (Array.isArray(value))
		return value.map(item => hostile(item));
	if (value && typeof value === "object")
		return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, hostile(v, k)]));
	return value;
}

function unmeasured(report) {
	report.score.score = { ...report.score.score, value: null, level: null, why: "Nothing was measured.", categories: [] };
	report.score.work = report.score.code = null;
	report.score.integrity = [];
	return report;
}

const report = JSON.parse(readFileSync(sample, "utf8"));
const reports = { full: report, hostile: hostile(report), empty: unmeasured(structuredClone(report)) };
const browser = await launch(chromium);

async function page(name, options) {
	const file = `${folder}/${name}.html`;

	writeFileSync(`${folder}/${name}.json`, JSON.stringify(reports[name]));
	writeFileSync(file, execFileSync(maker, [`${folder}/${name}.json`], { maxBuffer: 1 << 26 }));
	const opened = await watch(browser, file, options);
	await opened.goto(`file://${file}`);
	return opened;
}

for (const name of Object.keys(reports)) {
	for (const dark of [false, true]) {
		await it(`${name}, ${dark ? "dark" : "light"}: it keeps the rules of accessibility`, async () => {
			const opened = await page(name, { dark });

			await opened.evaluate(axe);
			const { violations } = await opened.evaluate(tags => axe.run(document, { runOnly: tags }), rules);
			const faults = violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
			faults.push(...opened.faults);
			await opened.context().close();
			return faults.join("\n");
		});
	}
	await it(`${name}: at 320 pixels nothing stands out sideways`, async () => {
		const opened = await page(name, { width: 320 });
		const over = await opened.evaluate(() => document.documentElement.scrollWidth - innerWidth);

		await opened.context().close();
		return over > 0 ? `${over} pixels` : "";
	});
}

await it("nothing of a hostile report runs, or leads anywhere but into the page", async () => {
	const opened = await page("hostile");
	const found = await opened.evaluate(() => ({
		ran: window.ran ?? 0,
		scripts: document.querySelectorAll("script, img, iframe, object").length,
		out: [...document.querySelectorAll("a")].map(a => a.getAttribute("href")).filter(href => !href.startsWith("#") && !href.startsWith('">')),
	}));

	await opened.context().close();
	return same(found, { ran: 0, scripts: 0, out: [] });
});

await it("each moment that is cited leads to its row", async () => {
	const opened = await page("full");
	const lost = await opened.evaluate(() => [...document.querySelectorAll("a.moment")]
		.filter(a => !document.querySelector(`tr${a.getAttribute("href")}`)).map(a => a.outerHTML));

	await opened.context().close();
	return lost.join("\n");
});

await it("it prints on A4", async () => {
	const opened = await page("full");
	const pdf = await opened.pdf({ preferCSSPageSize: true });

	await opened.context().close();
	return pdf.subarray(0, 5).toString() === "%PDF-" && /\/MediaBox \[0 0 59\d(\.\d+)? 84\d/.test(pdf.toString("latin1"))
		? "" : "it is not A4";
});

await browser.close();
finish();

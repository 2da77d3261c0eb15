/* lib.mjs - TAP, and a browser whose pages are watched for what they must not do */
import { chromium } from "playwright-core";

let count = 0, failed = 0;

/* A test named by a sentence that is true when it passes; `check` throws or gives what is wrong. */
export async function it(sentence, check) {
	let wrong;
	try {
		wrong = await check();
	} catch (error) {
		wrong = error.stack;
	}
	const bad = wrong !== undefined && wrong !== true && wrong !== "";
	console.log(`${bad ? "not ok" : "ok"} ${++count} - ${sentence}`);
	if (bad) {
		failed++;
		console.log(String(typeof wrong === "string" ? wrong : JSON.stringify(wrong))
			.slice(0, 4000).replace(/^/gm, "# "));
	}
}

export function finish() {
	console.log(`1..${count}`);
	process.exitCode = failed ? 1 : 0;
}

export function same(is, wanted) {
	const a = JSON.stringify(is), b = JSON.stringify(wanted);
	return a === b ? "" : `is     ${a}\nwanted ${b}`;
}

export async function launch(executablePath) {
	return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/* A page of a file; page.faults lists console messages, errors and requests. */
export async function open(browser, file, { width = 1400, height = 900, dark = false, hash = "" } = {}) {
	const context = await browser.newContext({ viewport: { width, height },
		colorScheme: dark ? "dark" : "light", timezoneId: "UTC" });
	const page = await context.newPage();
	page.setDefaultTimeout(10000);
	page.faults = [];
	page.on("console", message => page.faults.push(`console: ${message.text()}`));
	page.on("pageerror", error => page.faults.push(`error: ${error.stack}`));
	page.on("request", request => {
		if (request.url().split("#")[0] !== `file://${file}`)
			page.faults.push(`request: ${request.url()}`);
	});
	await page.goto(`file://${file}${hash}`);
	await page.waitForFunction("window.replay");
	return page;
}

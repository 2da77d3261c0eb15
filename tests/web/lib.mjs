/* lib.mjs - TAP, and a browser whose pages are watched for what they must not do */
import { chromium } from "playwright-core";

export { finish, it, same } from "./tap.mjs";

export async function launch(executablePath) {
	return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/* A page of a file; page.faults lists console messages, errors and requests. */
export async function open(browser, file, { hash = "", ...options } = {}) {
	const page = await watch(browser, file, options);
	await page.goto(`file://${file}${hash}`);
	await page.waitForFunction("window.replay");
	return page;
}

/* The same before it has gone there, for pages without a script. */
export async function watch(browser, file, { width = 1400, height = 900, dark = false } = {}) {
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
	return page;
}

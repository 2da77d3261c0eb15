/* tap.mjs - tests as TAP, each named by a sentence that is true when it passes */

let count = 0, failed = 0;

/* `check` throws or gives what is wrong. TALI_TEST=WORDS: only sentences with these. */
export async function it(sentence, check) {
	if (!sentence.includes(process.env.TALI_TEST ?? ""))
		return;
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

/* Waits for what another program is to know, half a minute. */
export async function until(holds, what) {
	for (let i = 0; i < 600; i++) {
		if (await holds())
			return;
		await new Promise(resolve => setTimeout(resolve, 50));
	}
	throw new Error(`never: ${what}`);
}

export function finish() {
	console.log(`1..${count}`);
	process.exitCode = failed ? 1 : 0;
}

export function same(is, wanted) {
	const a = JSON.stringify(is), b = JSON.stringify(wanted);
	return a === b ? "" : `is     ${a}\nwanted ${b}`;
}

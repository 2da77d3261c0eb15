/* ai-sdk-check.mjs - what ai-sdk.mjs printed of two ways to a provider, and the provider's account
 *
 *	node ai-sdk-check.mjs FIRST SECOND FIRST-LEDGER SECOND-LEDGER JOURNAL-OF-SECOND */
import { readFileSync } from "node:fs";
import { finish, it, same } from "./tap.mjs";

const lines = file => readFileSync(file, "utf8").split("\n").filter(line => line);
const [first, second] = process.argv.slice(2, 4).map(lines);
const [ledger, otherLedger] = process.argv.slice(4, 6)
	.map(file => lines(file).map(line => JSON.parse(line)));
const outcomes = first.map(line => JSON.parse(line));
const ways = ["messages 1.x", "messages 0", "chat", "responses"];
const question = 'You said "A question that is long enough to be answered in several pieces.".';

function of(name) {
	return outcomes.find(outcome => outcome.scenario === name) ?? { missing: name };
}

/* What is wrong with any of the scenarios that each way has under this name. */
function all(name, check, which = ways) {
	const bad = which.map(way => check(of(`${way}: ${name}`)) && of(`${way}: ${name}`));
	return bad.filter(outcome => outcome).map(outcome => JSON.stringify(outcome)).join("\n");
}

await it("both ways have the same outcome of each scenario", () => {
	const at = first.findIndex((line, i) => line !== second[i]);
	return first.length !== second.length || at >= 0
		? `${first.length} and ${second.length} lines\n${first[at]}\n${second[at]}` : "";
});
await it("each way has all its scenarios, to the last", () =>
	all("20 at once", outcome => outcome.texts?.length !== 20 || outcome.requests !== 20 ||
		outcome.texts.some((text, i) => text !== `You said "Question ${i}".`)));
await it("an answer is the same, whole and streamed", () =>
	all("an answer", outcome => outcome.text !== question) +
	all("a stream", outcome => outcome.text !== question || outcome.heard !== question));
await it("usage is the same, whole and streamed", () => ways.map(way => same(
	of(`${way}: an answer`).usage, of(`${way}: a stream`).usage)).join(""));
await it("a tool is called, and its result is heard", () => ["whole", "streamed"].map(how =>
	all(`tools-2, ${how}`, outcome => outcome.calls?.length !== 2 || outcome.requests !== 2 ||
		outcome.text !== 'The tool said "result 1".')).join(""));

const retried = new Set([429, 500, 503, 529]);
for (const status of [400, 401, 403, 404, 413, 429, 500, 503, 529])
	await it(`${status} is an error after ${retried.has(status) ? "three requests" : "one"}`, () =>
		["whole", "streamed"].map(how => all(`error ${status}, ${how}`, outcome =>
			outcome.error?.status !== status ||
			outcome.requests !== (retried.has(status) ? 3 : 1))).join(""));
await it("what is not to be retried is not", () =>
	all("429 not to be retried, whole", outcome => outcome.requests !== 1));
await it("an error that is no JSON has its status", () =>
	all("a page instead of JSON, streamed", outcome => outcome.error?.status !== 502));
await it("what fails twice works the third time", () =>
	all("two failures, then an answer, streamed", outcome =>
		outcome.text !== question || outcome.requests !== 3));
await it("a cut is an error, after what was heard", () =>
	all("cut, streamed", outcome => !outcome.error || outcome.heard !== "You "));
await it("so is an event that is an error", () =>
	all("error, streamed", outcome => !outcome.error || outcome.heard !== "You "));
await it("a line that is no JSON is an error", () =>
	all("garble, streamed", outcome => !outcome.error));
await it("a stall ends when its client goes", () =>
	all("a stall that is ended", outcome => !outcome.aborted || outcome.text !== "You "));
for (const form of ["crlf", "comments", "bom", "ping", "close", "gap-2", "slowhead-20", "delay-20"])
	await it(`the form ${form} changes no answer`, () =>
		all(`${form}, streamed`, outcome => outcome.text !== question ||
			outcome.heard !== question));
await it("characters cut in two come whole", () => ways.map(way => same(
	of(`${way}: crlf.comments.bom.ping.drip.utf8, streamed`).text,
	of(`${way}: utf8, whole`).text)).join(""));
await it("only the older version takes a temperature", () => same(
	["messages 1.x", "messages 0"].map(way => of(`${way}: a temperature`).error?.status ?? 200),
	[400, 200]));

/* a client that failed in the middle of an answer may or may not have been there for its end */
const stalls = lines => lines.filter(line => line.model === "fake.stall")
	.map(line => [line.aborted, line.output]);
await it("the ledger has each request, once", () => same(
	[ledger.length, new Set(ledger.map(line => line.n)).size],
	Array(2).fill(outcomes.reduce((sum, outcome) => sum + outcome.requests, 0))));
await it("the ledger bills what was said until a client went away", () => same(
	[stalls(ledger), stalls(otherLedger)], Array(2).fill(Array(4).fill([true, 1]))));
await it("the ledger has the tokens that the answers name", () => {
	const billed = ledger.find(line => line.path === "/v1/messages" && line.model === "fake");
	const usage = of("messages 1.x: an answer").usage;
	return same([billed.input, billed.output], [usage.input_tokens, usage.output_tokens]);
});
await it("errors cost nothing", () =>
	same(ledger.filter(line => line.status >= 400 && line.input + line.output), []));
await it("retries are counted by what the SDKs say", () => same(
	ledger.filter(line => line.model.startsWith("fake.fail-2.retryms-5.rs")).map(line =>
		[line.status, line.retry]), [[529, 0], [529, 1], [200, 2]]));
await it("keys come in both headers", () => same(
	["x-api-key", "authorization"].map(name => ledger.some(line =>
		line.path === "/v1/messages" && line.headers.includes(name))), [true, true]));
/* --- the record of the second way */

const events = lines(process.argv[6]).map(line => JSON.parse(line).event).filter(event => event);
const asked = events.filter(event => event.kind === "ai_prompt").map(event => event.data);
const answered = events.filter(event => event.kind === "ai_response").map(event => event.data);
const paths = ["/v1/messages", "/v1/chat/completions", "/v1/responses"];
const account = otherLedger.filter(({ path }) => paths.includes(path));
const sorted = list => list.map(entry => JSON.stringify(entry)).sort();

await it("each exchange is on record once, with the provider's status", () =>
	same(new Set(asked.map(({ exchange }) => exchange)).size, account.length) ||
	same(sorted(asked.map(({ exchange }) => exchange)), sorted(answered.map(({ exchange }) => exchange))) ||
	same(sorted(answered.map(({ status }) => status)), sorted(account.map(({ status }) => status))));
await it("tokens on record are those the provider counted, to the token", () => {
	const told = answered.filter(({ estimated }) => !estimated);
	const left = account.map(({ input, output }) => `${input} ${output}`);
	const wrong = told.filter(({ input_tokens: input = 0, output_tokens: output = 0 }) => {
		const at = left.indexOf(`${input} ${output}`);
		return at < 0 || left.splice(at, 1).length === 0;
	});
	return wrong.length || told.length < account.length * .9 ? JSON.stringify(wrong[0] ?? told.length) : "";
});
await it("what a client broke off is on record as such", () =>
	answered.some(({ cut }) => cut === "client") && answered.some(({ cut }) => cut === "provider"));

finish();

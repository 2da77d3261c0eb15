/* ai-sdk.mjs - what the official SDKs make of a provider: one JSON line per scenario
 *
 *	node ai-sdk.mjs MESSAGES-URL OPENAI-URL KEY [WORD]
 *
 * MESSAGES-URL is without /v1, OPENAI-URL with it; the provider is tests/fake/ai-provider, or what
 * stands before it. WORD: only scenarios whose name has it. A line is {scenario, text, ...,
 * requests}: no port, time, id or wording of the network, so that two ways to the same provider
 * are compared by diff. `requests` is how many the SDK sent. */
import Anthropic1 from "@anthropic-ai/sdk";
import Anthropic0 from "anthropic-sdk-0";
import OpenAI from "openai";

const [messagesUrl, openaiUrl, apiKey, only = ""] = process.argv.slice(2);

/* --- scenarios */

/* An error by its class and what its body says. */
function errorOf(error) {
	const body = error.error?.error ?? error.error ?? {};
	return { class: error.constructor.name, status: error.status ?? null,
		type: body.type ?? error.type ?? null,
		code: body.code ?? body.details?.error_code ?? error.code ?? null };
}

/* Runs play(client, outcome): what it gives and puts into outcome is printed. */
async function scenario(name, make, play) {
	if (!name.includes(only))
		return;
	let requests = 0;
	const counted = (...args) => { requests++; return fetch(...args); };
	const outcome = {};
	try {
		Object.assign(outcome, await play(make(counted), outcome));
	} catch (error) {
		outcome.error = errorOf(error);
	}
	console.log(JSON.stringify({ scenario: name, ...outcome, requests }));
}

const readFile = { type: "object", properties: { path: { type: "string" } }, required: ["path"] };
const weather = { type: "object", properties: { city: { type: "string" }, days: { type: "integer" } } };
const long = "A question that is long enough to be answered in several pieces.";

/* The errors each way of asking meets: [name, words of the model]. */
const errors = [400, 401, 403, 404, 413, 429, 500, 503, 529]
	.map(status => [`error ${status}`, `status-${status}.retryms-5`]).concat([
		["429 with its wait", "status-429.retry-0"],
		["429 not to be retried", "status-429.noretry.code-insufficient_quota"],
		["a page instead of JSON", "status-502.html.retryms-5"],
		["two failures, then an answer", "fail-2.retryms-5"],
		["a missing model", "MISSING"],
	]);
/* What each way of streaming meets. */
const faults = ["cut", "error", "garble", "reset", "nousage", "nostop", "types"];
const forms = ["drip.utf8", "crlf", "comments", "bom", "ping", "unknown", "deep", "close", "whole",
	"crlf.comments.bom.ping.drip.utf8", "gap-2", "slowhead-20", "delay-20"];
const says = ["refusal", "max", "think", "cached-7", "words-40", "utf8", "huge-1.whole"];

const modelOf = words => words.startsWith("MISSING") ? "missing-model" : `fake.${words}`;

/* --- the Messages protocol, by both majors of its SDK */

const textOf = message => message.content.filter(block => block.type === "text")
	.map(block => block.text).join("");
const short = text => text.length > 400 ? `${text.slice(0, 40)}... ${text.length}` : text;

function messageOutcome(message) {
	return { text: short(textOf(message)), blocks: message.content.map(block => block.type),
		stop: message.stop_reason, usage: message.usage };
}

function ask(words, more = {}) {
	return { model: words === "" ? "fake" : modelOf(words), max_tokens: 4000,
		messages: [{ role: "user", content: long }], ...more };
}

async function streamed(client, body, outcome) {
	const stream = client.messages.stream(body);
	outcome.heard = "";
	stream.on("text", text => { outcome.heard = short(outcome.heard + text); });
	return messageOutcome(await stream.finalMessage());
}

async function messagesTools(client, words, stream) {
	const tools = [{ name: "read_file", input_schema: readFile },
		{ name: "weather", input_schema: weather }];
	const messages = [{ role: "user", content: "Read it, please." }];
	const send = () => {
		const body = { model: `fake.${words}`, max_tokens: 1000, tools, messages };
		return stream ? client.messages.stream(body).finalMessage() : client.messages.create(body);
	};
	const first = await send();
	const calls = first.content.filter(block => block.type === "tool_use");
	messages.push({ role: "assistant", content: first.content });
	messages.push({ role: "user", content: calls.map((call, i) =>
		({ type: "tool_result", tool_use_id: call.id, content: `result ${i}` })) });
	const second = await send();
	return { calls: calls.map(({ name, input }) => ({ name, input })), stop: first.stop_reason,
		...messageOutcome(second) };
}

async function messagesStall(client) {
	const abort = new AbortController();
	const stream = await client.messages.create(ask("stall", { stream: true }),
		{ signal: abort.signal });
	let text = "";
	for await (const event of stream)
		if (event.type === "content_block_delta") {
			text += event.delta.text;
			abort.abort();
		}
	return { text, aborted: abort.signal.aborted };
}

async function messages(title, Anthropic) {
	const make = fetch => new Anthropic({ baseURL: messagesUrl, apiKey, fetch, logLevel: "off" });
	const it = (name, play) => scenario(`${title}: ${name}`, make, play);

	await it("an answer", async client => messageOutcome(await client.messages.create(ask(""))));
	await it("a stream", (client, outcome) => streamed(client, ask(""), outcome));
	for (const words of says) {
		await it(`${words}, whole`, async client =>
			messageOutcome(await client.messages.create(ask(words))));
		await it(`${words}, streamed`, (client, outcome) => streamed(client, ask(words), outcome));
	}
	await it("a maximum", (client, outcome) => streamed(client, ask("", { max_tokens: 3 }), outcome));
	await it("a system prompt", async client => messageOutcome(await client.messages.create(
		ask("", { system: "Be brief." }))));
	for (const words of ["tool", "tools-2", "bash-ls%20-l", "write-a%2etxt=hello", "call-weather"]) {
		await it(`${words}, whole`, client => messagesTools(client, words, false));
		await it(`${words}, streamed`, client => messagesTools(client, words, true));
	}
	await it("tokens are counted", async client => client.messages.countTokens(
		{ model: "fake", messages: [{ role: "user", content: long }] }));
	await it("models", async client => ({ models: (await client.models.list()).data.map(m => m.id) }));
	await it("one model", async client => ({ model: await client.models.retrieve("fake-large") }));
	await it("no such model", client => client.models.retrieve("missing"));
	await it("a wrong key", client => client.withOptions({ apiKey: "wrong" }).messages.create(ask("")));
	await it("a temperature", async client =>
		messageOutcome(await client.messages.create(ask("", { temperature: 1 }))));
	await it("a result without its call", client => client.messages.create(ask("", { messages: [
		{ role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_x", content: "" }] }] })));
	await it("no messages", client => client.messages.create(ask("", { messages: [] })));
	await it("a body that is too large", client => client.messages.create(ask("", {
		messages: [{ role: "user", content: "x".repeat(33 << 20) }] })));
	for (const [name, words] of errors) {
		await it(`${name}, whole`, async client =>
			messageOutcome(await client.messages.create(ask(`${words}.m${title.length}`))));
		await it(`${name}, streamed`, (client, outcome) =>
			streamed(client, ask(`${words}.s${title.length}`), outcome));
	}
	for (const words of faults) {
		await it(`${words}, whole`, async client => messageOutcome(
			await client.messages.create(ask(words), { maxRetries: 0 })));
		await it(`${words}, streamed`, (client, outcome) => streamed(client, ask(words), outcome));
	}
	for (const words of forms)
		await it(`${words}, streamed`, (client, outcome) => streamed(client, ask(words), outcome));
	await it("a stall that is ended", messagesStall);
	await it("20 at once", async client => ({ texts: await Promise.all([...Array(20).keys()].map(i =>
		streamed(client, ask("gap-2", { messages: [{ role: "user", content: `Question ${i}` }] }), {})
			.then(outcome => outcome.text))) }));
}

/* --- Chat Completions */

function chatOutcome(completion) {
	const choice = completion.choices[0];
	return { text: short(choice.message.content ?? ""), refusal: choice.message.refusal ?? null,
		stop: choice.finish_reason, choices: completion.choices.length,
		usage: completion.usage ?? null };
}

async function chatStreamed(client, body, outcome) {
	const stream = client.chat.completions.stream(
		{ stream_options: { include_usage: true }, ...body });
	outcome.heard = "";
	stream.on("content", text => { outcome.heard = short(outcome.heard + text); });
	return chatOutcome(await stream.finalChatCompletion());
}

function chat(words, more = {}) {
	const { max_tokens: _, ...body } = ask(words);
	return { ...body, ...more };
}

async function chatTools(client, words, stream) {
	const tools = Object.entries({ read_file: readFile, weather }).map(([name, parameters]) =>
		({ type: "function", function: { name, parameters } }));
	const messages = [{ role: "user", content: "Read it, please." }];
	const send = () => {
		const body = { model: `fake.${words}`, tools, messages };
		return stream ? client.chat.completions.stream(body).finalChatCompletion()
			: client.chat.completions.create(body);
	};
	const first = (await send()).choices[0];
	const calls = first.message.tool_calls ?? [];
	messages.push(first.message, ...calls.map((call, i) =>
		({ role: "tool", tool_call_id: call.id, content: `result ${i}` })));
	return { calls: calls.map(call => [call.function.name, call.function.arguments]),
		stop: first.finish_reason, ...chatOutcome(await send()) };
}

async function chatStall(client) {
	const abort = new AbortController();
	const stream = await client.chat.completions.create(chat("stall", { stream: true }),
		{ signal: abort.signal });
	let text = "";
	for await (const chunk of stream) {
		text += chunk.choices[0]?.delta.content ?? "";
		if (text)
			abort.abort();
	}
	return { text, aborted: abort.signal.aborted };
}

/* Chunks by their count, as a client without the helper sees them. */
async function chatChunks(client) {
	const seen = { chunks: 0, empty: 0, text: "", usage: null };
	for await (const chunk of await client.chat.completions.create(chat("", { stream: true }))) {
		seen.chunks++;
		seen.empty += chunk.choices.length === 0;
		seen.text += chunk.choices[0]?.delta.content ?? "";
		seen.usage = chunk.usage ?? seen.usage;
	}
	return seen;
}

async function chats(make) {
	const it = (name, play) => scenario(`chat: ${name}`, make, play);
	const create = (client, body) => client.chat.completions.create(body);

	await it("an answer", async client => chatOutcome(await create(client, chat(""))));
	await it("a stream", (client, outcome) => chatStreamed(client, chat(""), outcome));
	await it("a stream whose usage nobody asked for", chatChunks);
	for (const words of says) {
		await it(`${words}, whole`, async client => chatOutcome(await create(client, chat(words))));
		await it(`${words}, streamed`, (client, outcome) =>
			chatStreamed(client, chat(words), outcome));
	}
	await it("a maximum", async client => chatOutcome(await create(client, chat("",
		{ max_completion_tokens: 3 }))));
	await it("three choices, whole", async client => chatOutcome(await create(client, chat("",
		{ n: 3 }))));
	await it("three choices, streamed", (client, outcome) =>
		chatStreamed(client, chat("", { n: 3 }), outcome));
	for (const words of ["tool", "tools-2", "bash-ls", "call-weather"]) {
		await it(`${words}, whole`, client => chatTools(client, words, false));
		await it(`${words}, streamed`, client => chatTools(client, words, true));
	}
	await it("models", async client => ({ models: (await client.models.list()).data.map(m => m.id) }));
	await it("one model", async client => ({ model: await client.models.retrieve("fake-large") }));
	await it("no such model", client => client.models.retrieve("missing"));
	await it("a wrong key", client => create(client.withOptions({ apiKey: "wrong" }), chat("")));
	await it("no messages", client => create(client, chat("", { messages: [] })));
	for (const [name, words] of errors) {
		await it(`${name}, whole`, async client =>
			chatOutcome(await create(client, chat(`${words}.cw`))));
		await it(`${name}, streamed`, (client, outcome) =>
			chatStreamed(client, chat(`${words}.cs`), outcome));
	}
	for (const words of faults) {
		await it(`${words}, whole`, async client => chatOutcome(
			await client.chat.completions.create(chat(words), { maxRetries: 0 })));
		await it(`${words}, streamed`, (client, outcome) =>
			chatStreamed(client, chat(words), outcome));
	}
	for (const words of forms)
		await it(`${words}, streamed`, (client, outcome) =>
			chatStreamed(client, chat(words), outcome));
	await it("a stall that is ended", chatStall);
	await it("20 at once", async client => ({ texts: await Promise.all([...Array(20).keys()].map(i =>
		chatStreamed(client, chat("gap-2", { messages: [{ role: "user",
			content: `Question ${i}` }] }), {}).then(outcome => outcome.text))) }));
}

/* --- Responses */

function responseOutcome(response) {
	return { text: short(response.output_text ?? ""), items: response.output.map(item => item.type),
		status: response.status, details: response.incomplete_details, usage: response.usage ?? null };
}

function input(words, more = {}) {
	return { model: words === "" ? "fake" : modelOf(words), input: long, ...more };
}

async function responseStreamed(client, body, outcome) {
	const stream = client.responses.stream(body);
	outcome.heard = "";
	stream.on("response.output_text.delta", event => {
		outcome.heard = short(outcome.heard + event.delta);
	});
	return responseOutcome(await stream.finalResponse());
}

async function responseTools(client, words, stream) {
	const tools = Object.entries({ read_file: readFile, weather }).map(([name, parameters]) =>
		({ type: "function", name, parameters, strict: false }));
	const items = [{ role: "user", content: "Read it, please." }];
	const send = () => {
		const body = { model: `fake.${words}`, tools, input: items };
		return stream ? client.responses.stream(body).finalResponse()
			: client.responses.create(body);
	};
	const first = await send();
	const calls = first.output.filter(item => item.type === "function_call");
	items.push(...calls.map(({ type, call_id, name, arguments: text }) =>
		({ type, call_id, name, arguments: text })));
	items.push(...calls.map((call, i) =>
		({ type: "function_call_output", call_id: call.call_id, output: `result ${i}` })));
	return { calls: calls.map(call => [call.name, call.arguments]),
		...responseOutcome(await send()) };
}

async function responseStall(client) {
	const abort = new AbortController();
	const stream = await client.responses.create(input("stall", { stream: true }),
		{ signal: abort.signal });
	let text = "";
	for await (const event of stream)
		if (event.type === "response.output_text.delta") {
			text += event.delta;
			abort.abort();
		}
	return { text, aborted: abort.signal.aborted };
}

/* Events by their count, as a client without the helper sees them: the helper takes none that it
 * does not know. */
async function responseEvents(client, words, outcome) {
	outcome.text = "";
	outcome.events = {};
	for await (const event of await client.responses.create(input(words, { stream: true }))) {
		outcome.events[event.type] = (outcome.events[event.type] ?? 0) + 1;
		outcome.text += event.type === "response.output_text.delta" ? event.delta : "";
	}
}

async function responses(make) {
	const it = (name, play) => scenario(`responses: ${name}`, make, play);
	const create = (client, body) => client.responses.create(body);

	await it("an answer", async client => responseOutcome(await create(client, input(""))));
	await it("a stream", (client, outcome) => responseStreamed(client, input(""), outcome));
	for (const words of says) {
		await it(`${words}, whole`, async client =>
			responseOutcome(await create(client, input(words))));
		await it(`${words}, streamed`, (client, outcome) =>
			responseStreamed(client, input(words), outcome));
	}
	await it("a maximum", async client => responseOutcome(await create(client, input("",
		{ max_output_tokens: 3 }))));
	for (const words of ["tool", "tools-2", "bash-ls", "call-weather"]) {
		await it(`${words}, whole`, client => responseTools(client, words, false));
		await it(`${words}, streamed`, client => responseTools(client, words, true));
	}
	await it("tokens are counted", client => client.responses.inputTokens.count(input("")));
	await it("a wrong key", client => create(client.withOptions({ apiKey: "wrong" }), input("")));
	for (const [name, words] of errors) {
		await it(`${name}, whole`, async client =>
			responseOutcome(await create(client, input(`${words}.rw`))));
		await it(`${name}, streamed`, (client, outcome) =>
			responseStreamed(client, input(`${words}.rs`), outcome));
	}
	for (const words of faults) {
		await it(`${words}, whole`, async client => responseOutcome(
			await client.responses.create(input(words), { maxRetries: 0 })));
		await it(`${words}, streamed`, (client, outcome) =>
			responseStreamed(client, input(words), outcome));
	}
	for (const words of forms)
		await it(`${words}, streamed`, (client, outcome) =>
			responseStreamed(client, input(words), outcome));
	for (const words of ["unknown", "deep", "nostop", "error", "think.tool"])
		await it(`${words}, without the helper`, (client, outcome) =>
			responseEvents(client, words, outcome));
	await it("a stall that is ended", responseStall);
	await it("20 at once", async client => ({ texts: await Promise.all([...Array(20).keys()].map(i =>
		responseStreamed(client, input("gap-2", { input: `Question ${i}` }), {})
			.then(outcome => outcome.text))) }));
}

/* A connection that was kept is still there, though the program could not look after it. */
async function afterWork(client) {
	await client.models.list();
	for (const until = Date.now() + 2500; Date.now() < until;)
		;
	return { models: (await client.models.list()).data.map(m => m.id) };
}

const openai = fetch => new OpenAI({ baseURL: openaiUrl, apiKey, fetch, logLevel: "off" });

await messages("messages 1.x", Anthropic1);
await messages("messages 0", Anthropic0);
await chats(openai);
await responses(openai);
await scenario("a program that is busy between two requests", openai, afterWork);

/* serve-chat.mjs TALI CHROMIUM FOLDER - see serve-chat.sh */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { Visit } from "./journey.mjs";
import { launch } from "./lib.mjs";
import { Server } from "./server.mjs";
import { finish, it, same } from "./tap.mjs";

const [, , program, chromium, folder] = process.argv;
const server = await Server.make(program, folder);

const CODE = "BULK = 7\n", WORDS = Array.from({ length: 400 }, (_, i) => `word ${i}`).join(" ");
const use = (name, input) => ({ answer: [{ type: "tool_use", name, input }] });

/* The turns without `when` are those of an agent. */
const SCRIPT = { schema: "tali.script/1", models: ["first", "second"], turns: [
	{ when: "How many", chunk_ms: 5, answer: `Seven are **bulk**:\n\n\`\`\`python\n${CODE}\`\`\`\n\n<script>window.hacked=1</script>`,
		usage: { input_tokens: 100, output_tokens: 20 } },
	{ when: "Once more", answer: "We *spoke* of it." },
	{ when: "Tell slowly", chunk_ms: 50, answer: WORDS },
	{ when: "Please fail", status: 400, error: "no" },
	use("write_file", { path: "made/by_agent.py", content: "print(6 * 7)\n" }),
	use("execute_bash", { command: "python3 made/by_agent.py" }),
	use("run_tests", {}),
	use("execute_bash", { command: "sleep 100" }),
	{ answer: "All is **done**." },
] };

function makeTask(name, ai) {
	const path = `${folder}/${name}`;
	cpSync(new URL("../../templates/debugging-challenge", import.meta.url), path, { recursive: true });
	const manifest = JSON.parse(readFileSync(`${path}/task.json`, "utf8"));
	writeFileSync(`${path}/task.json`, JSON.stringify({ ...manifest, name, ai }));
	server.tali("task", "create", name, "--from", path);
}

makeTask("full", { policy: "full", max_tokens: 500000, max_messages: 5 });
makeTask("off", { policy: "off" });
writeFileSync(`${folder}/script.json`, JSON.stringify(SCRIPT));
server.tali("ai", "provider", "add", "--kind", "script", "--url", `${folder}/script.json`, "played");
await server.start();
const browser = await launch(chromium);

async function working(task, email) {
	const { id, path } = server.invite(task, email);
	const visit = await Visit.begin(browser, server.base);
	await visit.go(path);
	await visit.start();
	return { visit, page: visit.page, id };
}

/* {kind: [data]} of what is recorded. */
function record(id) {
	const kinds = {};
	for (const line of server.tali("journal", "export", id).split("\n").filter(Boolean)) {
		const { kind, data } = JSON.parse(line).event ?? {};
		if (kind)
			(kinds[kind] ??= []).push(data);
	}
	return kinds;
}

const ANSWERED = "#talk .answer:last-child:not([aria-busy])";

await it("ask, apply, go on after a reload, and begin anew; the record has all of it", async () => {
	const { visit, page, id } = await working("full", "ann@example.org");
	await visit.shown("#chat-left", "500,000 tokens and 5 messages left");
	await visit.open("main.py");
	await visit.ask("How many are bulk?");
	await visit.shown("#talk .answer strong", "bulk");
	await visit.shown("#talk .answer", "<script>window.hacked=1</script>");
	await visit.shown("#chat-left", "499,880 tokens and 4 messages left");
	await page.click("#talk .apply");
	await page.check("#apply-form [value=replace]");
	await page.click("#apply-dialog button[value=yes]");
	await visit.see(".cm-content:focus");
	await visit.saved();
	await page.reload();
	await visit.ready();
	await visit.shown("#talk .answer strong", "bulk");
	await page.selectOption("#model", "second");
	await visit.ask("Once more, please");
	await visit.shown("#talk .answer em", "spoke");
	await page.click("#chat-new");
	await visit.ask("Once more, but anew");
	await visit.shown("#talk .answer em", "spoke");
	await visit.submit();
	const wrong = visit.wrong(true);
	await visit.end();
	server.tali("verify", id);
	const { ai_prompt: prompts, ai_response: answers, edit } = record(id);
	const [{ origin, exchange }] = edit.at(-1).edits;
	return same([prompts.length, answers.length, prompts.map(({ text }) => text), prompts.map(({ model }) => model),
		new Set(prompts.map(({ conversation }) => conversation)).size, origin, exchange === answers[0].exchange,
		server.recorded(id, "main.py")],
	[3, 3, ["How many are bulk?", "Once more, please", "Once more, but anew"], ["first", "second", "second"], 2, "ai", true, CODE]) || wrong;
});

await it("an agent writes, runs and tests in the sandbox, seen step by step, and is stopped in a step", async () => {
	const { visit, page, id } = await working("full", "bob@example.org");
	await page.check("#mode [value=agent]");
	await visit.write("Make it");
	await visit.shown("#talk .steps details[data-state=good]", "made/by_agent.py");
	await visit.see(`#tree [data-path="made/by_agent.py"]`);
	await visit.shown("#talk .steps details[data-state=good]", "python3 made/by_agent.py");
	await visit.shown("#talk .steps details", "Runs the tests");
	await visit.shown("#talk .steps details[data-state=running]", "sleep 100");
	await page.click("#chat-stop");
	await visit.shown(`${ANSWERED} .why`, "You stopped it");
	await page.click("#talk .steps details:has-text('by_agent.py') >> nth=1");
	await visit.shown("#talk .steps details[open] pre", "42");
	await page.reload();
	await visit.ready();
	await visit.shown("#talk .steps details", "sleep 100");
	await visit.open("made/by_agent.py");
	await visit.typeAtEnd("# mine\n");
	await visit.saved();
	await visit.submit();
	const wrong = visit.wrong(true);
	await visit.end();
	server.tali("verify", id);
	const { ai_tool: tools } = record(id);
	return same([tools.map(({ tool, name }) => tool ?? name), server.recorded(id, "made/by_agent.py")],
		[["write_file", "execute_bash", "run_tests", "execute_bash"], "print(6 * 7)\n# mine\n"]) || wrong;
});

await it("an answer is stopped; one whose page is left goes on, and is there afterwards", async () => {
	const { visit, page, id } = await working("full", "cat@example.org");
	await visit.write("Tell slowly");
	await visit.shown("#talk .answer[aria-busy]", "word 9");
	await page.click("#chat-stop");
	await visit.shown(`${ANSWERED} .why`, "You stopped it");
	await visit.write("Tell slowly");
	await visit.shown("#talk .answer[aria-busy]", "word 9");
	await page.reload();
	await visit.ready();
	await visit.see("#chat-stop");
	await visit.see("#send");
	await visit.shown("#talk .answer", "word 399");
	const wrong = visit.wrong();
	await visit.end();
	server.tali("verify", id);
	return wrong;
});

await it("a model that fails costs one sentence, and the budget of messages ends with one", async () => {
	const { visit, page, id } = await working("full", "dan@example.org");
	await visit.write("Please fail");
	await visit.shown("#talk .answer .problem, #chat-note.problem", /\w/);
	await visit.open("main.py");
	await visit.typeAtEnd("# on\n");
	await visit.saved();
	for (let i = 0; i < 5; i++)
		await visit.ask(`Once more ${i}`);
	await visit.write("Once more than often");
	await visit.shown("#talk .answer .problem, #chat-note.problem", /messages|budget/);
	const wrong = visit.wrong();
	await visit.end();
	server.tali("verify", id);
	return same(server.recorded(id, "main.py").endsWith("# on\n"), true) || wrong;
});

await it("without an assistant in the task there is none, and the API says so", async () => {
	const { visit, page } = await working("off", "eve@example.org");
	const there = await page.locator("#chat, #chat-toggle").count();
	const status = await page.evaluate(async () => (await fetch("/api/v1/chat", { method: "POST",
		headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text: "x" }) })).status);
	const wrong = visit.wrong();
	await visit.end();
	return same([there, status], [0, 403]) || wrong;
});

await it("the API refuses what is no question, and one beside another", async () => {
	const { visit, page, id } = await working("full", "gus@example.org");
	const token = server.invite("full", "gus@example.org").path.slice(3);
	const ask = async (body, method = "POST", headers = { Authorization: `Bearer ${token}` }) => {
		const response = await fetch(`${server.base}/api/v1/chat`, { method, headers,
			...body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) } });
		if (response.headers.get("content-type") !== "application/json")
			await response.body?.cancel();
		return response.status;
	};
	await visit.write("Tell slowly");
	await visit.shown("#talk .answer[aria-busy]", "word 9");
	const statuses = [await ask({ text: "x" }), await ask(undefined, "DELETE")];
	await visit.shown(`${ANSWERED} .why`, "You stopped it");
	statuses.push(await ask(undefined, "DELETE"), await ask({}), await ask({ text: "" }), await ask({ text: 5 }),
		await ask({ text: "é".repeat(16385) }), await ask({ text: "x", files: [1] }), await ask({ text: "x", files: Array(17).fill("a") }),
		await ask({ text: "x", files: ["../etc/passwd"] }), await ask("[]"), await ask("{"), await ask("x".repeat(262145)),
		await ask({ text: "x" }, "POST", {}), await ask(undefined, "GET", {}), await ask(undefined, "GET"),
		await ask({ text: "Once more" }));
	const wrong = visit.wrong();
	await visit.end();
	server.tali("verify", id);
	return same(statuses, [409, 204, 204, 400, 400, 400, 400, 400, 400, 404, 400, 400, 413, 401, 401, 200, 200]) || wrong;
});

await it("a server that ends in the middle of an answer has it on record, and the page goes on", async () => {
	const { visit, page, id } = await working("full", "fay@example.org");
	await visit.write("Tell slowly");
	await visit.shown("#talk .answer[aria-busy]", "word 9");
	await server.stop("SIGTERM");
	await server.start();
	await visit.see("#send");
	await visit.shown("#talk .answer", "word 9");
	await visit.ask("Once more");
	await visit.shown("#talk .answer em", "spoke");
	await server.stop("SIGKILL");
	await server.start();
	await page.reload();
	await visit.ready();
	await visit.shown("#talk .answer em", "spoke");
	const wrong = visit.wrong();
	await visit.end();
	server.tali("verify", id);
	return wrong;
});

await browser.close();
await server.stop("SIGTERM");
finish();

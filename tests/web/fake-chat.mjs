/* fake-chat.mjs - the assistant of fake-server.mjs: what is asked for decides what comes
 *
 *	"slow"		words until it is stopped
 *	"long"		300 lines at once, and then nothing until it is stopped
 *	"table"		one
 *	"down"		the model does not answer
 *	"cut"		the connection is lost in the middle, and the answer is there later
 *	"bad"		an answer full of what must stay text
 *	"wait"		first one waits
 *	agent		reads and writes a file, and runs the tests
 * all else, a changed main.py. `refuse` {status, code, message} answers instead. */
import { execFileSync } from "node:child_process";

const later = ms => new Promise(resolve => setTimeout(resolve, ms));

export const ANSWER = `The total is rounded **down**. Two changes:

1. \`int()\` cuts, so half a cent is lost
2. see [the standard](https://example.org/rounding)

\`\`\`python
"""Prints the receipt of a small cart."""
from shop.pricing import total

CART = [("MUG", 1, 12.35), ("PENCIL", 10, 0.35)]


def main():
    for name, count, price in CART:
        print(f"{name:12} {count:3} x {price:6.2f} {total(count, price):10.2f}")


if __name__ == "__main__":
    main()
\`\`\`

Then run it:

\`\`\`
python3 main.py
\`\`\`
`;

export const BAD = "# </h2><script>window.hacked=1</script>\n\n<img src=x onerror=window.hacked=1>\n\n" +
	"[x](javascript:window.hacked=1) ![y](http://elsewhere.example/y.png) `</code><b>` &lt;i&gt; &amp;amp;\n\n" +
	"```\"><img src=x>\n</pre><img src=x onerror=window.hacked=1>\n```\n";

const TABLE = "| Part | Bytes |\n|---|--:|\n| *one* two | 17 |\n| <b> | `a\\|b` |\n";

const DOWN = "The model did not answer. Your work is safe; try again, or go on without it.";

export class FakeChat {
	constructor(server, { policy = "full", models = ["claude-sonnet-5", "gpt-5.2"], agent = true,
		left = { tokens: 50000, cost_microusd: -1, messages: 40 } } = {}) {
		Object.assign(this, { server, policy, models, agent, left, turns: [], conversation: null, running: false, asked: [],
			step: 5, refuse: null, count: 0 });
	}

	html(text) {
		return execFileSync(this.server.printPage, ["markdown", text], { encoding: "utf8" });
	}

	/* GET chat */
	state() {
		return { policy: this.policy, agent: this.agent, models: this.models.map(id => ({ id, provider: "fake" })),
			left: this.left, conversation: this.conversation, running: this.running, turns: this.turns.map(turn =>
				turn.text && turn.role === "assistant" ? { ...turn, html: this.html(turn.text) } : turn) };
	}

	/* POST chat */
	async ask(body, response, headers) {
		const { text, conversation, model, agent, files } = body, { server } = this;
		this.asked.push(body);
		if (this.refuse)
			return server.refuse(response, this.refuse.status, this.refuse.code, this.refuse.message);
		if (this.running)
			return server.refuse(response, 409, "busy", "The assistant is at work for another window.");
		response.writeHead(200, { ...headers, "Content-Type": "text/event-stream" });
		const tell = (event, data) => response.destroyed ||
			response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
		if (!conversation)
			this.turns = [];
		this.conversation = conversation ?? `c${++this.count}`;
		Object.assign(this, { running: true, stopped: false, cut: () => response.destroy() });
		this.turns.push({ role: "user", text, files });
		const turn = { role: "assistant", text: "", model, exchange: `x${++this.count}`, steps: [] };
		this.turns.push(turn);
		tell("begin", { conversation: this.conversation, model, agent });
		await this.turn(turn, text, agent, tell);
		this.running = false;
		this.left = { ...this.left, tokens: this.left.tokens - 1234, messages: this.left.messages - 1 };
		if (turn.error)
			tell("error", turn.error);
		else
			tell("end", { conversation: this.conversation, exchange: turn.exchange, stop: turn.stop ?? "end",
				left: this.left, html: this.html(turn.text) });
		return response.end();
	}

	async turn(turn, text, agent, tell) {
		const say = async words => {
			for (const piece of words.match(/[^]{1,40}/g) ?? []) {
				turn.text += piece;
				tell("text", { text: piece });
				await later(this.step);
			}
		};
		await later(this.step);
		if (/wait/.test(text)) {
			tell("wait", { text: "Others use what is left of the budget just now." });
			await later(400);
		}
		if (/down/.test(text)) {
			turn.error = { code: "provider", message: DOWN };
		} else if (/slow/.test(text)) {
			for (let i = 0; i < 2000 && !this.stopped; i++) {
				await say(`word ${i} `);
				await later(50);
			}
		} else if (/long/.test(text)) {
			turn.text = Array.from({ length: 300 }, (_, i) => `line ${i}${" of many words".repeat(i % 7)}\n${i % 5 ? "" : "\n"}`).join("");
			for (const piece of turn.text.match(/[^]{1,24}/g))
				tell("text", { text: piece });
			while (!this.stopped)
				await later(50);
		} else if (/table/.test(text)) {
			await say(TABLE);
		} else if (/bad/.test(text)) {
			await say(BAD);
		} else if (agent) {
			await this.work(turn, tell);
			await say("I changed `shop/pricing.py`, and the tests pass.");
		} else {
			await say(ANSWER.slice(0, 60));
			if (/cut/.test(text)) {
				this.cut();
				await later(1500);
			}
			await say(ANSWER.slice(60));
		}
		if (this.stopped)
			turn.stop = "stopped";
	}

	async work(turn, tell) {
		const { files } = this.server, path = "shop/pricing.py";
		const steps = [["list_files", {}, [...files.all.keys()].join("\n")], ["read_file", { path }, files.text(path) ?? ""],
			["write_file", { path, text: "…" }, "written"], ["execute_bash", { command: "python3 main.py" }, "Exit status 0, 120 ms.\nMUG 12.35"],
			["execute_bash", { command: "./main" }, "Exit status 126, 9 ms.\nno"], ["run_tests", {}, "1 of 4 passed (wrong_answer)\n"]];
		for (const [i, [tool, input, text]] of steps.entries()) {
			if (this.stopped)
				return;
			const step = { call: `t${i}`, tool, input };
			turn.steps.push(step);
			tell("step", step);
			await later(this.step * 10);
			if (tool === "write_file")
				files.set(path, new TextEncoder().encode(files.text(path).replace("count > BULK", "count >= BULK")), "ai");
			Object.assign(step, { ok: true, text });
			tell("result", { ...step, ms: 120 });
		}
	}

	/* DELETE chat */
	stop() {
		this.stopped = true;
	}
}

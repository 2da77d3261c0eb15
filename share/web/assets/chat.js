/* chat.js - the assistant's part of the workspace: asking, and what comes back
 *
 * The server has the conversation (its journal): the page knows its id alone, and reads it again when
 * it is loaded, or has lost an answer on its way. A turn goes on when nobody listens. */
import { call, Refused } from "./api.js";
import { applyCode } from "./apply.js";
import { element, find, follow, say } from "./dom.js";
import { postEvents } from "./events.js";
import { Answer, question } from "./talk.js";

const AGAIN = 2000;	/* ms between looks at a turn whose events are not heard */
const DOWN = "The assistant cannot be reached just now. Your work goes on without it.";

const number = n => n.toLocaleString("en-US");

/* "12,400 tokens, 38 messages and $1.20 left", of what is limited. */
export function leftText({ tokens = -1, messages = -1, cost_microusd: cost = -1 } = {}) {
	const parts = [tokens >= 0 && `${number(tokens)} tokens`, messages >= 0 && `${number(messages)} messages`,
		cost >= 0 && `$${(cost / 1e6).toFixed(2)}`].filter(Boolean);
	const last = parts.pop();
	return last ? `${parts.length ? `${parts.join(", ")} and ` : ""}${last} left` : "";
}

export class Chat {
	/* told: editor - of the workspace; settle() - a promise: what is typed is saved; applied() */
	constructor(session, told) {
		this.told = told;
		this.key = `tali-conversation-${session.id}`;	/* "" in it: a new one was begun */
		this.conversation = null;
		this.grown = follow(find("talk"));
		find("ask").addEventListener("submit", event => {
			event.preventDefault();
			this.ask();
		});
		find("question").addEventListener("keydown", event => {
			/* 229: the Enter that ends a composition, which Safari says after its end */
			if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 ||
				event.ctrlKey || event.metaKey)
				return;
			event.preventDefault();
			this.ask();
		});
		find("chat-stop").addEventListener("click", () => this.stop());
		find("chat-new").addEventListener("click", () => this.begin());
		this.opened();
		this.loaded = this.load();
	}

	/* --- what is shown */

	/* The file that is open, or none: what a question goes with, and where code is put. */
	opened() {
		const path = this.told.editor.path ?? "", name = path.slice(path.lastIndexOf("/") + 1);
		find("with-file").disabled = !path;
		find("with-name").textContent = path ? `with ${name}` : "with the open file";
		for (const button of find("talk").querySelectorAll(".apply")) {
			button.disabled = !path;
			button.title = path;
			button.textContent = path ? `Apply to ${name}…` : "Apply…";
		}
	}

	note(text, bad = false) {
		find("chat-note").textContent = text;
		find("chat-note").className = bad ? "problem" : "small";
	}

	/* A model is at work, or not. */
	busy(on) {
		this.running = on;
		find("send").hidden = on;
		find("chat-stop").hidden = !on;
		find("chat-stop").disabled = false;
		find("chat-new").disabled = on;
	}

	add(turn) {
		const talk = find("talk");
		talk.querySelector(".none")?.remove();
		talk.append(turn);
		this.opened();
		talk.scrollTop = talk.scrollHeight;
	}

	answer(model) {
		return new Answer(model, (code, exchange) => this.apply(code, exchange));
	}

	draw(turns) {
		find("talk").replaceChildren(...turns.map(turn => turn.role === "user" ? question(turn) :
			Answer.of(turn, (code, exchange) => this.apply(code, exchange)).turn));
		if (!turns.length)
			find("talk").append(element("p", { className: "none" }, "Ask about the task, an error, or your code. " +
				(this.guarded ? "It explains, and leaves the solution to you. " : "") +
				"What you ask and what it answers is part of the record."));
		this.opened();
		find("talk").scrollTop = find("talk").scrollHeight;
	}

	offer({ policy, models, agent, left, model }) {
		this.guarded = policy === "guarded";
		find("model").replaceChildren(...models.map(({ id }) => element("option", { value: id }, id)));
		if (models.some(({ id }) => id === model))
			find("model").value = model;
		find("model").disabled = models.length < 2;
		find("mode").hidden = !agent;
		find("send").disabled = !models.length;
		find("chat-left").textContent = leftText(left);
		if (!models.length)
			this.note("No model can be asked just now. Your work does not need one.", true);
	}

	/* --- from the server */

	get isNew() {
		try {
			return localStorage.getItem(this.key) === "";
		} catch {
			return false;
		}
	}

	set isNew(on) {
		try {
			on ? localStorage.setItem(this.key, "") : localStorage.removeItem(this.key);
		} catch { /* after a reload the last one is shown */ }
	}

	async load() {
		try {
			const chat = await call("GET", "chat");
			this.note("");
			this.show(chat);
			if (chat.running)
				this.follow();
		} catch (error) {
			if (error.status !== 401)
				this.note(DOWN, true);
			find("send").disabled = false;
			this.draw([]);
		}
	}

	show(chat) {
		const fresh = this.isNew && !chat.running;
		this.conversation = fresh ? null : chat.conversation;
		this.offer(chat);
		this.draw(fresh ? [] : chat.turns);
	}

	/* A turn that runs, and whose events go elsewhere or got lost: looked at until it is over. */
	async follow() {
		this.busy(true);
		this.note("It is being answered.");
		for (let running = true; running;) {
			await new Promise(resolve => setTimeout(resolve, AGAIN));
			try {
				const chat = await call("GET", "chat");
				({ running } = chat);
				this.show(chat);
				this.note(running ? "It is being answered." : "");
			} catch (error) {
				if (error.status && error.status < 500)
					running = false;
				this.note("The connection is lost. The answer is kept, and shown when it is back.", true);
			}
		}
		this.busy(false);
		say("The assistant has answered.");
	}

	/* --- asking */

	begin() {
		this.isNew = true;
		this.conversation = null;
		this.note("");
		this.draw([]);
		find("question").focus();
	}

	async ask() {
		await this.loaded;
		const text = find("question").value.trim(), { path } = this.told.editor;
		if (!text || this.running || find("send").disabled)
			return;
		const files = path && find("with-file").checked ? [path] : [];
		this.turn = { text, asked: question({ text, files }), answer: this.answer(find("model").value) };
		this.add(this.turn.asked);
		this.add(this.turn.answer.turn);
		this.turn.answer.begins();
		this.busy(true);
		this.note("");
		find("question").value = "";
		try {
			await this.told.settle();
			await postEvents("chat", { text, files, model: find("model").value || undefined, agent: this.isAgent,
				...this.conversation && { conversation: this.conversation } }, (event, data) => this.heard(event, data));
			if (!this.turn.over)
				throw new Refused(0);
		} catch (error) {
			this.failed(error);
			return;
		}
		this.busy(false);
	}

	get isAgent() {
		return !find("mode").hidden && find("ask").elements.mode.value === "agent";
	}

	heard(event, data) {
		const { turn } = this, { answer } = turn;
		switch (event) {
		case "begin":
			turn.begun = true;
			this.conversation = data.conversation;
			this.isNew = false;
			break;
		case "text": turn.some = true; answer.text(data.text); break;
		case "step": turn.some = true; answer.step(data); break;
		case "result": answer.result(data); break;
		case "wait": answer.wait(data.text); break;
		case "end": this.ended(data); break;
		case "error": this.refused(data.message); break;
		default:
		}
		this.grown();
	}

	ended({ html, stop, exchange, left }) {
		const { answer } = this.turn;
		this.turn.over = true;
		if (html)
			answer.finished(html, "", exchange);
		answer.ended(stop);
		this.opened();
		find("chat-left").textContent = leftText(left);
		say(stop === "stopped" ? "Stopped" : "The assistant has answered.");
	}

	/* One sentence says why. What was asked is there to be sent again, when nothing was answered. */
	refused(message) {
		const { turn } = this;
		turn.over = true;
		turn.answer.ended(null, message);
		this.grown();
		say(message);
		if (turn.some)
			return;
		find("question").value ||= turn.text;
		if (turn.begun)
			return;
		turn.asked.remove();
		turn.answer.turn.remove();
		this.note(message, true);
		if (!find("talk").childElementCount)
			this.draw([]);
	}

	/* The answer broke off, or was not begun: when nothing of it came, only the server knows. */
	async failed(error) {
		const lost = error instanceof Refused && !error.status;
		if (lost && (this.turn.begun || await call("GET", "chat").then(chat => chat.running, () => false))) {
			this.follow();
			return;
		}
		this.refused(error.message);
		this.busy(false);
		/* another window asks */
		if (error.status === 409 && error.code === "busy")
			this.load();
	}

	stop() {
		find("chat-stop").disabled = true;
		call("DELETE", "chat").catch(error => {
			find("chat-stop").disabled = false;
			this.note(error.message, true);
		});
	}

	async apply(code, exchange) {
		if (await applyCode(this.told.editor, code, exchange))
			this.told.applied();
	}
}

/* workspace.js - the workspace: joins editor, files, journal, runs, terminal and clock */
import { ask, call, load, parse, retryOf, Refused } from "./api.js";
import { decode } from "./bytes.js";
import { alertLine, arrowKeys, ask as askDialog, durationText, element, find, say, session as pageSession }
	from "./dom.js";
import { rememberCopy } from "./copied.js";
import { Editor } from "./editor.js";
import { fileLimit, Files } from "./files.js";
import { Journal } from "./journal.js";
import { Outbox } from "./outbox.js";
import { Output } from "./output.js";
import { onPanel, panelTab, showAssistant, showPane, showPanel, startPanes } from "./panes.js";
import { startSettings } from "./settings.js";
import { Stream } from "./stream.js";
import { Terminal } from "./terminal.js";
import { Timer } from "./timer.js";

const nonce = document.querySelector("meta[name=csp-nonce]").content;
const SETTLE = 15000;		/* ms that a run waits for what was typed */
const EDIT_MOST = 2097152;	/* bytes of a text that the editor takes */
const LOST = 10000;		/* ms without a connection before it is said aloud */

/* Of several files one of the language, in the command, called main: in this order. What is in the
 * command may be a script around the program. */
function mainFile(paths, { command, extensions }) {
	const words = (command ?? "").split(/[\s'"]+/).map(word => word.replace(/^\.\//, ""));
	const points = path => 4 * Boolean(extensions?.some(end => path.endsWith(end))) +
		2 * words.includes(path) + /(^|\/)main\.\w+$/i.test(path);
	return paths.reduce((best, path) => best === undefined || points(path) > points(best) ? path : best, undefined);
}

class Workspace {
	constructor(session) {
		this.session = session;
		this.client = `w${crypto.getRandomValues(new Uint32Array(3)).join("-")}`;
		this.outbox = new Outbox(session.id);
		this.journal = new Journal(this.client, this.env());
		this.loading = new Map();
		this.tabsKey = `tali-tabs-${session.id}`;
	}

	env() {
		return {
			now: () => Date.now(),
			later: (ms, call) => {
				const timer = setTimeout(call, ms);
				return () => clearTimeout(timer);
			},
			send: batch => this.send(batch),
			load,
			create: path => call("POST", `files/${path.split("/").map(encodeURIComponent).join("/")}`,
				{ json: { op: "create" } }),
			outbox: this.outbox,
			told: (what, detail) => this.told(what, detail),
		};
	}

	async send(batch) {
		const keepalive = document.visibilityState === "hidden" && JSON.stringify(batch).length < 60000;
		const { status, data, header } = await ask("POST", "events", { json: batch, keepalive });
		return { status, body: parse(data), retry_ms: retryOf(header) };
	}

	/* --- the beginning */

	async start() {
		startSettings();
		startPanes();
		this.timer = new Timer({
			soon: () => this.journal.flush(),
			over: () => this.over(),
		});
		this.timer.set(this.session.deadline, this.session.now,
			performance.getEntriesByType("navigation")[0]?.responseStart);
		this.editor = new Editor(find("editor"), nonce, Math.min(fileLimit(this.session.workspace), EDIT_MOST), {
			edit: (path, edits, before) => this.journal.edit(path, edits, before),
			cursor: (path, at, to) => this.journal.add("cursor", at === to ? { file: path, at } :
				{ file: path, at, to }),
			paste: (path, data) => this.journal.add("paste", { file: path, ...data }),
			tooLong: (path, limit) => alertLine("long",
				`${path} cannot be longer than ${Math.floor(limit / 1024)} KiB: that was not put in.`,
				{ level: "bad" }),
		});
		const problem = text => alertLine("problem", text, { level: "bad" });
		const settle = () => this.settle();
		this.files = new Files(this.session.workspace, { settle, problem,
			open: (path, focus) => this.open(path, { focus: focus ?? true }),
			moved: (path, to) => this.moved(path, to),
			removed: path => this.closeTab(path),
			uploaded: (path, rev) => this.reload(path, rev),
		});
		this.output = new Output(this.session, { settle, problem });
		this.terminal = new Terminal(nonce, () => this.leaveTerminal());
		onPanel(name => name === "terminal" && this.terminal.open());
		this.listen();
		await this.outbox.hold(this.client);
		await this.recover();
		for (const { path, rev } of this.files.all.values())
			this.journal.revs.set(path, rev);
		await this.openRemembered();
		this.focusEvents();
		this.stream = new Stream((event, data) => this.heard(event, data), on => this.connected(on));
		this.showSaved();
		document.body.dataset.ready = "true";
		if (find("chat"))
			this.loadAssistant();
	}

	/* It comes when the editor can be used. */
	loadAssistant() {
		import("./chat.js").then(({ Chat }) => {
			this.chat = new Chat(this.session, { editor: this.editor, settle: () => this.settle(),
				applied: () => this.toEditor() });
		}, () => {
			find("chat-note").textContent = "The assistant cannot be loaded. Please load the page again.";
		});
	}

	/* What an earlier page did not get rid of goes first. */
	async recover() {
		let sent = false;
		for (const left of await this.outbox.left()) {
			if (left.client === this.client || !await this.outbox.hold(left.client))
				continue;
			if (left.events.length) {
				find("saved-text").textContent = "Sending what was left";
				alertLine("left", "Changes of an earlier page are being sent.");
			}
			try {
				await Journal.recover(left, { ...this.env(), told: (what, detail) => what === "conflict" &&
					this.told(what, detail) });
				sent ||= left.events.length > 0;
			} catch (error) {
				alertLine("left", `Changes of an earlier page were not taken: ${error.message}`, { level: "bad" });
			}
		}
		if (!sent)
			return;
		alertLine("left", "");
		say("Changes of an earlier page were sent.");
		try {
			this.session = await call("GET", "session");
			this.files.load(this.session.workspace);
			this.timer.set(this.session.deadline, this.session.now);
		} catch { /* files are loaded one by one anyway */ }
	}

	async openRemembered() {
		let tabs = {};
		try {
			tabs = JSON.parse(localStorage.getItem(this.tabsKey) ?? "{}");
		} catch { /* none */ }
		const known = (tabs.open ?? []).filter(path => this.files.all.has(path));
		const source = [...this.files.all.values()].filter(file => file.text !== false).map(file => file.path)
			.filter(path => !/readme|test|\.(md|txt|json|ya?ml|toml|cfg|lock|h|hh|hpp|hxx|pyi)$/i.test(path));
		const first = mainFile(source, this.session.task);
		for (const path of known.length ? known : first ? [first] : [])
			await this.open(path, { show: false, focus: false, quiet: Boolean(known.length) });
		const shown = this.editor.has(tabs.shown) ? tabs.shown : this.editor.paths[0];
		if (shown)
			this.show(shown, { focus: false });
		if (!tabs.open)
			showPane("task");
		else
			showPane("code");
	}

	listen() {
		find("submit").addEventListener("click", () => this.submit());
		find("close-tab").addEventListener("click", () => this.closeTab(this.editor.path, true));
		find("tabs").addEventListener("keydown", event => {
			if (event.key === "Delete")
				this.closeTab(this.editor.path, true);
		});
		arrowKeys(find("tabs"), tab => this.show(tab.dataset.path, { focus: false }));
		document.addEventListener("keydown", event => this.key(event), true);
		document.addEventListener("copy", event => {
			if (!event.target.closest?.(".cm-editor"))
				rememberCopy(String(getSelection()));
		});
		addEventListener("pagehide", () => this.outbox.keepTail(this.journal.tail()));
		addEventListener("pageshow", event => event.persisted && this.outbox.dropTail(this.client));
		addEventListener("online", () => this.journal.retryNow());
		find("ended").addEventListener("cancel", event => event.preventDefault());
	}

	key(event) {
		if (!event.ctrlKey && !event.metaKey || event.altKey || document.querySelector("dialog[open]"))
			return;
		const name = (event.shiftKey ? "Shift+" : "") + (event.code === "Backquote" ? "`" : event.key);
		const actions = {
			s: () => this.save(),
			Enter: () => this.output.run(),
			"Shift+Enter": () => this.output.test(),
			"`": () => this.toggleTerminal(),
			i: () => this.toggleAssistant(),
		};
		if (actions[name] && (name !== "i" || find("chat"))) {
			event.preventDefault();
			event.stopPropagation();
			actions[name]();
		}
	}

	/* Attention, as the invitation said. */
	focusEvents() {
		const tell = state => this.journal.add("focus", { state });
		addEventListener("focus", () => tell("focus"));
		addEventListener("blur", () => tell("blur"));
		document.addEventListener("visibilitychange", () => {
			tell(document.visibilityState === "visible" ? "visible" : "hidden");
			if (document.visibilityState === "hidden")
				this.journal.flush();
			else
				this.journal.retryNow();
		});
	}

	/* --- files in the editor */

	/* Loads a file and shows it; one that is no text is offered as a download. */
	async open(path, { show = true, focus = true, quiet = false } = {}) {
		if (!this.editor.has(path)) {
			try {
				await (this.loading.get(path) ?? this.fetch(path, quiet));
			} catch (error) {
				alertLine("problem", `${path}: ${error.message}`, { level: "bad" });
				return;
			}
		}
		if (show && this.editor.has(path))
			this.show(path, { focus });
	}

	fetch(path, quiet) {
		const loading = load(path).then(file => {
			if (!file)
				throw new Error("it is not there any more.");
			const text = decode(file.bytes);
			if (file.bytes.length > EDIT_MOST)
				throw new Error("it is too long for the editor. “Download all files” has it.");
			if (text === null)
				throw new Error("it is no text. “Download all files” has it.");
			this.editor.add(path, text);
			this.journal.revs.set(path, file.rev);
			this.files.put(path, file.rev);
			if (!quiet)
				this.journal.add("open", { file: path, action: "open", hash: this.editor.hash(path) });
		}).finally(() => this.loading.delete(path));
		this.loading.set(path, loading);
		return loading;
	}

	show(path, { focus = true } = {}) {
		const other = this.editor.path !== path;
		this.editor.show(path);
		this.files.choose(path);
		this.drawTabs();
		if (other && this.stream)
			this.journal.add("open", { file: path, action: "show" });
		if (focus) {
			showPane("code");
			this.editor.focus();
		}
	}

	closeTab(path, focus = false) {
		if (!this.editor.has(path))
			return;
		const { paths } = this.editor, next = paths[paths.indexOf(path) + 1] ?? paths[paths.indexOf(path) - 1];
		const shown = this.editor.path === path;
		this.editor.close(path);
		this.journal.add("open", { file: path, action: "close" });
		if (shown && next)
			this.show(next, { focus });
		else if (shown)
			find("editor").replaceChildren(element("p", { className: "none" }, "Open a file to go on."));
		this.drawTabs();
		if (focus && !next)
			find("tree").querySelector("button")?.focus();
	}

	/* A file or folder has another name; the texts stay. */
	/* Resolves when it is known what stands there: what is typed before that would be a conflict. */
	moved(path, to) {
		const loads = [];
		for (const open of this.editor.paths)
			if (open === path || open.startsWith(`${path}/`)) {
				const at = to + open.slice(path.length);
				this.editor.rename(open, at);
				this.journal.revs.delete(open);
				this.journal.revs.delete(at);
				loads.push(this.reload(at));
			}
		this.drawTabs();
		return Promise.all(loads);
	}

	drawTabs() {
		const { paths, path: shown } = this.editor;
		const short = path => path.slice(path.lastIndexOf("/") + 1);
		find("tabs").replaceChildren(...paths.map((path, i) => element("button", { role: "tab", id: `file-tab-${i}`,
			title: path, "data-path": path, "aria-selected": String(path === shown), "aria-controls": "editor",
			tabIndex: path === shown ? 0 : -1, onclick: () => this.show(path),
			onauxclick: event => event.button === 1 && this.closeTab(path) },
		element("bdi", {}, paths.filter(other => short(other) === short(path)).length > 1 ? path : short(path)))));
		find("close-tab").hidden = !shown;
		this.chat?.opened();
		find("tabs").querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
		try {
			localStorage.setItem(this.tabsKey, JSON.stringify({ open: paths, shown }));
		} catch { /* not remembered */ }
	}

	/* What another page or a run made of a file; not while there are edits of our own. */
	async reload(path, rev) {
		if (!this.editor.has(path) || !this.journal.clean(path) || rev && rev <= (this.journal.revs.get(path) ?? 0))
			return false;
		try {
			const file = await load(path), text = file && decode(file.bytes);
			if (!file || text === null || !this.journal.clean(path) || !this.editor.has(path))
				return false;
			const other = this.editor.text(path) !== text;
			this.editor.replace(path, text);
			this.journal.revs.set(path, file.rev);
			this.files.put(path, file.rev);
			return other;
		} catch {
			return false;
		}
	}

	/* --- saving */

	save() {
		const done = () => say("Saved");
		this.journal.saved().then(done, error => alertLine("problem", error.message, { level: "bad" }));
	}

	/* Rejects after a while: what is to be run or handed in must be on the server. */
	settle() {
		if (!this.journal.pending)
			return Promise.resolve();
		let timer;
		const late = new Promise((resolve, reject) => {
			timer = setTimeout(() => reject(new Error("What you wrote is not saved yet, since the server " +
				"cannot be reached. It is kept here, and sent as soon as it can be.")), SETTLE);
		});
		return Promise.race([this.journal.saved(), late]).finally(() => clearTimeout(timer));
	}

	told(what, detail) {
		if (what === "state")
			this.showSaved();
		else if (what === "conflict")
			alertLine("conflict", `${detail} was changed in another window too. What you wrote here was kept; ` +
				"the other text is in the record.", { level: "bad" });
		else if (what === "changed")
			this.changedElsewhere(detail);
		else if (what === "ended")
			this.gone();
		else
			alertLine("failed", `What you write is not saved any more: ${detail}. Please copy what is new, and ` +
				"load the page again.", { level: "bad", close: false });
	}

	showSaved() {
		const texts = { saved: "Saved", saving: "Saving", offline: "Kept in this browser",
			failed: "Not saved", ended: "Ended" };
		const { state } = this.journal;
		if (find("saved").dataset.state === state && find("saved-text").textContent === texts[state])
			return;
		find("saved").dataset.state = state;
		find("saved-text").textContent = texts[state];
		if (state === "offline" && !this.outbox.kept)
			find("saved-text").textContent = "Not saved yet";
	}

	connected(on) {
		const state = on ? "on" : "off";
		const before = find("connection").dataset.state;
		if (before === state)
			return;
		find("connection").dataset.state = state;
		find("connection-text").textContent = on ? "Connected" : "Offline";
		clearTimeout(this.lost);
		if (on) {
			if (before === "off")
				alertLine("problem", "");	/* of what could not be sent then */
			if (this.wasLost)
				alertLine("offline", "The connection is back.", { level: "good" });
			this.wasLost = false;
			this.journal.retryNow();
		} else {
			this.lost = setTimeout(() => {
				this.wasLost = true;
				alertLine("offline", "The connection is lost. Go on writing: it is kept in this browser, and " +
					"sent when the connection is back.", { level: "bad" });
			}, LOST);
		}
	}

	/* --- what the server tells */

	heard(event, data) {
		const { output } = this;
		switch (event) {
		case "session": output.caughtUp(data.workspace); return this.sessionTold(data);
		case "state": return this.state(data);
		case "file": return this.fileTold(data);
		case "output": return output.output(data);
		case "run": return output.ran(data);
		case "test": return output.tested(data);
		case "notice": return alertLine("notice", data.text);
		case "reset": return this.askSession();
		case "gone": return this.gone();
		default: return undefined;
		}
	}

	state({ status, deadline, now }) {
		if (deadline)
			this.timer.set(deadline, now);
		if (status && status !== "active")
			this.gone();
		else if (find("ended").open && this.timer.left > 0) {
			find("ended").close();
			location.reload();
		}
	}

	askSession() {
		return call("GET", "session").then(session => this.sessionTold(session), () => {});
	}

	sessionTold(session) {
		this.state(session);
		if (!session.workspace?.files)
			return;
		const before = this.files.all;
		if (!this.files.load(session.workspace)) {
			this.askSession();
			return;
		}
		const { busy } = this.files;
		for (const path of before.keys())
			if (!this.files.all.has(path) && this.journal.clean(path) &&
				!(busy && (path === busy || path.startsWith(`${busy}/`))))
				this.closeTab(path);
		for (const { path, rev } of session.workspace.files)
			if (this.editor.has(path))
				this.changedElsewhere(path, rev);
			else
				this.journal.revs.set(path, rev);
	}

	async changedElsewhere(path, rev) {
		if (await this.reload(path, rev))
			alertLine("changed", `${path} was changed elsewhere, and is loaded again.`);
	}

	async fileTold({ path, rev, client, to }) {
		if (to) {
			for (const [, at] of this.files.move(path, to))
				this.files.all.get(at).rev = rev;
			this.moved(path, to);
			return;
		}
		if (rev === null) {
			this.files.drop(path);
			if (this.journal.clean(path))
				this.closeTab(path);
			return;
		}
		if (client === this.client)
			return;
		this.files.put(path, rev);
		if (!this.editor.has(path))
			this.journal.revs.set(path, rev);
		else
			await this.changedElsewhere(path, rev);
	}

	/* --- terminal */

	toggleTerminal() {
		if (panelTab() === "terminal" && find("terminal").contains(document.activeElement)) {
			this.leaveTerminal();
			return;
		}
		showPanel("terminal");
		this.terminal.open().then(() => this.terminal.focus());
	}

	leaveTerminal() {
		if (!this.toEditor())
			find("tab-terminal").focus();
	}

	/* False when no file is open. */
	toEditor() {
		if (!this.editor.path)
			return false;
		showPane("code");
		this.editor.focus();
		return true;
	}

	/* --- assistant */

	toggleAssistant() {
		if (find("chat").contains(document.activeElement) && this.toEditor())
			return;
		showAssistant(true);
		showPane("chat");
		find("question").focus();
	}

	/* --- the end */

	async submit() {
		const dialog = find("submit-dialog"), problem = find("submit-problem");
		problem.textContent = "";
		find("submit-left").textContent = durationText(this.timer.left);
		find("submit-facts").textContent = this.journal.pending ?
			"Your last changes are being saved, and are handed in, too." : "All your changes are saved.";
		while (await askDialog(dialog) === "yes") {
			try {
				await this.settle();
				await call("POST", "submit", { json: {} });
				this.gone();
				return;
			} catch (error) {
				if (error instanceof Refused && error.status === 409)
					return this.gone();
				problem.textContent = error.message;
			}
		}
	}

	/* Time is up: the server hands in by itself; the page waits until it says so. */
	async over() {
		this.journal.flush();
		this.editor.lock();
		document.querySelectorAll("dialog[open]").forEach(dialog => dialog.close());
		find("ended").showModal();
		while (this.timer.left <= 0) {
			try {
				const session = await call("GET", "session");
				this.state(session);
				if (session.status !== "active")
					return;
			} catch (error) {
				if (error.status === 401 || error.status === 404)
					return this.gone();
				find("ended-text").textContent = "The server cannot be reached. It hands in what was saved by itself; this page shows the receipt when the connection is back.";
			}
			await new Promise(resolve => setTimeout(resolve, 1000));
		}
	}

	/* The session is in another state: the page that belongs to it is at the same address. */
	gone() {
		if (this.leaving)
			return;
		this.leaving = true;
		this.stream?.close();
		this.terminal.close();
		location.reload();
	}
}

const workspace = new Workspace(pageSession());
workspace.start();

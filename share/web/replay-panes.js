/* replay-panes.js - what is seen: files, terminal, conversation, results, events */

/* A long list of rows of one height, of which only those in sight exist. */
class LongList {
	constructor(box, renderRow) {
		this.box = box;
		this.renderRow = renderRow;
		this.count = 0;
		this.space = make("div", "space");
		this.rows = make("div", "rows");
		this.space.append(this.rows);
		box.append(this.space);
		this.height = parseFloat(getComputedStyle(box).getPropertyValue("--row"));
		box.addEventListener("scroll", () => this.render());
		new ResizeObserver(() => this.render()).observe(box);
	}

	show(count) {
		this.count = count;
		this.space.style.height = count * this.height + "px";
		this.render();
	}

	render() {
		const first = Math.max(0, Math.floor(this.box.scrollTop / this.height) - 3);
		const last = Math.min(this.count,
			first + Math.ceil(this.box.clientHeight / this.height) + 7);
		const rows = [];
		for (let i = first; i < last; i++)
			rows.push(this.renderRow(i));
		this.rows.style.transform = `translateY(${first * this.height}px)`;
		this.rows.replaceChildren(...rows);
		this.rendered?.();
	}

	/* Scrolls as little as needed. */
	reveal(i) {
		const top = i * this.height, height = this.box.clientHeight;
		if (top < this.box.scrollTop + this.height)
			this.box.scrollTop = top - height / 3;
		else if (top + 2 * this.height > this.box.scrollTop + height)
			this.box.scrollTop = top - height * 2 / 3;
	}
}

/* --- files */

const LINE_MOST = 2000;	/* characters of a line that are shown */
const TREE_MOST = 2000;	/* files that are listed */

class FilesPane {
	constructor(session) {
		this.session = session;
		this.path = -1;
		this.list = new LongList(find("code"), i => this.row(i));
		this.buttons = new Map();
		find("follow").addEventListener("change", () => this.update());
		find("diff").addEventListener("change", () => this.update());
	}

	update() {
		const session = this.session;
		if ((find("follow").checked && session.shown >= 0) || !session.files.has(this.path))
			this.path = session.shown >= 0 ? session.shown :
				session.files.keys().next().value ?? -1;
		const file = this.file = session.files.get(this.path);
		const change = session.change;
		this.change = change && change.path === this.path ? change : null;
		find("path").textContent = file ? visible(session.paths[this.path]) : "No file";
		find("origin").textContent = this.change ? ORIGINS[this.change.origin] : "";
		find("origin").dataset.origin = this.change ? this.change.origin : "";
		this.lines = this.fileLines(file);
		this.list.show(this.lines.length);
		this.updateTree();
		this.revealChange();
	}

	/* Rows [sign, number, text]; sign "!" is a remark. */
	fileLines(file) {
		if (!file)
			return [];
		if (file.why >= 0)
			return [["!", 0, file.why ? "Too large to be shown here." : "Not a text."]];
		if (!find("diff").checked)
			return file.lines;
		if (!this.session.base)
			return [["!", 0, "No snapshot yet."]];
		const before = this.session.base.get(this.path);
		const rows = before?.lines === file.lines ? [] :
			diffLines(before && before.why < 0 ? before.lines : [], file.lines);
		return rows.length ? rows : [["!", 0, "No changes since the snapshot."]];
	}

	revealChange() {
		if (!find("follow").checked || !this.change || this.change.to < 0)
			return;
		if (typeof this.lines[0] === "string")
			this.list.reveal(this.change.to);
		else
			this.list.reveal(this.lines.findLastIndex(
				row => row[0] === "+" && row[1] <= this.change.to + 1));
	}

	row(i) {
		const line = this.lines[i];
		const [sign, number, text] = typeof line === "string" ? ["", i + 1, line] : line;
		const row = make("div", "row");
		const changed = this.change && sign !== "-" && number > this.change.from &&
			number <= this.change.to + 1;
		row.classList.toggle("changed", Boolean(changed));
		if (sign.trim())
			row.dataset.sign = sign;
		const gutter = make("span", "number", sign === "@" ? "\u22ee" : number || "");
		const content = make("span", "text");
		row.append(gutter);
		if (sign && sign !== "!")
			row.append(make("span", "sign", sign === "-" ? "\u2212" : sign === "@" ? "" : sign));
		row.append(content);
		const cursor = this.file?.cursor;
		if (cursor && sign !== "-" && cursor[0] === number - 1 && cursor[1] <= LINE_MOST)
			content.append(visible(text.slice(0, cursor[1])), make("span", "cursor"),
				visible(text.slice(cursor[1], LINE_MOST)));
		else
			content.textContent = visible(text.slice(0, LINE_MOST));
		if (text.length > LINE_MOST)
			content.append(make("em", "", ` \u2026 ${text.length - LINE_MOST} more`));
		return row;
	}

	updateTree() {
		const { session } = this;
		if (this.listed !== session.listed)
			this.makeTree();
		for (const [path, button] of this.buttons) {
			const base = session.base?.get(path);
			const state = !session.base || base?.lines === session.files.get(path)?.lines ? "" :
				base ? "changed" : "new";
			if (button.dataset.state !== state) {
				button.dataset.state = state;
				button.title = state ? state + " since the snapshot" : "";
			}
			if (path === this.path)
				button.setAttribute("aria-current", "true");
			else
				button.removeAttribute("aria-current");
		}
	}

	makeTree() {
		const { session } = this;
		const names = [...session.files.keys()].map(path => [session.paths[path], path])
			.sort((a, b) => a[0] < b[0] ? -1 : 1);
		const items = [];
		let folder = "";
		this.listed = session.listed;
		this.buttons.clear();
		for (const [name, path] of names.slice(0, TREE_MOST)) {
			const slash = name.lastIndexOf("/") + 1;
			if (name.slice(0, slash) !== folder) {
				folder = name.slice(0, slash);
				items.push(make("li", "folder", visible(folder)));
			}
			const item = make("li");
			const button = make("button", "", visible(name.slice(slash)));
			button.addEventListener("click", () => this.choose(path));
			this.buttons.set(path, button);
			item.append(button);
			items.push(item);
		}
		if (names.length > TREE_MOST)
			items.push(make("li", "", `\u2026 ${names.length - TREE_MOST} more`));
		const list = make("ul");
		list.append(...items);
		find("tree").replaceChildren(list);
	}

	choose(path) {
		find("follow").checked = false;
		this.path = path;
		this.list.box.scrollTop = 0;
		this.update();
	}
}

/* --- terminal */

class TerminalPane {
	constructor(session) {
		this.session = session;
		this.box = find("screen");
		this.chosen = -1;	/* by hand; -1 follows */
		this.drawn = [];	/* rows as they are in the page */
		this.cursor = make("span", "cursor");
		const select = find("terminals");
		select.append(new Option("newest", -1));
		session.terminals.forEach(([id, command], i) =>
			select.append(new Option(visible(command || id), i)));
		select.addEventListener("change", () => {
			this.chosen = Number(select.value);
			this.update();
		});
		find("which").hidden = session.terminals.length < 2;
		new ResizeObserver(() => this.fit()).observe(this.box);
	}

	update() {
		const { session } = this;
		const number = this.chosen >= 0 ? this.chosen : session.screen;
		const screen = this.shown = session.screens[number];
		const state = find("terminal-state");
		if (!screen) {
			this.box.replaceChildren(make("p", "none", "No terminal yet."));
			this.drawn = [];
			state.textContent = "";
			return;
		}
		state.textContent = screen.ended === null ? `${screen.columns} \u00d7 ${screen.rows.length}` :
			screen.ended < 0 ? "ended" : `ended with ${screen.ended}`;
		if (this.number !== number || this.drawn.length !== screen.rows.length) {
			this.number = number;
			this.drawn = screen.rows.map(() => -1);
			this.box.replaceChildren(...screen.rows.map(() => make("div", "line")), this.cursor);
			this.fit();
		}
		screen.rows.forEach((row, i) => {
			if (this.drawn[i] !== row)
				this.draw(this.box.children[i], row);
			this.drawn[i] = row;
		});
		this.cursor.hidden = screen.column < 0 || screen.ended !== null;
		this.cursor.style.left = Math.max(0, screen.column) + "ch";
		this.cursor.style.top = `calc(${screen.line} * var(--line))`;
		this.revealCursor(screen.line);
	}

	revealCursor(line) {
		const { box } = this, row = box.children[line];
		if (!row || box.scrollHeight <= box.clientHeight)
			return;
		const bottom = row.offsetTop + row.offsetHeight + 8 - box.clientHeight;
		if (box.scrollTop < bottom)
			box.scrollTop = bottom;
		else if (box.scrollTop > row.offsetTop - 8)
			box.scrollTop = row.offsetTop - 8;
	}

	draw(line, number) {
		const row = this.session.rows[number];
		if (typeof row === "string") {
			line.textContent = visible(row);
			return;
		}
		const runs = [];
		for (let i = 0; i < row.length; i += 2)
			runs.push(make("span", row[i + 1] ? "s" + row[i + 1] : "", visible(row[i])));
		line.replaceChildren(...runs);
	}

	/* Letters as large as the place allows, within reason. */
	fit() {
		if (!this.shown)
			return;
		const { clientWidth, clientHeight } = this.box;
		const size = Math.min((clientWidth - 16) / (this.shown.columns * 0.605),
			Math.max(11.5, (clientHeight - 16) / (this.shown.rows.length * 1.3)));
		this.box.style.fontSize = Math.min(14, Math.max(10, size)) + "px";
		this.revealCursor(this.shown.line);
	}
}

/* --- conversation and results: the newest of many */

const WINDOW = 60;

/* Shows items first to last of a list by elements that are kept while they stay. */
class Feed {
	constructor(render, changed) {
		this.render = render;
		this.count = -1;
		this.more = 0;
		this.earlier = make("button", "earlier", "Show earlier ones");
		this.earlier.addEventListener("click", () => {
			this.more += WINDOW;
			this.count = -1;
			changed();
		});
	}

	show(count) {
		if (count === this.count)
			return false;
		const first = Math.max(0, count - WINDOW - this.more);
		const kept = this.count >= 0 && this.first === first ? Math.min(this.count, count) : first;
		if (kept === first)
			this.items = [];
		this.items.length = kept - first;
		for (let i = kept; i < count; i++)
			this.items.push(this.render(i));
		this.first = first;
		this.count = count;
		return true;
	}
}

class TalkPane {
	constructor(session) {
		this.session = session;
		this.box = find("messages");
		this.feed = new Feed(i => this.message(session.messages[i]), () => this.update(this.time));
	}

	update(time) {
		const feed = this.feed;
		this.time = time;
		if (!feed.show(countUpTo(this.session.messageTimes, time)))
			return;
		this.box.replaceChildren(...(feed.first ? [feed.earlier] : []), ...feed.items);
		if (!feed.count)
			this.box.append(make("p", "none", "Nothing was said yet."));
		this.box.scrollTop = this.box.scrollHeight;
	}

	message([time, conversation, role, name, text, ...more]) {
		const { session } = this;
		const element = make("article", ["prompt", "response", "tool"][role]);
		const head = make("h2", "", role === 0 ? "Candidate" :
			role === 1 ? visible(name) || "Assistant" : "Tool " + visible(name));
		head.append(make("time", "", clock(time)));
		if (role === 0 && name)
			head.append(make("small", "", "to " + visible(name)));
		element.append(head);
		if (role === 2) {
			this.fold(element, "Arguments", text, false);
			this.fold(element, more[1] === 0 ? "Result: failed" : "Result", more[0], false);
			return element;
		}
		if (role === 1)
			this.fold(element, "Reasoning", more[0], false);
		element.append(...blocks(text));
		if (more[2] >= 0)
			head.append(make("small", "", `${more[1]} + ${more[2]} tokens`));
		if (session.names[conversation])
			element.dataset.conversation = session.names[conversation];
		return element;
	}

	fold(element, title, text, open) {
		if (!text)
			return;
		const details = make("details");
		details.open = open;
		details.append(make("summary", "", title), output(text));
		element.append(details);
	}
}

/* Text with its ``` blocks set apart. */
function blocks(text) {
	return text.split(/^```.*$/m).map((part, i) => [part, i % 2])
		.filter(([part]) => part.trim())
		.map(([part, code]) => make(code ? "pre" : "p", "said", visible(part.replace(/^\n|\n$/g, ""))));
}

class ResultsPane {
	constructor(session) {
		this.session = session;
		this.box = find("outcomes");
		this.feed = new Feed(i => this.result(session.results[i]), () => this.update(this.time));
	}

	update(time) {
		const feed = this.feed;
		this.time = time;
		if (!feed.show(countUpTo(this.session.resultTimes, time)))
			return;
		const items = feed.items.slice().reverse();
		items.forEach((item, i) => {
			item.open = i === 0;
		});
		this.box.replaceChildren(...items, ...(feed.first ? [feed.earlier] : []));
		if (!feed.count)
			this.box.append(make("p", "none", "Nothing was run yet."));
		this.box.scrollTop = 0;
	}

	result(row) {
		const details = make("details", "outcome");
		const summary = make("summary");
		details.append(summary);
		const good = row[1] ? row[3] === row[4] && row[4] > 0 : row[3] === "ok";
		summary.append(make("span", good ? "good" : "bad", good ? "\u2713 " : "\u2717 "),
			make("code", "", visible(row[1] ? `tests: ${row[3]} of ${row[4]} passed` : row[2])),
			make("small", good ? "good" : "bad", visible(row[1] ? row[2] : row[3])),
			make("time", "", clock(row[0])));
		if (row[1])
			details.append(this.cases(row[5]));
		else
			this.outputs(details, row);
		return details;
	}

	outputs(details, [, , , , exit, signal, out, errors, wall, where]) {
		const facts = where ? [`on the ${visible(where)}`] : [];
		if (signal > 0)
			facts.push(`signal ${signal}`);
		else if (exit >= 0)
			facts.push(`exit status ${exit}`);
		if (wall >= 0)
			facts.push(`${wall} ms`);
		details.append(make("p", "facts", facts.join(" \u00b7 ")));
		if (out)
			details.append(output(out));
		if (errors)
			details.append(make("h2", "", "Standard error"), output(errors));
		if (!out && !errors)
			details.append(make("p", "none", "It printed nothing."));
	}

	cases(list) {
		const table = make("table"), body = make("tbody"), head = make("tr");
		for (const name of ["Case", "Verdict"]) {
			const cell = make("th", "", name);
			cell.scope = "col";
			head.append(cell);
		}
		for (const [name, verdict] of list) {
			const good = verdict === "passed" || verdict === "ok", line = make("tr");
			line.append(make("td", "", visible(name)),
				make("td", good ? "good" : "bad", (good ? "\u2713 " : "\u2717 ") + visible(verdict)));
			body.append(line);
		}
		table.append(make("thead"), body);
		table.tHead.append(head);
		return table;
	}
}

/* --- events */

/* What a kind looks like in the list and on the line: a letter and a colour (replay.css). */
const KINDS = {
	run: ["\u25b8", "run"], test: ["T", "run"], score: ["\u2605", "run"],
	ai_prompt: ["?", "talk"], ai_response: ["!", "talk"], ai_tool: ["\u2692", "talk"],
	model: ["m", "talk"], note: ["\u270e", "note"], interviewer: ["\u270e", "note"],
	estimate: ["~", "note"], paste: ["+", "paste"], snapshot: ["\u25cf", "snapshot"],
	submit: ["\u2691", "snapshot"], focus: ["\u25cb", "focus"],
};
/* In one line. */
function eventText([, , , label, , , words]) {
	const text = words && !label.includes(words) ? `${label}: ${words}` : label;
	return visible(text.replace(/\s+/g, " "));
}

const kindLook = kind => KINDS[kind] ?? ["\u00b7", "other"];

class EventsPane {
	constructor(session, jump) {
		this.session = session;
		this.jump = jump;
		this.box = find("list");
		this.off = new Set();	/* numbers of kinds that are not shown */
		this.makeKinds();
		this.list = new LongList(this.box, i => this.row(i));
		this.list.rendered = () => this.point();
		this.filter();
		this.box.addEventListener("keydown", event => this.key(event));
		this.box.addEventListener("click", event => {
			const row = event.target.closest("[data-i]");
			if (row)
				this.choose(Number(row.dataset.i));
		});
	}

	makeKinds() {
		const counts = new Map();
		for (const event of this.session.events)
			counts.set(event[1], (counts.get(event[1]) ?? 0) + 1);
		for (const [kind, count] of counts) {
			const name = this.session.names[kind], label = make("label");
			const box = make("input");
			box.type = "checkbox";
			box.checked = name !== "focus";
			if (!box.checked)
				this.off.add(kind);
			box.addEventListener("change", () => {
				this.off[box.checked ? "delete" : "add"](kind);
				this.filter();
			});
			label.append(box, ` ${name.replaceAll("_", " ")} `, make("small", "", count));
			label.dataset.look = kindLook(name)[1];
			find("kinds").append(label);
		}
	}

	filter() {
		this.events = this.session.events.filter(event => !this.off.has(event[1]));
		this.times = this.events.map(event => event[0]);
		this.current = -2;
		this.list.show(this.events.length);
		this.update(this.time ?? 0);
		this.changed?.();
	}

	update(time) {
		const current = countUpTo(this.times, time) - 1;
		this.time = time;
		if (current === this.current)
			return;
		this.current = current;
		if (current >= 0 && this.box.clientHeight)
			this.list.reveal(current);
		this.list.render();
	}

	/* When it comes in sight. */
	reveal() {
		if (this.current >= 0)
			this.list.reveal(this.current);
		this.list.render();
	}

	select(i) {
		this.current = i;
		this.list.reveal(i);
		this.list.render();
	}

	/* Tells a screen reader which one it is, as long as it is in sight. */
	point() {
		const id = "event-" + this.current;
		if (find(id))
			this.box.setAttribute("aria-activedescendant", id);
		else
			this.box.removeAttribute("aria-activedescendant");
	}

	row(i) {
		const [time, kind, actor, , seq, late, words] = this.events[i];
		const name = this.session.names[kind], [sign, look] = kindLook(name);
		const row = make("div", "row event");
		row.id = "event-" + i;
		row.dataset.i = i;
		row.dataset.look = look;
		row.role = "option";
		row.ariaSelected = i === this.current;
		row.title = visible(`event ${seq}, ${name}, by ${this.session.names[actor]}` +
			(words ? ":\n" + words : ""));
		row.append(make("time", "", clock(late ?? time)), make("span", "kind", sign),
			make("span", "text", eventText(this.events[i])));
		return row;
	}

	choose(i) {
		if (i >= 0 && i < this.events.length)
			this.jump(this.events[i][0], i);
	}

	key(event) {
		const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10, Home: -Infinity,
			End: Infinity }[event.key];
		if (step === undefined || event.ctrlKey || event.altKey || event.metaKey)
			return;
		event.preventDefault();
		this.choose(Math.max(0, Math.min(this.events.length - 1, this.current + step)));
	}
}

/* replay-state.js - the session's data, and its state after any number of steps
 *
 * Steps are described in src/replay/page_steps.h. The lines of a text are an array of strings.
 * Keyframes are made while steps are taken: they share all lines with the state, and a file is copied
 * when it is next changed, so a keyframe costs little and any step is near one. */

const EDIT = 0, FILE = 1, GONE = 2, MOVE = 3, OPEN = 4, CURSOR = 5, SNAPSHOT = 6, TERMINAL = 7,
	FRAME = 8, TERMINAL_END = 9;
const ORIGINS = ["starter", "typed", "pasted", "by the assistant", "saved from outside"];
const KEYFRAME_STEPS = 1000;

function readData(name) {
	const element = document.getElementById("data-" + name);
	const value = JSON.parse(element.textContent);
	element.remove();
	return value;
}

/* How many of the sorted numbers are at most `limit`. */
function countUpTo(numbers, limit) {
	let low = 0, high = numbers.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (numbers[middle] <= limit)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

class Session {
	constructor() {
		this.facts = readData("facts");
		this.paths = readData("paths");
		this.terminals = readData("terminals");
		this.rows = readData("rows");
		this.names = readData("names");
		this.events = readData("events");
		this.messages = readData("messages");
		this.results = readData("results");
		this.steps = readData("steps");
		this.times = new Float64Array(this.steps.length);
		let time = 0;
		for (let i = 0; i < this.steps.length; i++)
			this.times[i] = time += this.steps[i][0];
		this.eventTimes = this.events.map(event => event[0]);
		this.messageTimes = this.messages.map(message => message[0]);
		this.resultTimes = this.results.map(result => result[0]);
		this.duration = this.facts.duration;
		this.gaps = this.findGaps(3000);
		this.reset();
		this.keyframes = [this.keyframe()];
	}

	/* Stretches [from, to] of at least so many milliseconds in which nothing happens. */
	findGaps(least) {
		const gaps = [];
		let before = 0, step = 0, event = 0;
		while (before < this.duration) {
			const next = Math.min(this.times[step] ?? Infinity,
				this.eventTimes[event] ?? Infinity, this.duration);
			if (next - before > least)
				gaps.push([before, next]);
			while (this.times[step] <= next)
				step++;
			while (this.eventTimes[event] <= next)
				event++;
			before = next;
		}
		return gaps;
	}

	/* --- state */

	reset() {
		this.position = 0;	/* steps taken */
		this.files = new Map();	/* by number of path */
		this.base = null;	/* files at the last snapshot */
		this.open = [];
		this.shown = -1;	/* path looked at */
		this.change = null;	/* the last one: {path, from, to, origin}, lines */
		this.screens = [];	/* by number of terminal */
		this.screen = -1;	/* the one that changed last */
		this.share = {};	/* files with another mark are shared: copy before a change */
		this.listed = {};	/* another one whenever files come or go */
	}

	keyframe() {
		this.share = {};
		return {
			position: this.position, files: new Map(this.files), base: this.base,
			open: this.open.slice(), shown: this.shown, change: this.change,
			screens: this.screens.map(screen => ({ ...screen, rows: screen.rows.slice() })),
			screen: this.screen,
		};
	}

	restore(keyframe) {
		Object.assign(this, keyframe);
		this.files = new Map(keyframe.files);
		this.open = keyframe.open.slice();
		this.screens = keyframe.screens.map(
			screen => ({ ...screen, rows: screen.rows.slice() }));
		this.share = {};
		this.listed = {};
	}

	/* To the state after the first `count` steps. */
	goTo(count) {
		let nearest = this.keyframes.length - 1;
		while (this.keyframes[nearest].position > count)
			nearest--;
		if (count < this.position || this.keyframes[nearest].position > this.position)
			this.restore(this.keyframes[nearest]);
		while (this.position < count) {
			this.take(this.steps[this.position++]);
			const last = this.keyframes[this.keyframes.length - 1];
			if (this.position - last.position >= KEYFRAME_STEPS + this.files.size)
				this.keyframes.push(this.keyframe());
		}
	}

	/* --- steps */

	take(step) {
		switch (step[1]) {
		case EDIT: this.edit(step); break;
		case FILE: this.file(step); break;
		case GONE: this.gone(step[2]); break;
		case MOVE: this.move(step[2], step[3]); break;
		case OPEN: this.openFile(step[2], step[3]); break;
		case CURSOR: this.cursor(step); break;
		case SNAPSHOT:
			this.base = new Map(this.files);
			this.share = {};
			break;
		case TERMINAL:
			this.screens[step[2]] = { columns: step[3], rows: new Array(step[4]).fill(0),
				line: 0, column: 0, ended: null };
			this.screen = step[2];
			break;
		case FRAME: this.frame(step); break;
		case TERMINAL_END:
			if (this.screens[step[2]])
				this.screens[step[2]].ended = step[3];
			break;
		}
	}

	/* The file, to be changed. */
	own(path) {
		let file = this.files.get(path);
		if (file && file.share !== this.share) {
			file = { ...file, lines: file.lines.slice(), share: this.share };
			this.files.set(path, file);
		}
		return file;
	}

	edit([, , path, line, column, text, origin = 1, endLine = line, endColumn = column]) {
		const file = this.own(path);
		const lines = file.lines, added = text.split("\n");
		const after = lines[endLine].slice(endColumn);
		added[0] = lines[line].slice(0, column) + added[0];
		const last = added.length - 1;
		const cursor = [line + last, added[last].length];
		added[last] += after;
		if (endLine === line && last === 0)
			lines[line] = added[0];
		else
			splice(lines, line, endLine - line + 1, added);
		file.cursor = cursor;
		this.shown = path;
		this.change = { path, from: line, to: line + last, origin };
	}

	file([, , path, text, executable]) {
		const known = typeof text === "string";
		this.files.set(path, { lines: known ? text.split("\n") : [], why: known ? -1 : text,
			executable, cursor: null, share: this.share });
		this.listed = {};
		if (this.base)
			this.change = { path, from: 0, to: -1, origin: 4 };
	}

	gone(path) {
		this.files.delete(path);
		this.open = this.open.filter(other => other !== path);
		if (this.shown === path)
			this.shown = this.open.length ? this.open[this.open.length - 1] : -1;
		this.listed = {};
	}

	move(path, to) {
		const file = this.files.get(path);
		this.files.delete(path);
		this.files.set(to, file);
		this.open = this.open.map(other => other === path ? to : other);
		if (this.shown === path)
			this.shown = to;
		this.listed = {};
	}

	openFile(path, action) {
		this.open = this.open.filter(other => other !== path);
		if (action === 2) {
			if (this.shown === path && this.open.length)
				this.shown = this.open[this.open.length - 1];
			return;
		}
		this.open.push(path);
		this.shown = path;
	}

	cursor([, , path, line, column]) {
		const file = this.own(path);
		if (file)
			file.cursor = [line, column];
		this.shown = path;
	}

	frame(step) {
		const screen = this.screens[step[2]];
		screen.line = step[3];
		screen.column = step[4];
		for (let i = 5; i < step.length; i += 2)
			screen.rows[step[i]] = step[i + 1];
		this.screen = step[2];
	}

	textOf(path) {
		return this.files.get(path)?.lines.join("\n");
	}
}

/* Array.prototype.splice takes only so many arguments. */
function splice(array, at, gone, more) {
	if (more.length < 10000) {
		array.splice(at, gone, ...more);
		return;
	}
	const rest = array.slice(at + gone);
	array.length = at;
	for (const item of more)
		array.push(item);
	for (const item of rest)
		array.push(item);
}

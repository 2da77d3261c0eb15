/* journal.js - what happens in the page, on its way to the server's journal
 *
 * Events are numbered from 1 for each client, that is for each time the page is loaded. They are kept
 * in the outbox (outbox.js) before they are sent, and until the server says that they are on disk; it
 * passes over numbers that it has. A batch whose answer is lost is sent again as it was, so that what
 * its edits begin from is as true as before.
 *
 * For each file with edits that are not acknowledged, `bases` holds its bytes as the server has them:
 * with the edits of the queue they give the text of the page, after a reload too. When another
 * client was faster (409), what is on the server is replaced by that text: the last save wins.
 *
 * Nothing here knows of the browser: time, network and outbox are handed in by `env`:
 *	now()			milliseconds since the epoch
 *	later(ms, function)	gives a function that calls it off
 *	send(batch)		a promise of {status, body, retry_ms}; rejects when there is no answer
 *	load(path)		a promise of {rev, bytes}, null when there is no such file
 *	create(path)		a promise of {rev}
 *	outbox			outbox.js
 *	told(what, detail)	"state"; "conflict", path; "failed" or "ended", message */
import { byteLength, difference, encode, pieces, sha256, splice } from "./bytes.js";

export const LIMITS = {
	burst: 200,		/* ms of edits in one event */
	flush: 2000,		/* ms that an event waits at most */
	events: 50,		/* in a batch */
	bytes: 900000,		/* of a batch */
	inline: 4096,		/* bytes of a text inside an event; longer ones are payloads */
	piece: 131072,		/* bytes of a payload */
	event: 16384,		/* bytes of edits in one event, about */
	backoff: [1000, 2000, 4000, 8000, 16000],
};

export class Journal {
	constructor(client, env) {
		this.client = client;
		this.env = env;
		this.next = 1;		/* number of the next event */
		this.queue = [];	/* not acknowledged, oldest first */
		this.flight = 0;	/* how many of them are in the batch that awaits its answer */
		this.open = null;	/* the edit event that still grows */
		this.revs = new Map();	/* path: state on the server */
		this.bases = new Map();	/* path: {rev, bytes}; see above */
		this.busy = false;
		this.tries = 0;
		this.end = null;	/* why nothing is sent any more */
		this.waiting = [];
	}

	/* --- in */

	/* Edits one after the other, {at, del, ins, origin, exchange} in bytes; `before` gives the text that
	 * the first one begins from. */
	edit(file, edits, before) {
		if (this.end)
			return;
		if (!this.bases.has(file)) {
			const base = { rev: this.revs.get(file), bytes: encode(before()) };
			this.bases.set(file, base);
			this.env.outbox.base(this.client, file, base);
		}
		for (const { at, del, ins, ...source } of edits) {
			const [first = "", ...more] = pieces(ins, LIMITS.piece);
			let to = at + byteLength(first);
			this.grow(file, { at, del, ins: first, ...source });
			for (const piece of more) {
				this.grow(file, { at: to, del: 0, ins: piece, ...source });
				to += byteLength(piece);
			}
		}
		this.changed();
	}

	grow(file, { at, del, ins, origin, exchange }) {
		const size = byteLength(ins), now = this.env.now();
		if (this.open && (this.open.size + size > LIMITS.event || this.open.data.edits.length > 99))
			this.seal();
		if (!this.open) {
			this.open = { time: now, kind: "edit", data: { edits: [] }, payloads: {}, size: 0 };
			this.unseal = this.env.later(LIMITS.burst, () => this.seal());
			this.soon();
		}
		const edit = { ms: Math.max(0, now - this.open.time), file, at, del, ins };
		if (size > LIMITS.inline) {
			edit.ins = { blob: sha256(encode(ins)), size };
			this.open.payloads[edit.ins.blob] = ins;
		}
		if (origin && origin !== "typed")
			edit.origin = origin;
		if (exchange)
			edit.exchange = exchange;
		this.open.data.edits.push(edit);
		this.open.size += Math.min(size, LIMITS.inline) + 100;
	}

	/* Any other event. */
	add(kind, data) {
		if (this.end)
			return;
		this.seal();
		this.push({ time: this.env.now(), kind, data, payloads: {} });
		this.changed();
	}

	/* Ends the event that grows; from now on it is in the outbox. */
	seal() {
		const event = this.open;
		if (!event)
			return;
		this.open = null;
		this.unseal();
		this.push(event);
	}

	push({ time, kind, data, payloads }) {
		const event = { seq: this.next++, time, kind, data, payloads };
		event.size = byteLength(JSON.stringify(event));
		this.queue.push(event);
		this.env.outbox.put(this.client, event);
		if (this.queue.length - this.flight >= LIMITS.events)
			this.flush();
		else
			this.soon();
	}

	soon() {
		this.timer ??= this.env.later(LIMITS.flush, () => this.flush());
	}

	/* --- state */

	get pending() {
		return this.queue.length + (this.open ? 1 : 0);
	}

	/* "saved", "saving", "offline", "failed" or "ended" */
	get state() {
		if (this.end)
			return this.end;
		if (!this.pending)
			return "saved";
		return this.tries ? "offline" : "saving";
	}

	/* Whether all edits of the file are acknowledged. */
	clean(file) {
		return !this.bases.has(file);
	}

	/* Resolves when all that is there now is on the server's disk; rejects when it will not be. */
	saved() {
		return new Promise((resolve, reject) => {
			this.waiting.push({ resolve, reject });
			this.retryNow();
			this.changed();
		});
	}

	changed() {
		if (this.end)
			this.waiting.splice(0).forEach(({ reject }) => reject(new Error(this.why)));
		else if (!this.pending)
			this.waiting.splice(0).forEach(({ resolve }) => resolve());
		this.env.told("state");
	}

	/* The text of a file with edits, by its base. */
	textOf(file) {
		let { bytes } = this.bases.get(file);
		for (const event of this.queue)
			bytes = applied(bytes, file, event);
		return bytes;
	}

	/* --- out */

	/* Sends what there is without waiting for more. */
	flush() {
		this.timer?.();
		this.timer = null;
		this.seal();
		if (!this.busy && !this.wait && !this.end && this.queue.length)
			this.sending = this.send();
	}

	/* The network may be back. */
	retryNow() {
		if (this.wait && !this.limited) {
			this.wait();
			this.wait = null;
		}
		this.flush();
	}

	/* A batch goes as it went before, when it did. */
	batch() {
		let bytes = 0;
		if (!this.flight)
			for (const event of this.queue) {
				bytes += event.size + 2;
				if (this.flight && (bytes > LIMITS.bytes || this.flight === LIMITS.events))
					break;
				this.flight++;
			}
		const events = this.queue.slice(0, this.flight), base = {};
		for (const file of filesOf(events)) {
			const rev = this.bases.get(file)?.rev;
			if (Number.isInteger(rev))
				base[file] = rev;
		}
		const payloads = Object.values(Object.assign({}, ...events.map(event => event.payloads)));
		return {
			schema: "tali.batch/1", client: this.client, sent: this.env.now(),
			events: events.map(({ seq, time, kind, data }) => ({ seq, time, kind, data })),
			...payloads.length && { payloads }, base,
		};
	}

	async send() {
		this.busy = true;
		try {
			const batch = this.batch();
			await this.env.outbox.flight(this.client, batch.events.at(-1).seq);
			await this.answered(await this.env.send(batch));
		} catch {
			this.again();
		}
		this.busy = false;
		this.changed();
		if (!this.wait && !this.end && this.queue.length &&
			(this.waiting.length || this.queue.length >= LIMITS.events || !this.timer))
			this.flush();
	}

	async answered({ status, body, retry_ms: retry }) {
		if (status === 429 || status >= 500 || status === 408) {
			if (body?.acknowledged !== undefined)
				for (const file of this.taken(body))
					await this.compare(file);
			return this.again(body?.retry_ms || retry, status === 429);
		}
		if (status === 200 || status === 409 && body?.conflicts) {
			this.tries = 0;
			for (const file of this.taken(body))
				await this.compare(file);
			for (const { path } of body.conflicts ?? [])
				await this.overwrite(path);
			if (body.retry_ms)
				this.again(body.retry_ms, true);
			return undefined;
		}
		return this.stop([401, 403, 404, 409, 410].includes(status) ? "ended" : "failed",
			body?.error?.message ?? `the server answered ${status}`);
	}

	again(ms, limited = false) {
		const { backoff } = LIMITS;
		this.limited = limited;
		if (!limited)
			this.tries++;
		ms ??= backoff[Math.min(this.tries, backoff.length) - 1] ?? backoff[0];
		this.wait?.();
		this.wait = this.env.later(ms, () => {
			this.wait = null;
			this.flush();
		});
		this.changed();
	}

	stop(end, why) {
		this.end = end;
		this.why = why;
		this.timer?.();
		this.changed();
		this.env.told(end, why);
	}

	/* All up to `acknowledged` is on disk. Gives the files of which that does not tell what they are
	 * now: a batch that had been stored before says nothing of what others did since. */
	taken({ acknowledged, revs = {}, gap, duplicates }) {
		const done = this.queue.filter(event => event.seq <= acknowledged);
		this.queue = this.queue.slice(done.length);
		this.flight = 0;
		const left = filesOf(this.open ? [...this.queue, this.open] : this.queue), unsure = [];
		for (const file of filesOf(done)) {
			const base = this.bases.get(file);
			if (!base)
				continue;
			if (Number.isInteger(revs[file]))
				base.rev = revs[file];
			this.revs.set(file, base.rev);
			if (duplicates)
				unsure.push(file);
			if (duplicates || left.has(file)) {
				for (const event of done)
					base.bytes = applied(base.bytes, file, event);
				this.env.outbox.base(this.client, file, base);
			} else {
				this.bases.delete(file);
			}
		}
		this.env.outbox.taken(this.client, acknowledged, [...this.bases.keys()]);
		if (gap && this.queue.length && this.queue[0].seq > acknowledged + 1)
			this.rename();
		return unsure;
	}

	/* What others made of a file after our last edit is the newer text, unless there are edits since. */
	async compare(file) {
		const theirs = await this.env.load(file), base = this.bases.get(file);
		if (!base)
			return;
		this.seal();
		const pending = filesOf(this.queue).has(file);
		const same = theirs && !difference(theirs.bytes, base.bytes);
		if (!same && pending) {
			await this.overwrite(file);
			return;
		}
		base.rev = theirs?.rev;
		if (same)
			this.revs.set(file, theirs.rev);
		else
			this.revs.delete(file);		/* the page has another text */
		if (pending)
			return;
		this.bases.delete(file);
		if (!same)
			this.env.told("changed", file);
	}

	/* The server misses events that are nowhere any more: what is left comes from a new client. */
	rename() {
		this.env.outbox.remove(this.client);
		this.client = `${this.client.slice(0, 50)}.${this.env.now().toString(36)}`;
		this.renumber(0);
	}

	renumber(from) {
		this.next = from + 1;
		for (const event of this.queue)
			event.seq = this.next++;
		this.env.outbox.rewrite(this.client, this.queue, this.bases);
	}

	/* The server's text becomes that of the page by one edit. */
	async overwrite(file) {
		const theirs = await this.env.load(file) ??
			{ ...await this.env.create(file), bytes: new Uint8Array(0) };
		this.seal();
		this.revs.set(file, theirs.rev);
		if (!this.bases.has(file))
			return;
		const from = this.next - 1 - this.queue.length, mine = this.textOf(file);
		for (const event of this.queue)
			if (event.kind === "edit")
				without(event, file);
		this.queue = this.queue.filter(event => event.kind !== "edit" || event.data.edits.length);
		this.flight = 0;
		this.bases.delete(file);
		this.renumber(from);
		const edit = difference(theirs.bytes, mine);
		if (edit) {
			this.bases.set(file, theirs);
			this.env.outbox.base(this.client, file, theirs);
			this.edit(file, [{ ...edit, origin: "saved" }]);
			this.seal();
		}
		this.env.told("conflict", file);
	}

	/* --- after a reload */

	/* Sends what an earlier page left: {client, events, bases: [{path, rev, bytes}], flight}. */
	static async recover(left, env) {
		const journal = new Journal(left.client, env);
		journal.queue = left.events;
		journal.next = (left.events.at(-1)?.seq ?? 0) + 1;
		journal.flight = left.events.filter(event => event.seq <= left.flight).length;
		for (const { path, rev, bytes } of left.bases) {
			journal.bases.set(path, { rev, bytes });
			journal.revs.set(path, rev);
		}
		await journal.saved();
		await env.outbox.remove(journal.client);
		return journal;
	}

	/* All that is left, for the moment in which the page goes away. */
	tail() {
		this.seal();
		return { client: this.client, events: this.queue,
			bases: [...this.bases].map(([path, { rev, bytes }]) => ({ path, rev, bytes })) };
	}
}

function filesOf(events) {
	return new Set(events.flatMap(event => event.kind === "edit" ?
		event.data.edits.map(edit => edit.file) : []));
}

/* Takes the edits of a file out of an event, and the payloads that only they have. */
function without(event, file) {
	const edits = event.data.edits.filter(edit => edit.file !== file);
	const used = new Set(edits.map(edit => edit.ins.blob));
	event.data = { edits };
	event.payloads = Object.fromEntries(
		Object.entries(event.payloads).filter(([blob]) => used.has(blob)));
	event.size = byteLength(JSON.stringify(event));
}

function applied(bytes, file, event) {
	if (event.kind !== "edit")
		return bytes;
	for (const { file: path, at, del, ins } of event.data.edits) {
		if (path === file)
			bytes = splice(bytes, at, del, encode(ins.blob ? event.payloads[ins.blob] : ins));
	}
	return bytes;
}

/* fake-files.mjs - the files of a session as the server keeps them: revisions, batches, operations
 *
 * What design and tali-journal(5) promise of `POST events` and `POST files/PATH`, in memory. */
import { createHash } from "node:crypto";

const encoder = new TextEncoder(), decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const ALLOWED = { edit: 1, cursor: 1, open: 1, paste: 1, focus: 1, note: 1, estimate: 1 };

export class Files {
	constructor(now) {
		this.now = now;
		this.seq = 0;
		this.all = new Map();		/* path: {rev, bytes} */
		this.clients = new Map();	/* client: number of its last event */
		this.journal = [];		/* all that was stored */
		this.rate = Infinity;		/* events that may still be stored */
		this.changed = () => {};	/* (path, rev or null, client, to) */
	}

	set(path, bytes, client = "") {
		this.all.set(path, this.whole({ bytes }, ++this.seq));
		this.changed(path, this.seq, client);
	}

	text(path) {
		const file = this.all.get(path);
		return file && decoder.decode(file.bytes);
	}

	load(path) {
		const file = this.all.get(path);
		return file ? { rev: file.rev, bytes: file.bytes } : null;
	}

	/* {status, body} of a file operation. */
	operate(path, { op, to }, client) {
		const refuse = (status, message) => ({ status, body: { error: { code: "state", message } } });
		const there = [...this.all.keys()].some(known => known === path || known.startsWith(`${path}/`));
		if (/(^|\/)(\.git|\.\.?|)(\/|$)/.test(to ?? path) || (to ?? path).length > 200)
			return refuse(400, `'${to ?? path}' is no name for a file`);
		if (op === "create") {
			if (there)
				return refuse(409, `${path} is there already`);
			this.all.set(path, { rev: 0, bytes: new Uint8Array(0) });
			return this.stamp(path, client);
		}
		if (!there)
			return refuse(404, `there is no ${path}`);
		if (op === "delete") {
			for (const known of [...this.all.keys()])
				if (known === path || known.startsWith(`${path}/`))
					this.all.delete(known);
			this.changed(path, null, client);
			return { status: 200, body: { rev: ++this.seq } };
		}
		if (this.all.has(to))
			return refuse(409, `${to} is there already`);
		for (const [old, file] of [...this.all])
			if (old === path || old.startsWith(`${path}/`)) {
				this.all.delete(old);
				this.all.set(to + old.slice(path.length), file);
				this.whole(file, ++this.seq);
				this.changed(old, file.rev, client, to + old.slice(path.length));
			}
		return { status: 200, body: { rev: this.seq } };
	}

	/* From this revision on it is another file: no edit of before fits. */
	whole(file, rev) {
		return Object.assign(file, { rev, made: rev, changes: [] });
	}

	stamp(path, client) {
		const rev = ++this.seq, file = this.all.get(path);
		if (file)
			this.whole(file, rev);
		this.changed(path, rev, client);
		return { status: 200, body: { rev } };
	}

	/* {status, body} of a batch. */
	ingest(batch) {
		const wrong = this.wrong(batch);
		if (wrong)
			return { status: 400, body: { error: { code: "input", message: wrong } } };
		const { client, events, base = {} } = batch;
		const answer = { schema: "tali.ingest/1", acknowledged: this.clients.get(client) ?? 0, stored: 0,
			duplicates: 0, gap: null, retry_ms: 0, revs: {}, conflicts: [] };
		const fresh = events.filter(event => event.seq > answer.acknowledged);
		answer.duplicates = events.length - fresh.length;
		if (fresh.length && fresh[0].seq > answer.acknowledged + 1)
			answer.gap = { from: answer.acknowledged + 1, to: fresh[0].seq - 1 };
		else
			this.store(batch, fresh, base, answer);
		/* of all that came before a conflict, as it is now */
		const refused = answer.conflicts.length ? answer.acknowledged : Infinity;
		for (const { seq, kind, data } of events)
			if (kind === "edit" && seq <= refused)
				for (const { file: path } of data.edits)
					answer.revs[path] = this.all.get(path)?.rev ?? null;
		const status = answer.conflicts.length || answer.gap ? 409 : answer.retry_ms ? 429 : 200;
		return { status, body: answer };
	}

	store(batch, fresh, base, answer) {
		const texts = new Map((batch.payloads ?? []).map(text =>
			[createHash("sha256").update(text).digest("hex"), text]));
		for (const event of fresh) {
			if (this.rate <= 0) {
				answer.retry_ms = 500;
				break;
			}
			const edits = event.kind === "edit" ? event.data.edits : [];
			const other = edits.find(edit => !this.fits(edit.file, base[edit.file], batch));
			if (other) {
				answer.conflicts.push({ path: other.file, rev: this.all.get(other.file)?.rev ?? null });
				break;
			}
			this.rate--;
			this.seq++;
			for (const edit of edits)
				this.apply(edit, texts, batch.client, event.seq);
			this.clients.set(batch.client, event.seq);
			this.journal.push({ seq: this.seq, client: batch.client, ...event });
			for (const path of new Set(edits.map(edit => edit.file)))
				this.changed(path, this.seq, batch.client);
			answer.acknowledged = event.seq;
			answer.stored++;
		}
	}

	/* A file is what the edits begin from when all that changed it since is in this batch. */
	fits(path, rev, { client, events }) {
		const file = this.all.get(path);
		return file && (file.changes ?? []).filter(change => change.rev > rev).every(change =>
			change.client === client && change.seq >= events[0].seq) && file.made <= rev;
	}

	apply({ file: path, at, del, ins }, texts, client, seq) {
		const file = this.all.get(path), text = typeof ins === "string" ? ins : texts.get(ins.blob);
		if (text === undefined || at + del > file.bytes.length)
			throw new Error(`an edit does not fit ${path}`);
		const bytes = Buffer.concat([file.bytes.subarray(0, at), encoder.encode(text),
			file.bytes.subarray(at + del)]);
		decoder.decode(bytes);
		Object.assign(file, { rev: this.seq, bytes: new Uint8Array(bytes) });
		file.changes = [...file.changes ?? [], { rev: this.seq, client, seq }];
	}

	wrong({ schema, client, sent, events, payloads = [] }) {
		if (schema !== "tali.batch/1" || !/^[A-Za-z0-9._:-]{1,64}$/.test(client) || !Number.isInteger(sent))
			return "no batch";
		if (events.length > 256)
			return "more than 256 events";
		const blobs = new Set(payloads.map(text => createHash("sha256").update(text).digest("hex")));
		for (const [i, { seq, time, kind, data }] of events.entries()) {
			if (seq !== events[0].seq + i || !Number.isInteger(time) || !ALLOWED[kind])
				return `event ${seq}: ${kind} is not in order`;
			if (JSON.stringify(data).length > 65536)
				return `event ${seq} is too long`;
			for (const { ins } of data.edits ?? [])
				if (typeof ins !== "string" && !blobs.has(ins.blob))
					return `event ${seq}: payload ${ins.blob} is missing`;
		}
		return "";
	}
}

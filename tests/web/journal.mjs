/* journal.mjs - share/web/assets/journal.js, bytes.js and the clock, against a server of texts, with faults */
import { createHash } from "node:crypto";
import { finish, it, same } from "./tap.mjs";
import { byteLength, decode, difference, encode, pieces, sha256, splice, wellFormed }
	from "../../share/web/assets/bytes.js";
import { Journal } from "../../share/web/assets/journal.js";
import { lineBreak } from "../../share/web/assets/changes.js";
import { clockText } from "../../share/web/assets/dom.js";
import { Files } from "./fake-files.mjs";

/* --- the clock */

await it("the clock never shows more than there is, though sums of times are not exact", () => {
	for (let elapsed = 0; elapsed < 100; elapsed += 0.1) {
		const now = 1795300000000, shown = clockText(now + 1800000 - (now - elapsed) - elapsed);
		if (shown !== "30:00")
			return `${shown} after ${elapsed} ms`;
	}
});
await it("a second is shown until it is over", () => same(
	[3661000, 60001, 60000, 59999, 1, 0, -5].map(clockText),
	["1:01:01", "1:01", "1:00", "1:00", "0:01", "0:00", "0:00"]));

/* --- bytes */

let seed = 1;
const random = most => (seed = (seed * 48271) % 2147483647) % most;
const pick = list => list[random(list.length)];
const LETTERS = ["a", "b", "\n", "é", "€", "😀", "\r\n", "\t", " ", "<", "\u2028"];
const word = most => Array.from({ length: random(most) }, () => pick(LETTERS)).join("");

await it("SHA-256 is that of others", () => {
	for (let n = 0; n < 300; n++) {
		const bytes = encode("é".repeat(n) + word(9));
		if (sha256(bytes) !== createHash("sha256").update(bytes).digest("hex"))
			return `differs at ${n}`;
	}
});
await it("lengths in bytes are those of the encoder, with halves of pairs too", () => {
	for (const text of ["", "a", "é", "€", "😀", "\ud83d", "\ude00a", "a\ud83d\ud83d\ude00", word(99)])
		if (byteLength(text) !== encode(text).length)
			return JSON.stringify(text);
});
await it("half of a pair and NUL cannot get into a text", () => same(
	wellFormed("a\0b\ud83dc\ude00d😀"), "a\ufffdb\ufffdc\ufffdd😀"));
await it("bytes that are no text are none", () => same(
	[decode(new Uint8Array([0xff])), decode(new Uint8Array([0])), decode(encode("\ufeffé"))],
	[null, null, "\ufeffé"]));
await it("pieces are short, whole characters, and all of it", () => {
	for (let n = 0; n < 200; n++) {
		const text = word(80), found = pieces(text, 7);
		if (found.join("") !== text || found.some(piece => byteLength(piece) > 7 || !piece.isWellFormed?.() &&
			piece !== wellFormed(piece)))
			return JSON.stringify(found);
	}
});
await it("the difference of two texts leads from one to the other", () => {
	for (let n = 0; n < 500; n++) {
		const middle = word(5), a = encode(word(6) + middle + word(6)), b = encode(word(6) + middle + word(6));
		const edit = difference(a, b);
		const made = edit ? splice(a, edit.at, edit.del, encode(edit.ins)) : a;
		if (Buffer.compare(made, b))
			return JSON.stringify([decode(a), decode(b), edit]);
	}
});
await it("a file keeps CR LF only where all lines end so", () => same(
	["a", "a\nb", "a\r\nb\r\n", "a\r\nb\n"].map(lineBreak), ["\n", "\n", "\r\n", "\n"]));

/* --- a world: time, a server, an outbox in memory that survives its page */

class World {
	constructor() {
		this.time = 1e12;
		this.timers = new Set();
		this.files = new Files(() => this.time);
		this.kept = new Map();
		this.told = [];
		this.sent = [];
		this.fault = () => null;
	}

	env() {
		const { kept } = this;
		const of = client => {
			if (!kept.has(client))
				kept.set(client, { client, events: new Map(), bases: new Map(), flight: 0 });
			return kept.get(client);
		};
		const copy = structuredClone;
		return {
			now: () => this.time,
			later: (ms, call) => {
				const timer = { at: this.time + ms, call };
				this.timers.add(timer);
				return () => this.timers.delete(timer);
			},
			send: async batch => {
				const fault = this.fault(batch);
				if (fault === "before")
					throw new Error("no network");
				this.sent.push(copy(batch));
				const answer = fault?.status ? fault : this.files.ingest(copy(batch));
				if (fault === "after")
					throw new Error("no network");
				return answer;
			},
			load: async path => this.files.load(path),
			create: async path => this.files.operate(path, { op: "create" }, "x").body,
			outbox: {
				put: (client, event) => of(client).events.set(event.seq, copy(event)),
				base: (client, path, base) => of(client).bases.set(path, copy({ path, ...base })),
				flight: (client, seq) => { of(client).flight = seq; },
				taken: (client, seq, paths) => {
					const { events, bases } = of(client);
					[...events.keys()].filter(n => n <= seq).forEach(n => events.delete(n));
					[...bases.keys()].filter(path => !paths.includes(path)).forEach(path => bases.delete(path));
					of(client).flight = 0;
				},
				rewrite: (client, events, bases) => kept.set(client, { client, flight: 0,
					events: new Map(events.map(event => [event.seq, copy(event)])),
					bases: new Map([...bases].map(([path, base]) => [path, copy({ path, ...base })])) }),
				remove: client => kept.delete(client),
			},
			told: (what, detail) => this.told.push([what, detail]),
		};
	}

	/* What a page that was killed left. */
	left(client) {
		const left = this.kept.get(client);
		return left && structuredClone({ client, flight: left.flight,
			events: [...left.events.values()].sort((a, b) => a.seq - b.seq),
			bases: [...left.bases.values()] });
	}

	/* Time passes; what is due happens, and what that began. */
	async pass(ms) {
		const end = this.time + ms;
		for (;;) {
			for (let i = 0; i < 200; i++)
				await null;
			const due = [...this.timers].filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0];
			if (!due)
				break;
			this.timers.delete(due);
			this.time = Math.max(this.time, due.at);
			due.call();
		}
		this.time = end;
	}
}

/* A page with the texts that its candidate sees. */
class Page {
	constructor(world, client) {
		this.world = world;
		this.journal = new Journal(client, world.env());
		this.texts = new Map();
		for (const [path, file] of world.files.all) {
			this.texts.set(path, decode(file.bytes));
			this.journal.revs.set(path, file.rev);
		}
	}

	type(path, at, del, ins, origin = "typed") {
		const before = encode(this.texts.get(path));
		this.journal.edit(path, [{ at, del, ins, origin }], () => decode(before));
		this.texts.set(path, decode(splice(before, at, del, encode(ins))));
	}

	/* An edit anywhere. */
	any(path) {
		const bytes = encode(this.texts.get(path)), starts = [];
		for (let i = 0; i <= bytes.length; i++)
			if (i === bytes.length || (bytes[i] & 0xc0) !== 0x80)
				starts.push(i);
		const a = pick(starts), b = pick(starts);
		const [at, to] = random(3) ? [a, a] : [Math.min(a, b), Math.max(a, b)];
		this.type(path, at, to - at, word(4));
	}
}

function world(texts = { "a.py": "one\n", "b.py": "" }) {
	const made = new World();
	for (const [path, text] of Object.entries(texts))
		made.files.set(path, encode(text));
	return made;
}

await it("what is typed is on the server after two seconds, in one batch", async () => {
	const w = world(), page = new Page(w, "one");
	page.type("a.py", 3, 0, "é");
	await w.pass(150);
	page.type("a.py", 5, 0, "x", "paste");
	const state = page.journal.state;
	await w.pass(1849);
	const early = w.sent.length;
	await w.pass(1);
	const { events } = w.sent[0] ?? {};
	return same([state, early, w.sent.length, events?.[0].data, w.sent[0]?.base, w.files.text("a.py"),
		page.journal.state],
	["saving", 0, 1, { edits: [{ ms: 0, file: "a.py", at: 3, del: 0, ins: "é" },
		{ ms: 150, file: "a.py", at: 5, del: 0, ins: "x", origin: "paste" }] }, { "a.py": 1 }, "oneéx\n", "saved"]);
});
await it("fifty events go at once, and a batch holds no more", async () => {
	const w = world(), page = new Page(w, "one");
	for (let i = 0; i < 120; i++)
		page.journal.add("cursor", { file: "a.py", at: 0 });
	await w.pass(0);
	await w.pass(2000);
	return same(w.sent.map(batch => batch.events.length), [50, 50, 20]);
});
await it("a large text goes as payloads, in batches below a megabyte", async () => {
	const w = world(), page = new Page(w, "one"), text = "0123456789é\n".repeat(200000);
	page.type("b.py", 0, 0, text, "paste");
	page.type("b.py", 0, 0, "# ");
	await w.pass(9000);
	const longest = Math.max(...w.sent.map(batch => JSON.stringify(batch).length));
	return w.files.text("b.py") !== `# ${text}` ? `${page.journal.state} ${page.journal.why} ${w.files.text("b.py").length} of ${text.length}` :
		longest > 1048576 || w.sent.length < 3 ? `${w.sent.length} batches, longest ${longest}` : "";
});
await it("without network tries are 1, 2, 4, 8, 16, 16 seconds apart, and nothing is lost", async () => {
	const w = world(), page = new Page(w, "one"), tries = [];
	w.fault = () => { tries.push(w.time - 1e12); return "before"; };
	page.type("a.py", 0, 0, "1");
	await w.pass(60000);
	page.type("a.py", 0, 0, "2");
	const state = page.journal.state;
	w.fault = () => null;
	await w.pass(17000);
	return same([tries, state, w.files.text("a.py"), page.journal.state],
		[[2000, 3000, 5000, 9000, 17000, 33000, 49000], "offline", "21one\n", "saved"]);
});
await it("a batch whose answer is lost is sent again as it was, and counts once", async () => {
	const w = world(), page = new Page(w, "one");
	let lost = 1;
	w.fault = () => lost-- > 0 ? "after" : null;
	page.type("a.py", 0, 0, "x");
	await w.pass(2100);
	page.type("a.py", 1, 0, "y");
	await w.pass(6000);
	return same([w.files.text("a.py"), w.sent.map(batch => batch.events.map(event => event.seq)),
		w.sent.map(batch => batch.base["a.py"])], ["xyone\n", [[1], [1], [2]], [1, 1, w.sent[2]?.base["a.py"]]]);
});
await it("429 waits as long as it says, and goes on after what was taken", async () => {
	const w = world(), page = new Page(w, "one");
	w.files.rate = 3;
	for (let i = 0; i < 5; i++) {
		page.type("a.py", 0, 0, String(i));
		await w.pass(300);
	}
	await w.pass(500);
	const early = [w.sent.length, w.files.text("a.py"), page.journal.state];
	w.files.rate = Infinity;
	await w.pass(400);
	const before = w.sent.length;
	await w.pass(200);
	return same([early, before, w.files.text("a.py"), page.journal.state],
		[[1, "210one\n", "saving"], 1, "43210one\n", "saved"]);
});
await it("503 waits for what Retry-After says", async () => {
	const w = world(), page = new Page(w, "one");
	w.fault = () => w.sent.length ? null : { status: 503, retry_ms: 7000, body: {} };
	page.type("a.py", 0, 0, "1");
	await w.pass(2000 + 6999);
	const early = w.sent.length;
	await w.pass(1);
	return same([early, w.files.text("a.py")], [1, "1one\n"]);
});
await it("two pages in one file: the last one to save wins, and is told", async () => {
	const w = world(), one = new Page(w, "one"), two = new Page(w, "two");
	one.type("a.py", 0, 0, "first ");
	await w.pass(100);
	two.type("a.py", 0, 3, "two");
	two.journal.add("focus", { state: "blur" });
	two.type("b.py", 0, 0, "b");
	await w.pass(9000);
	return same([w.files.text("a.py"), w.files.text("b.py"), w.told.filter(([what]) => what === "conflict"),
		two.journal.state], ["two\n", "b", [["conflict", "a.py"]], "saved"]);
});
await it("a file that another page removed is made again from what is here", async () => {
	const w = world(), page = new Page(w, "one");
	page.type("a.py", 0, 0, "x");
	w.files.operate("a.py", { op: "delete" }, "two");
	await w.pass(9000);
	return same([w.files.text("a.py"), page.journal.state], ["xone\n", "saved"]);
});
await it("what a page that was killed left is sent by the next one, once", async () => {
	const w = world(), page = new Page(w, "one");
	w.fault = () => "after";
	page.type("a.py", 0, 0, "x");
	await w.pass(2100);
	w.fault = () => "before";
	page.type("a.py", 1, 0, "y");
	await w.pass(300);
	w.timers.clear();
	w.fault = () => null;
	const left = w.left("one");
	const done = Journal.recover(left, w.env());
	await w.pass(100);
	await done;
	return same([w.files.text("a.py"), w.kept.size], ["xyone\n", 0]);
});
await it("what was left wins over another page, and the candidate is told", async () => {
	const w = world(), page = new Page(w, "one"), two = new Page(w, "two");
	w.fault = batch => batch.client === "one" ? "before" : null;
	page.type("a.py", 0, 0, "mine ");
	await w.pass(2500);
	w.timers.clear();
	two.type("a.py", 0, 0, "theirs ");
	await w.pass(2500);
	w.fault = () => null;
	const done = Journal.recover(w.left("one"), w.env());
	await w.pass(100);
	await done;
	return same([w.files.text("a.py"), w.told.filter(([what]) => what === "conflict").length], ["mine one\n", 1]);
});
await it("when the session has ended nothing is sent any more, and who waits is told why", async () => {
	const w = world(), page = new Page(w, "one");
	w.fault = () => ({ status: 409, body: { error: { code: "state", message: "time is up" } } });
	page.type("a.py", 0, 0, "x");
	const waits = page.journal.saved().then(() => "saved", error => error.message);
	await w.pass(60000);
	return same([await waits, page.journal.state, w.sent.length], ["time is up", "ended", 1]);
});
await it("when the server has lost events, what is left comes from a new client", async () => {
	const w = world(), page = new Page(w, "one");
	page.type("a.py", 0, 0, "x");
	await w.pass(3000);
	w.files.clients.clear();
	page.type("a.py", 0, 0, "y");
	await w.pass(9000);
	return same([w.files.text("a.py"), page.journal.state, page.journal.client !== "one"],
		["yxone\n", "saved", true]);
});

await it("no edit is lost or doubled, whatever fails: 300 random sessions", async () => {
	for (let n = 0; n < 300; n++) {
		seed = n + 1;
		const w = world({ "a.py": word(20), "b.py": word(20) });
		let page = new Page(w, "page0");
		const fail = () => pick([null, null, null, "before", "after", { status: 503, body: {} }]);
		for (let step = 0; step < 40; step++) {
			w.fault = fail;
			w.files.rate = random(4) ? Infinity : random(3);
			const what = random(12);
			if (what < 8) {
				page.any(pick(["a.py", "b.py"]));
			} else if (what === 8) {
				page.journal.add("focus", { state: pick(["focus", "blur"]) });
			} else if (what === 9) {
				/* the page is killed; what was typed in the last moment is in its tail */
				const { client, texts } = page, tail = structuredClone(page.journal.tail());
				w.timers.clear();
				const left = w.left(page.journal.client) ?? { ...tail, flight: 0 };
				if (left.events.length !== tail.events.length)
					return `session ${n}: the outbox holds ${left.events.length} of ${tail.events.length}`;
				const done = Journal.recover(left, w.env());
				w.files.rate = Infinity;
				for (let i = 0; i < 40 && w.kept.size; i++) {
					w.fault = i < 5 ? fail : () => null;
					await w.pass(4000);
				}
				await done;
				for (const path of ["a.py", "b.py"])
					if (w.files.text(path) !== texts.get(path))
						return `session ${n}: after a reload of ${client} ${path} is ${
							JSON.stringify([w.files.text(path), texts.get(path)])}`;
				page = new Page(w, `page${step + 1}`);
			}
			await w.pass(random(1500));
		}
		w.fault = () => null;
		w.files.rate = Infinity;
		await w.pass(60000);
		for (const path of ["a.py", "b.py"])
			if (w.files.text(path) !== page.texts.get(path))
				return `session ${n}: ${path} is ${
					JSON.stringify([w.files.text(path), page.texts.get(path)])}`;
		if (page.journal.state !== "saved" || w.told.some(([what]) => what === "conflict"))
			return `session ${n}: ${page.journal.state}, ${JSON.stringify(w.told.slice(-3))}`;
	}
});

await it("two pages that write into the same files: the last to save wins, 200 random sessions", async () => {
	for (let n = 0; n < 200; n++) {
		seed = n + 7;
		const w = world({ "a.py": word(20), "b.py": word(20) });
		const pages = [new Page(w, "one"), new Page(w, "two")];
		for (let step = 0; step < 20; step++) {
			w.fault = () => pick([null, null, "before", "after"]);
			w.files.rate = random(3) ? Infinity : random(3);
			pick(pages).any(pick(["a.py", "b.py"]));
			await w.pass(random(1500));
		}
		w.fault = () => null;
		w.files.rate = Infinity;
		await w.pass(60000);
		const last = pick(pages);
		for (const path of ["a.py", "b.py"])
			last.type(path, 0, 0, "!");
		await w.pass(9000);
		for (const path of ["a.py", "b.py"])
			if (w.files.text(path) !== last.texts.get(path))
				return `session ${n}: ${path} is ${
					JSON.stringify([w.files.text(path), last.texts.get(path)])}`;
		if (pages.some(({ journal }) => journal.state !== "saved"))
			return `session ${n}: ${pages.map(({ journal }) => journal.state)}`;
	}
});

finish();

/* bytes.js - texts as UTF-8: lengths, SHA-256, edits of bytes */

const encoder = new TextEncoder(), decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const encode = text => encoder.encode(text);

/* null when the bytes are not UTF-8, or hold a NUL: no text to edit. */
export function decode(bytes) {
	try {
		const text = decoder.decode(bytes);
		return text.includes("\0") ? null : text;
	} catch {
		return null;
	}
}

/* Half of a pair counts as U+FFFD, as it is sent. */
export function byteLength(text) {
	let length = text.length;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit < 0x80)
			continue;
		length += unit < 0x800 ? 1 : 2;
		if (unit >= 0xd800 && unit < 0xdc00) {
			const next = text.charCodeAt(i + 1);
			if (next >= 0xdc00 && next < 0xe000) {	/* a pair: 4 bytes, and 2 units */
				i++;
			}
		}
	}
	return length;
}

/* What may be put into a text: no NUL, no half of a pair. */
export function wellFormed(text) {
	return text.replace(/\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
		"\ufffd");
}

/* Pieces of at most so many bytes, cut between characters. */
export function pieces(text, most) {
	const found = [];
	let from = 0;
	while (from < text.length) {
		let to = Math.min(text.length, from + most);
		while (byteLength(text.slice(from, to)) > most)
			to = from + Math.max(2, (to - from) >> 1);
		const last = text.charCodeAt(to - 1);
		if (to < text.length && last >= 0xd800 && last < 0xdc00)
			to--;
		found.push(text.slice(from, to));
		from = to;
	}
	return found;
}

/* The bytes with `del` of them at `at` replaced. */
export function splice(bytes, at, del, ins) {
	const out = new Uint8Array(bytes.length - del + ins.length);
	out.set(bytes.subarray(0, at));
	out.set(ins, at);
	out.set(bytes.subarray(at + del), at + ins.length);
	return out;
}

const inside = byte => (byte & 0xc0) === 0x80;

/* The one edit that makes `b` of `a`, {at, del, ins: text}; null when they are the same. */
export function difference(a, b) {
	const most = Math.min(a.length, b.length);
	let head = 0, tail = 0;
	while (head < most && a[head] === b[head])
		head++;
	if (head === a.length && head === b.length)
		return null;
	while (head > 0 && (inside(a[head]) || inside(b[head])))
		head--;
	while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
		tail++;
	while (tail > 0 && (inside(a[a.length - tail]) || inside(b[b.length - tail])))
		tail--;
	return { at: head, del: a.length - tail - head,
		ins: new TextDecoder().decode(b.subarray(head, b.length - tail)) };
}

/* --- SHA-256 (FIPS 180-4): the browser's own is not there on plain HTTP, and cannot be waited for
 * while a page closes */

const primes = [];
for (let n = 2; primes.length < 64; n++)
	if (primes.every(prime => n % prime))
		primes.push(n);
const fraction = (x) => Math.floor((x - Math.floor(x)) * 0x100000000) | 0;
const START = primes.slice(0, 8).map(prime => fraction(Math.sqrt(prime)));
const ROUND = primes.map(prime => fraction(Math.cbrt(prime)));
const turn = (x, n) => x >>> n | x << 32 - n;

function mix(state, view, at, w) {
	for (let i = 0; i < 64; i++) {
		if (i < 16) {
			w[i] = view.getInt32(at + 4 * i);
			continue;
		}
		const a = w[i - 15], b = w[i - 2];
		w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ a >>> 3) +
			(turn(b, 17) ^ turn(b, 19) ^ b >>> 10);
	}
	let [a, b, c, d, e, f, g, h] = state;
	for (let i = 0; i < 64; i++) {
		const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + ROUND[i] + w[i] | 0;
		const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
		h = g; g = f; f = e; e = d + one | 0;
		d = c; c = b; b = a; a = one + two | 0;
	}
	[a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = state[i] + word | 0; });
}

/* 64 hexadecimal digits. */
export function sha256(bytes) {
	const blocks = bytes.length + 9 + 63 >> 6;
	const all = new Uint8Array(blocks * 64), view = new DataView(all.buffer);
	const state = START.slice(), w = new Int32Array(64);
	all.set(bytes);
	all[bytes.length] = 0x80;
	view.setUint32(all.length - 8, Math.floor(bytes.length / 0x20000000));
	view.setUint32(all.length - 4, bytes.length << 3 >>> 0);
	for (let at = 0; at < all.length; at += 64)
		mix(state, view, at, w);
	return state.map(word => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/* copied.js - what was copied in our pages: whether a paste comes from inside */
import { encode, sha256 } from "./bytes.js";

const COPIED = "tali-copied";	/* hashes, newest first */

/* With line breaks of one kind. */
export const plain = text => text.replace(/\r\n?/g, "\n");

function copied() {
	try {
		return JSON.parse(localStorage.getItem(COPIED) ?? "[]");
	} catch {
		return [];
	}
}

const hashOf = text => sha256(encode(plain(text)));

export function rememberCopy(text) {
	if (!text)
		return;
	const hash = hashOf(text);
	try {
		localStorage.setItem(COPIED, JSON.stringify([hash, ...copied()].slice(0, 50)));
	} catch { /* then it counts as copied elsewhere */ }
}

export const isCopied = text => copied().includes(hashOf(text));

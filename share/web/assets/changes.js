/* changes.js - changes of an editor's document as edits of the file's bytes
 *
 * A document counts UTF-16 units, and one for each line break. A file whose every line ends in CR LF
 * keeps that; in others a CR is a character like any. */
import { byteLength } from "./bytes.js";

/* "\r\n" when all lines end so, else "\n". */
export function lineBreak(text) {
	const breaks = text.split("\n").length - 1;
	return breaks && text.split("\r\n").length - 1 === breaks ? "\r\n" : "\n";
}

/* Bytes of the document before a position. */
export function byteOffset(doc, position, separator) {
	let bytes = 0;
	for (const iterator = doc.iterRange(0, position); !iterator.next().done;)
		bytes += iterator.lineBreak ? separator.length : byteLength(iterator.value);
	return bytes;
}

/* Edits in the order in which they are to be applied: from the end to the beginning, so that none
 * moves what another one counts. Each has the members of `source`, which say where its text is from. */
export function editsOf(changes, doc, separator, source) {
	const edits = [];
	changes.iterChanges((from, to, newFrom, newTo, inserted) => {
		const at = byteOffset(doc, from, separator);
		edits.push({ at, del: byteOffset(doc, to, separator) - at,
			ins: inserted.sliceString(0, inserted.length, separator), ...source });
	}, true);
	return edits.reverse();
}

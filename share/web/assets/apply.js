/* apply.js - code of the assistant put into the file that is open, after a look at what changes */
import { ask, element, find, say } from "./dom.js";
import { diffLines } from "./lines.js";

/* Lines with their line breaks: together they are the text. */
const linesOf = text => text.match(/[^\n]*\n|[^\n]+/g) ?? [];

/* What makes `after` of `before`, [{from, to, insert}] in characters: lines that stay are not touched,
 * so whoever wrote them stays known. */
export function changesOf(before, after) {
	const changes = [];
	let at = 0, open = null;
	for (const [sign, , text] of diffLines(linesOf(before), linesOf(after), Infinity)) {
		if (sign === " ") {
			at += text.length;
			open = null;
			continue;
		}
		if (!open)
			changes.push(open = { from: at, to: at, insert: "" });
		if (sign === "+")
			open.insert += text;
		else
			at = open.to += text.length;
	}
	return changes;
}

/* How much of a text its replacement keeps, 0 to 1. */
function kept(before, after) {
	const lines = linesOf(before), gone = diffLines(lines, linesOf(after), 0).filter(([sign]) => sign === "-");
	return lines.length ? 1 - gone.length / lines.length : 1;
}

function preview(before, after) {
	const classes = { "+": "added", "-": "gone", "@": "gap" };
	const shown = diffLines(linesOf(before), linesOf(after)).map(([sign, , text]) =>
		element("span", { className: classes[sign] ?? "" }, sign === "@" ? "⋯\n" :
			`${sign} ${text.replace(/\n?$/, "\n")}`));
	find("apply-diff").replaceChildren(...shown.length ? shown : ["The file is like that already."]);
}

/* Asks how, and does it; `editor` shows the file. The code of `exchange` is on record as the assistant's. */
export async function applyCode(editor, code, exchange) {
	const { path } = editor, { before, from, to } = editor.place();
	const texts = { replace: code, insert: before.slice(0, from) + code + before.slice(to) };
	const how = () => find("apply-form").elements.how.value;
	find("apply-title").textContent = `Apply to ${path}`;
	find("apply-form").elements.how.value = kept(before, code) >= .5 ? "replace" : "insert";
	find("apply-form").onchange = () => preview(before, texts[how()]);
	find("apply-cancel").onclick = () => find("apply-dialog").close();
	preview(before, texts[how()]);
	if (await ask(find("apply-dialog")) !== "yes")
		return false;
	/* what came meanwhile is not overwritten unseen */
	if (editor.path !== path || editor.place().before !== before) {
		say(`${path} has changed meanwhile; nothing was applied.`);
		return false;
	}
	editor.apply(how() === "insert" ? [{ from, to, insert: code }] : changesOf(before, code), exchange);
	say(`Applied to ${path}. Control Z takes it back.`);
	return true;
}

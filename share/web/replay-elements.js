/* replay-elements.js - elements of the page and the words in them
 *
 * Everything of the session is put in place as text, never as HTML. */

const find = id => document.getElementById(id);

function make(tag, className, text) {
	const element = document.createElement(tag);
	if (className)
		element.className = className;
	if (text !== undefined)
		element.textContent = text;
	return element;
}

/* Control characters as their pictures, and those that turn the direction of text by their number:
 * what is read is what is there. */
function visible(text) {
	return text.replace(/[\0-\x08\x0b-\x1f\x7f]/g,
		c => c === "\x7f" ? "\u2421" : String.fromCharCode(0x2400 + c.charCodeAt(0)))
		.replace(/[\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
			c => "\u27e8" + c.charCodeAt(0).toString(16).toUpperCase() + "\u27e9");
}

/* What a program printed: may be long, and scrolls by keys too. */
function output(text) {
	const element = make("pre", "", visible(text));
	element.tabIndex = 0;
	return element;
}

function clock(ms) {
	const seconds = Math.floor(Math.abs(ms) / 1000), pad = n => String(n).padStart(2, "0");
	return (ms < 0 ? "\u2212" : "") + (seconds >= 3600 ? Math.floor(seconds / 3600) + ":" : "") +
		pad(Math.floor(seconds / 60) % 60) + ":" + pad(seconds % 60);
}

function wallClock(ms) {
	return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" }).format(ms) +
		" " + new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(ms)
			.find(part => part.type === "timeZoneName").value;
}

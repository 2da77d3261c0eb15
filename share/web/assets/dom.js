/* dom.js - elements, messages, words for times */

export const find = id => document.getElementById(id);

/* An element with properties, attributes ("aria-..", "data-..", "role") and children. */
export function element(name, properties = {}, ...children) {
	const made = document.createElement(name);
	for (const [key, value] of Object.entries(properties))
		if (/^(aria|data)-|^role$|^for$/.test(key))
			made.setAttribute(key, value);
		else
			made[key] = value;
	made.append(...children);
	return made;
}

const BLOCK = 2000;	/* characters of a text that grows: a block ends at the next line end */

/* Adds to the end of a text that grows (white-space: pre-wrap). It stands in blocks of whole lines, for the
 * browser lays out all of a block again with each piece. */
export function growText(host, text, className = "") {
	const begin = () => host.appendChild(element("span", { className: "block" }));
	const add = (to, piece) => to.append(className ? element("span", { className }, piece) : piece);
	const block = host.lastElementChild ?? begin();
	const end = block.textContent.length > BLOCK ? text.indexOf("\n") : -1;
	/* with its line end, which shows nothing by itself: an empty line needs it */
	add(block, end < 0 ? text : text.slice(0, end + 1));
	if (end >= 0)
		add(begin(), text.slice(end + 1));
}

/* To be called when what is in the box has grown: who reads at its end stays there. It is looked at once a
 * frame, since each look is a layout. What came since the last look has moved nobody away from the end. */
export function follow(box) {
	let low = true, height = 0, frame = 0;
	box.addEventListener("scroll", () => {
		if (!frame)
			height = box.scrollHeight;
		if (height <= box.scrollHeight)	/* else that moved it */
			low = height - box.scrollTop - box.clientHeight < 60;
	});
	return () => {
		frame ||= requestAnimationFrame(() => {
			frame = 0;
			if (low)
				box.scrollTop = box.scrollHeight;
			height = box.scrollHeight;
		});
	};
}

const ICONS = { pass: "M3 8l4 4 6-8", fail: "M4 4l8 8M12 4l-8 8", skip: "M3 8h10" };

/* A picture beside a word. */
export function icon(kind) {
	const space = "http://www.w3.org/2000/svg";
	const svg = document.createElementNS(space, "svg"), path = document.createElementNS(space, "path");
	svg.setAttribute("viewBox", "0 0 16 16");
	svg.setAttribute("aria-hidden", "true");
	path.setAttribute("d", ICONS[kind]);
	svg.append(path);
	return svg;
}

/* What the server wrote into the page. */
export const session = () => JSON.parse(find("session").textContent);

/* For those who do not see it: said when there is a pause. */
export function say(text) {
	find("status").textContent = text;
}

/* A line that stays until it is closed, or `key` is said again; urgent ones are read out at once. */
export function alertLine(key, text, { level = "info", close = true } = {}) {
	const list = find("alerts");
	list.querySelector(`[data-key="${key}"]`)?.remove();
	if (!text)
		return;
	const line = element("p", { "data-key": key, "data-level": level }, element("span", {}, text));
	if (close)
		line.append(element("button", { type: "button", onclick: () => line.remove() }, "Close"));
	list.append(line);
}

/* "4:05", "1:04:05"; a second counts until it is over. What is less than a millisecond comes of sums alone. */
export function clockText(ms) {
	const seconds = Math.max(0, Math.ceil(Math.round(ms) / 1000));
	const two = n => String(n).padStart(2, "0");
	const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
	return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/* "1 h 5 min", "40 s" */
export function durationText(ms) {
	const seconds = Math.max(0, Math.round(ms / 1000));
	const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
	if (!hours && !minutes)
		return `${seconds} s`;
	return [hours && `${hours} h`, minutes && `${minutes} min`].filter(Boolean).join(" ");
}

/* All times of the page in the reader's time zone. */
export function localTimes() {
	const format = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
	for (const time of document.querySelectorAll("time[datetime]")) {
		const date = new Date(time.dateTime);
		if (!Number.isNaN(date.getTime()))
			time.textContent = format.format(date);
	}
}

/* The choice in a dialog: the value of the button, "" when it was left. */
export function ask(dialog) {
	return new Promise(resolve => {
		dialog.returnValue = "";
		dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
		dialog.showModal();
	});
}

/* Arrow keys, Home and End move in a list of tabs; only the chosen one is reached by Tab. */
export function arrowKeys(list, choose) {
	list.addEventListener("keydown", event => {
		const tabs = [...list.querySelectorAll("[role=tab]")], at = tabs.indexOf(event.target);
		const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
		if (at < 0 || to === undefined || event.ctrlKey || event.altKey || event.metaKey)
			return;
		event.preventDefault();
		const tab = tabs[(to + tabs.length) % tabs.length];
		choose(tab);
		tab.focus();
	});
}

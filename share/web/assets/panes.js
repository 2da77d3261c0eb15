/* panes.js - the parts of the workspace: their sizes, tabs, and one at a time where there is no room */
import { arrowKeys, find } from "./dom.js";
import { set, settings } from "./settings.js";

const STEP = 2, LEAST = 12, MOST = 70;

/* A line between two parts, moved by arrow keys and by dragging; in per cent of the whole. `larger`
 * is the key that makes its part larger, `smaller` the other one. */
function splitter(id, name, property, [larger, smaller], percent) {
	const line = find(id);
	const show = () => {
		document.documentElement.style.setProperty(property, `${settings[name]}%`);
		line.setAttribute("aria-valuenow", String(Math.round(settings[name])));
	};
	const move = value => {
		set(name, Math.min(MOST, Math.max(LEAST, value)));
		show();
	};
	line.setAttribute("aria-valuemin", String(LEAST));
	line.setAttribute("aria-valuemax", String(MOST));
	show();
	line.addEventListener("keydown", event => {
		const step = { [larger]: STEP, [smaller]: -STEP }[event.key];
		if (step) {
			event.preventDefault();
			move(settings[name] + step);
		}
	});
	line.addEventListener("pointerdown", event => {
		event.preventDefault();
		line.setPointerCapture(event.pointerId);
		line.classList.add("moving");
		line.onpointermove = at => move(percent(at));
		line.onpointerup = line.onpointercancel = () => {
			line.onpointermove = null;
			line.classList.remove("moving");
		};
	});
}

/* Shows a part where only one has room; on wide screens all are there. */
export function showPane(name) {
	document.body.dataset.pane = name;
	for (const button of find("panes").querySelectorAll("button"))
		button.setAttribute("aria-pressed", String(button.dataset.pane === name));
}

const listeners = [];

/* Called with the name of the tab that is shown. */
export function onPanel(listener) {
	listeners.push(listener);
}

export const panelTab = () => find("panel-tabs").querySelector("[aria-selected=true]").id.slice(4);

export function showPanel(name) {
	showPane("panel");
	for (const tab of find("panel-tabs").children) {
		const own = tab.id === `tab-${name}`;
		tab.setAttribute("aria-selected", String(own));
		tab.tabIndex = own ? 0 : -1;
		find(tab.id.slice(4)).hidden = !own;
	}
	listeners.forEach(listener => listener(name));
}

/* Shows or hides the assistant's column; where there is no room for columns it is a part like others. */
export function showAssistant(on) {
	set("assistant", on);
	document.body.dataset.assistant = on ? "open" : "closed";
	find("chat-toggle").setAttribute("aria-expanded", String(on));
}

function startAssistant(main) {
	splitter("split-chat", "chat", "--chat", ["ArrowLeft", "ArrowRight"],
		event => (main.getBoundingClientRect().right - event.clientX) / main.clientWidth * 100);
	showAssistant(settings.assistant);
	find("chat-toggle").addEventListener("click", () => showAssistant(!settings.assistant));
	find("chat-close").addEventListener("click", () => {
		showAssistant(false);
		find("chat-toggle").focus();
	});
}

export function startPanes() {
	const main = document.querySelector("main");
	splitter("split-side", "side", "--side", ["ArrowRight", "ArrowLeft"],
		event => (event.clientX - main.getBoundingClientRect().left) / main.clientWidth * 100);
	splitter("split-panel", "panel", "--panel", ["ArrowUp", "ArrowDown"],
		event => (main.getBoundingClientRect().bottom - event.clientY) / main.clientHeight * 100);
	if (find("chat"))
		startAssistant(main);
	for (const button of find("panes").querySelectorAll("button"))
		button.addEventListener("click", () => showPane(button.dataset.pane));
	for (const tab of find("panel-tabs").children)
		tab.addEventListener("click", () => showPanel(tab.id.slice(4)));
	arrowKeys(find("panel-tabs"), tab => showPanel(tab.id.slice(4)));
}

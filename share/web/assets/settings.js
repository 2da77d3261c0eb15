/* settings.js - theme, sizes and the like, kept in the browser */
import { find } from "./dom.js";

const KEY = "tali-settings";
const START = { theme: "system", size: 14, tab: 4, wrap: false, reader: false, side: 24, panel: 34,
	chat: 27, assistant: true };

export const settings = { ...START };
const listeners = new Set();

try {
	Object.assign(settings, JSON.parse(localStorage.getItem(KEY) ?? "{}"));
} catch { /* as at the start */ }

export function onSettings(listener) {
	listeners.add(listener);
	listener(settings);
}

export function set(name, value) {
	settings[name] = value;
	try {
		localStorage.setItem(KEY, JSON.stringify(settings));
	} catch { /* for this page alone */ }
	listeners.forEach(listener => listener(settings));
}

export const isDark = () => settings.theme === "dark" ||
	settings.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches;

/* The dialog. */
export function startSettings() {
	const fields = { theme: "set-theme", size: "set-size", tab: "set-tab", wrap: "set-wrap",
		reader: "set-reader" };
	for (const [name, id] of Object.entries(fields)) {
		const field = find(id), box = field.type === "checkbox";
		if (box)
			field.checked = settings[name];
		else
			field.value = String(settings[name]);
		field.addEventListener("change", () => set(name, box ? field.checked :
			name === "theme" ? field.value : Number(field.value)));
	}
	find("settings-open").addEventListener("click", () => find("settings").showModal());
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => set("theme", settings.theme));
	onSettings(({ theme, size, tab }) => {
		const root = document.documentElement;
		if (theme === "system")
			delete root.dataset.theme;
		else
			root.dataset.theme = theme;
		root.style.setProperty("--code-size", `${size}px`);
		root.style.setProperty("--tab", tab);
	});
}

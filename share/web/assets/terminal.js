/* terminal.js - a shell in the sandbox; xterm.js is loaded when it is opened first
 *
 * Frames are binary, the first byte says what follows: to the server "0" what is typed, "1" the size,
 * "2" and "3" stop and go on with output; from it "0" output, after a reconnect first what was on the
 * screen, "4" the shell has ended. */
import { encode } from "./bytes.js";
import { API } from "./api.js";
import { find, say } from "./dom.js";
import { isDark, onSettings, settings } from "./settings.js";

const BACKOFF = [1000, 2000, 4000, 8000, 16000];
const HIGH = 262144, LOW = 32768;	/* bytes that wait to be drawn */

const COLORS = {
	light: { background: "#ffffff", foreground: "#111114", cursor: "#9d00ff", cursorAccent: "#ffffff",
		selectionBackground: "#e3c2ff", black: "#111114", red: "#b3140f", green: "#0b6b2e", yellow: "#7a5600",
		blue: "#0047b3", magenta: "#8a00e0", cyan: "#00626f", white: "#55565f", brightBlack: "#55565f",
		brightRed: "#a81410", brightGreen: "#0a5f29", brightYellow: "#6b4c00", brightBlue: "#003c99",
		brightMagenta: "#7800c4", brightCyan: "#005661", brightWhite: "#111114" },
	dark: { background: "#0e0e11", foreground: "#ececf0", cursor: "#c77dff", cursorAccent: "#0e0e11",
		selectionBackground: "#4b2a68", black: "#6a6b76", red: "#ff8f88", green: "#6bd58a", yellow: "#e6c15c",
		blue: "#79b4ff", magenta: "#d49bff", cyan: "#5cc8dd", white: "#ececf0", brightBlack: "#9a9ba6",
		brightRed: "#ffb0ab", brightGreen: "#94e3ab", brightYellow: "#f0d689", brightBlue: "#a6cdff",
		brightMagenta: "#e2bdff", brightCyan: "#8fdcea", brightWhite: "#ffffff" },
};

/* xterm.js makes style elements and knows no nonce. */
function stampStyles(nonce) {
	const create = Document.prototype.createElement;
	Document.prototype.createElement = function createElement(name, options) {
		const made = create.call(this, name, options);
		if (String(name).toLowerCase() === "style")
			made.setAttribute("nonce", nonce);
		return made;
	};
}

export class Terminal {
	/* left() is called when the candidate leaves the terminal by its key. */
	constructor(nonce, left) {
		this.nonce = nonce;
		this.left = left;
		this.tries = 0;
		this.waiting = 0;
	}

	/* Loads, draws and connects, once. */
	open() {
		this.opened ??= this.start().catch(() => {
			this.opened = null;
			find("screen").textContent = "The terminal could not be loaded. Please open it again.";
		});
		return this.opened.then(() => this.fit());
	}

	async start() {
		stampStyles(this.nonce);
		find("screen").textContent = "Loading…";
		const sheet = document.createElement("link");
		sheet.rel = "stylesheet";
		sheet.href = new URL("xterm.css", import.meta.url).href;
		const styled = new Promise((resolve, reject) => {
			sheet.onload = resolve;
			sheet.onerror = reject;
		});
		document.head.append(sheet);
		const [{ Terminal: Screen, FitAddon }] = await Promise.all([import("./xterm.js"), styled]);
		find("screen").textContent = "";
		this.screen = new Screen({ scrollback: 5000, minimumContrastRatio: 4.5, cursorBlink: false,
			fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
			fontSize: settings.size, linkHandler: { activate() {} }, screenReaderMode: settings.reader,
			theme: COLORS[isDark() ? "dark" : "light"] });
		this.fitter = new FitAddon();
		this.screen.loadAddon(this.fitter);
		this.screen.open(find("screen"));
		this.screen.textarea.setAttribute("aria-label", "Terminal");
		this.screen.textarea.setAttribute("aria-describedby", "terminal-help");
		this.screen.attachCustomKeyEventHandler(event => this.key(event));
		this.screen.onData(data => this.send("0", encode(data)));
		this.screen.onBinary(data => this.send("0", Uint8Array.from(data, c => c.charCodeAt(0))));
		this.screen.onResize(() => this.sendSize());
		new ResizeObserver(() => this.fit()).observe(find("screen"));
		onSettings(({ size, reader }) => {
			this.screen.options.fontSize = size;
			this.screen.options.screenReaderMode = reader;
			this.screen.options.theme = COLORS[isDark() ? "dark" : "light"];
			this.fit();
		});
		this.connect();
	}

	/* Keys of the page are none of the shell's. */
	key(event) {
		if (event.ctrlKey && event.shiftKey && event.key === "F6") {
			if (event.type === "keydown")
				this.left();
			return false;
		}
		if (this.ended && event.type === "keydown" && event.key === "Enter") {
			this.connect();
			return false;
		}
		return !(event.ctrlKey && (event.key === "`" || event.key === "Enter"));
	}

	fit() {
		if (this.screen && find("screen").clientWidth > 50 && find("screen").clientHeight > 20)
			this.fitter.fit();
	}

	focus() {
		this.screen?.focus();
	}

	/* --- the wire */

	connect() {
		clearTimeout(this.timer);
		this.ended = false;
		const socket = this.socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${API}terminal`);
		socket.binaryType = "arraybuffer";
		socket.onopen = () => {
			this.tries = 0;
			this.waiting = 0;
			this.paused = false;
			this.screen.reset();
			this.sendSize();
		};
		socket.onmessage = ({ data }) => this.heard(new Uint8Array(data));
		socket.onclose = () => {
			if (this.socket !== socket || this.ended || this.closed)
				return;
			this.timer = setTimeout(() => this.connect(), BACKOFF[Math.min(this.tries++, BACKOFF.length - 1)]);
		};
	}

	heard(frame) {
		if (frame[0] === 0x30) {
			const bytes = frame.subarray(1);
			this.waiting += bytes.length;
			if (this.waiting > HIGH && !this.paused) {
				this.paused = true;
				this.send("2");
			}
			this.screen.write(bytes, () => this.drawn(bytes.length));
		} else if (frame[0] === 0x34) {
			this.ended = true;
			this.screen.write("\r\n\x1b[0m[The shell has ended. Enter starts another one.]\r\n");
			say("The shell has ended.");
		}
	}

	drawn(length) {
		this.waiting -= length;
		if (this.paused && this.waiting < LOW) {
			this.paused = false;
			this.send("3");
		}
	}

	send(kind, bytes = new Uint8Array(0)) {
		if (this.socket?.readyState !== WebSocket.OPEN)
			return;
		for (let at = 0; at === 0 || at < bytes.length; at += 16384) {
			const piece = bytes.subarray(at, at + 16384), frame = new Uint8Array(piece.length + 1);
			frame[0] = kind.charCodeAt(0);
			frame.set(piece, 1);
			this.socket.send(frame);
		}
	}

	sendSize() {
		this.send("1", encode(JSON.stringify({ columns: this.screen.cols, rows: this.screen.rows })));
	}

	close() {
		this.closed = true;
		clearTimeout(this.timer);
		this.socket?.close();
	}
}

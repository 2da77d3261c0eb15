/* stream.js - what the server tells by itself: GET stream, and without it, GET session now and then
 *
 * After a loss tries are 1, 2, 4, 8, 16 seconds apart. While the server has no room for a stream
 * the session is asked for every five seconds. */
import { API, ask, parse } from "./api.js";

const EVENTS = ["session", "state", "job", "file", "output", "run", "test", "notice", "reset", "bye"];
const BACKOFF = [1000, 2000, 4000, 8000, 16000];
const POLL = 5000;

export class Stream {
	/* heard(event, data); turned(on): whether the server is there. */
	constructor(heard, turned) {
		this.heard = heard;
		this.turned = turned;
		this.tries = 0;
		this.open();
		addEventListener("online", () => this.again(0));
		addEventListener("offline", () => this.turned(false));
	}

	open() {
		clearTimeout(this.timer);
		this.source?.close();
		const source = this.source = new EventSource(`${API}stream`);
		source.onopen = () => {
			this.tries = 0;
			this.turned(true);
		};
		source.onerror = () => this.again(BACKOFF[Math.min(this.tries++, BACKOFF.length - 1)], true);
		for (const name of EVENTS)
			source.addEventListener(name, event => {
				const data = event.data ? JSON.parse(event.data) : {};
				if (name === "bye")
					this.again(data.retry_ms ?? BACKOFF[0]);
				this.heard(name, data);
			});
	}

	again(ms, poll = false) {
		if (this.closed)
			return;
		this.source?.close();
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.open(), ms);
		if (poll)
			this.poll();
	}

	/* No stream, but a server perhaps. */
	async poll() {
		if (this.polling)
			return;
		this.polling = true;
		try {
			const { status, data, header } = await ask("GET", "session", { timeout: POLL,
				headers: this.etag ? { "If-None-Match": this.etag } : {} });
			this.turned(status < 500);
			if (status === 200) {
				this.etag = header("ETag");
				this.heard("session", parse(data));
			} else if (status === 401 || status === 404) {
				this.heard("gone", {});
			}
		} catch {
			this.turned(false);
		}
		this.polling = false;
		if (!this.closed && this.source?.readyState !== EventSource.OPEN) {
			clearTimeout(this.later);
			this.later = setTimeout(() => this.source?.readyState === EventSource.OPEN || this.poll(), POLL);
		}
	}

	close() {
		this.closed = true;
		clearTimeout(this.timer);
		clearTimeout(this.later);
		this.source?.close();
	}
}

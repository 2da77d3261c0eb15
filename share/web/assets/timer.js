/* timer.js - the time left, by the server's clock: this computer's clock may show what it likes */
import { alertLine, clockText, durationText, find, say } from "./dom.js";

const WARNINGS = [15, 5, 1];
const MINUTE = 60000;

export class Timer {
	/* soon(): seconds before the end; over(): at the end. */
	constructor({ soon, over }) {
		this.calls = { soon, over };
		this.deadline = null;
		this.said = Infinity;
		setInterval(() => this.tick(), 250);
	}

	/* Both RFC 3339; `now` is the server's `at` that moment of performance.now(). */
	set(deadline, now, at = performance.now()) {
		const before = this.deadline;
		this.deadline = Date.parse(deadline);
		if (now)
			this.offset = Date.parse(now) - at;
		if (before && this.deadline > before + 1000) {
			this.said = WARNINGS.findLast(limit => this.left / MINUTE <= limit) ?? Infinity;
			this.ended = this.flushed = false;
			alertLine("time", "");
			alertLine("extended", `You were given more time: ${durationText(this.deadline - before)} more, ${
				durationText(this.left)} left.`, { level: "good" });
		}
		this.tick();
	}

	get left() {
		return this.deadline - this.offset - performance.now();
	}

	tick() {
		if (!this.deadline)
			return;
		const { left } = this, minutes = left / MINUTE;
		const text = clockText(left);
		if (text !== this.text)
			find("left").textContent = this.text = text;
		find("timer").dataset.level = minutes <= 5 ? "last" : minutes <= 15 ? "late" : "";
		const warning = WARNINGS.findLast(limit => minutes <= limit);
		if (warning && warning < this.said && left > 0) {
			this.said = warning;
			alertLine("time", warning === 1 ? "Less than a minute left. What is saved is handed in by itself." :
				`Less than ${warning} minutes left.`, { level: warning <= 5 ? "bad" : "info" });
		}
		if (left <= 4000 && !this.flushed) {
			this.flushed = true;
			this.calls.soon();
		}
		if (left <= 0 && !this.ended) {
			this.ended = true;
			say("Time is up.");
			this.calls.over();
		}
	}
}

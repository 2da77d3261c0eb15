/* replay.js - the player: time, keys, the line with its marks */

const SKIP_MS = 500;	/* what an idle stretch takes when it is skipped */

class Player {
	constructor(session) {
		this.session = session;
		this.time = 0;
		this.playing = false;
		this.files = new FilesPane(session);
		this.terminal = new TerminalPane(session);
		this.talk = new TalkPane(session);
		this.results = new ResultsPane(session);
		this.events = new EventsPane(session, (time, i) => this.seekEvent(time, i));
		this.events.changed = () => this.drawLine();
		this.line = find("seek");
		this.line.max = session.duration / 1000;
		this.listen();
		new ResizeObserver(() => this.drawLine()).observe(find("line"));
	}

	listen() {
		find("play").addEventListener("click", () => this.toggle());
		find("before").addEventListener("click", () => this.mark(-1));
		find("after").addEventListener("click", () => this.mark(1));
		find("help").addEventListener("click", () => find("keys").showModal());
		find("skip").addEventListener("change", () => this.drawLine());
		this.line.addEventListener("input", () => this.seek(this.line.valueAsNumber * 1000));
		document.addEventListener("keydown", event => this.key(event));
		addEventListener("hashchange", () => this.seekHash());
		matchMedia("(prefers-color-scheme: dark)")
			.addEventListener("change", () => this.drawLine());
	}

	/* --- time */

	seek(time, settled = true) {
		this.time = Math.max(0, Math.min(this.session.duration, time));
		this.at = null;
		this.update();
		if (settled)
			this.settle();
	}

	/* Several events may be at one time: the one that was chosen is the current one. */
	seekEvent(time, i) {
		this.seek(time);
		this.at = i;
		this.events.select(i);
		this.tell();
	}

	seekHash() {
		const match = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
		if (match)
			this.seek(Number(match[1]) * 1000, false);
		return Boolean(match);
	}

	toggle() {
		this.playing = !this.playing;
		if (this.playing && this.time >= this.session.duration)
			this.seek(0, false);
		find("play").classList.toggle("playing", this.playing);
		find("play").ariaLabel = this.playing ? "Pause" : "Play";
		this.before = performance.now();
		if (this.playing)
			requestAnimationFrame(now => this.tick(now));
		else
			this.settle();
	}

	tick(now) {
		if (!this.playing)
			return;
		const passed = Math.max(0, Math.min(now - this.before, 250));
		this.before = now;
		this.seek(this.after(this.time, passed), false);
		if (this.time >= this.session.duration)
			this.toggle();
		else
			requestAnimationFrame(later => this.tick(later));
	}

	/* Session time after so many milliseconds of playing. */
	after(time, passed) {
		const { gaps } = this.session, speed = Number(find("speed").value);
		let i = find("skip").checked ? gaps.findIndex(gap => gap[1] > time) : -1;
		for (; i >= 0 && i < gaps.length && passed > 0; i++) {
			const [from, to] = gaps[i];
			if (time < from) {
				const needed = (from - time) / speed;
				if (needed >= passed)
					break;
				passed -= needed;
				time = from;
			}
			const rate = Math.max((to - from) / SKIP_MS, speed);
			const within = Math.min(to - time, passed * rate);
			passed -= within / rate;
			time += within;
		}
		return time + passed * speed;
	}

	/* --- marks */

	mark(direction) {
		const { events } = this;
		const here = this.at ?? events.current;
		let next = here + direction;
		if (direction < 0 && this.at === null && here >= 0 && events.times[here] < this.time - 1000)
			next = here;
		if (next >= 0 && next < events.events.length)
			this.seekEvent(events.times[next], next);
		else
			this.seek(direction < 0 ? 0 : this.session.duration);
	}

	step(direction) {
		const { times } = this.session;
		const count = countUpTo(times, this.time);
		let next = direction > 0 ? count : countUpTo(times, this.time - 0.5) - 1;
		if (direction < 0 && times[next] === this.time)
			next--;
		this.seek(next < 0 ? 0 : times[next] ?? this.session.duration);
	}

	/* --- keys */

	key(event) {
		const target = event.target;
		if (event.ctrlKey || event.altKey || event.metaKey || find("keys").open ||
			target.matches("select") || event.defaultPrevented)
			return;
		const move = event.shiftKey ? this.session.duration / 10 : 5000;
		const actions = {
			ArrowLeft: () => this.seek(this.time - move),
			ArrowRight: () => this.seek(this.time + move),
		};
		if (find("keys-on").checked)
			Object.assign(actions, {
				"[": () => this.mark(-1), "]": () => this.mark(1),
				",": () => this.step(-1), ".": () => this.step(1),
				"?": () => find("keys").showModal(),
			});
		/* space does what it always does where it does something */
		if (find("keys-on").checked && !target.matches("button, input[type=checkbox], summary"))
			actions[" "] = () => this.toggle();
		if (target.matches("[role=tab], .list, #screen") && /^Arrow/.test(event.key) && !event.shiftKey)
			return;
		if (/^[0-9]$/.test(event.key) && find("keys-on").checked)
			actions[event.key] = () => this.seek(this.session.duration * Number(event.key) / 10);
		if (!actions[event.key])
			return;
		event.preventDefault();
		actions[event.key]();
	}

	/* --- what is seen */

	update() {
		const { session } = this;
		const count = countUpTo(session.times, this.time);
		const moved = count !== this.count;
		this.count = count;
		if (moved) {
			session.goTo(count);
			this.files.update();
			this.terminal.update();
		}
		this.talk.update(this.time);
		this.results.update(this.time);
		this.events.update(this.time);
		this.updateClock();
	}

	updateClock() {
		const { session } = this, text = clock(this.time);
		this.line.value = this.time / 1000;
		if (this.told === text)
			return;
		this.told = text;
		find("clock").textContent = `${text} / ${clock(session.duration)}`;
		find("wall").textContent = wallClock(session.facts.start + this.time);
		find("wall").dateTime = new Date(session.facts.start + this.time).toISOString();
		find("now").textContent = this.currentEvent();
		this.line.setAttribute("aria-valuetext", `${text}, ${this.currentEvent()}`);
	}

	currentEvent() {
		const event = this.events.events[this.at ?? this.events.current];
		return event ? eventText(event) : "";
	}

	/* After a jump or a stop: the address, and what a screen reader says. */
	settle() {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => {
			history.replaceState(null, "", "#t=" + (this.time / 1000).toFixed(3).replace(/\.?0+$/, ""));
			this.tell();
		}, 300);
	}

	tell() {
		this.told = "";
		this.updateClock();
		if (!this.playing)
			find("status").textContent = `${clock(this.time)}: ${this.currentEvent()}`;
	}

	/* The line: how much was edited, what stands out, and hatched where nothing happened. */
	drawLine() {
		const canvas = find("marks"), width = canvas.clientWidth, height = canvas.clientHeight;
		const ratio = devicePixelRatio || 1, pen = canvas.getContext("2d");
		const style = getComputedStyle(canvas), total = this.session.duration || 1;
		canvas.width = width * ratio;
		canvas.height = height * ratio;
		pen.scale(ratio, ratio);
		this.drawIdle(pen, width, height, total, style);
		this.drawActivity(pen, width, height, total, style);
		for (const event of this.events.events) {
			const look = kindLook(this.session.names[event[1]])[1];
			pen.fillStyle = style.getPropertyValue("--" + look);
			pen.fillRect(Math.min(width - 2, event[0] / total * width), 0, 2, height * 0.42);
		}
	}

	drawIdle(pen, width, height, total, style) {
		pen.strokeStyle = style.getPropertyValue("--hatch");
		pen.lineWidth = 1;
		for (const [from, to] of this.session.gaps) {
			const left = from / total * width, right = to / total * width;
			if (right - left < 2)
				continue;
			pen.save();
			pen.beginPath();
			pen.rect(left, height * 0.42, right - left, height * 0.58);
			pen.clip();
			pen.beginPath();
			for (let x = left - height; x < right; x += 6) {
				pen.moveTo(x, height);
				pen.lineTo(x + height * 0.58, height * 0.42);
			}
			pen.stroke();
			pen.restore();
		}
	}

	drawActivity(pen, width, height, total, style) {
		const bars = new Float64Array(Math.max(1, Math.ceil(width / 3)));
		for (const time of this.session.times)
			bars[Math.min(bars.length - 1, Math.floor(time / total * bars.length))]++;
		const most = Math.log1p(Math.max(1, ...bars));
		pen.fillStyle = style.getPropertyValue("--activity");
		bars.forEach((count, i) => {
			const tall = Math.log1p(count) / most * height * 0.5;
			pen.fillRect(i * 3, height - tall, 2, tall);
		});
	}
}

/* --- tabs: all of them on a narrow screen; files and terminal stand beside them on a wide one */

class Tabs {
	constructor(session) {
		this.tabs = [...document.querySelectorAll("[role=tab]")].filter(tab => {
			const name = tab.id.slice(4);
			const empty = name === "terminal" ? !session.terminals.length :
				name === "talk" && !session.messages.length;
			tab.hidden = empty;
			find(name).hidden = empty;
			return !empty;
		});
		document.body.classList.toggle("no-terminal", !session.terminals.length);
		this.wide = matchMedia("(min-width: 70em)");
		this.wide.addEventListener("change", () => this.update());
		for (const tab of this.tabs) {
			tab.addEventListener("click", () => this.choose(tab));
			tab.addEventListener("keydown", event => this.key(event));
		}
		this.chosen = this.tabs[0];
		this.update();
	}

	beside(tab) {
		return this.wide.matches && (tab.id === "tab-files" || tab.id === "tab-terminal");
	}

	choose(tab) {
		this.chosen = tab;
		this.update();
		this.changed?.();
	}

	update() {
		const usable = this.tabs.filter(tab => !this.beside(tab));
		if (!usable.includes(this.chosen))
			this.chosen = usable[0];
		for (const tab of this.tabs) {
			const panel = find(tab.id.slice(4)), beside = this.beside(tab);
			tab.hidden = beside;
			tab.ariaSelected = tab === this.chosen;
			tab.tabIndex = tab === this.chosen ? 0 : -1;
			panel.role = beside ? "region" : "tabpanel";
			panel.hidden = !beside && tab !== this.chosen;
		}
	}

	key(event) {
		const usable = this.tabs.filter(tab => !this.beside(tab));
		const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
		if (!step || event.shiftKey)
			return;
		event.preventDefault();
		const at = usable.indexOf(this.chosen) + step + usable.length;
		this.choose(usable[at % usable.length]);
		this.chosen.focus();
	}
}

function start() {
	const session = new Session(), { facts } = session;
	find("about").textContent = [facts.assessment, facts.status, `${facts.events} events`]
		.filter(Boolean).map(visible).join(" \u00b7 ");
	const tabs = new Tabs(session), player = new Player(session);
	/* what was hidden could not be scrolled */
	tabs.changed = () => {
		player.files.revealChange();
		player.events.reveal();
		player.terminal.fit();
		find("messages").scrollTop = find("messages").scrollHeight;
	};
	if (!player.seekHash())
		player.seek(0, false);
	window.replay = { session, player, tabs };
}

start();

/* outbox.js - events and their bases in the browser, until the server has them (see journal.js)
 *
 * A database for each assessment: `events` by [client, seq], `bases` by [client, path], `clients` with
 * the last event of the batch under way. Each method gives a promise that resolves when the browser
 * has it; they are kept in order. Where the browser keeps nothing, all goes on from memory.
 *
 * Whoever writes holds a lock named after its client. A page that starts takes over what is left of
 * clients whose lock is free. What the database could not take in while a page went away is in
 * localStorage, under the client's name, too. */
import { decode, encode } from "./bytes.js";

const done = request => new Promise((resolve, reject) => {
	request.onsuccess = () => resolve(request.result);
	request.onerror = () => reject(request.error);
});

const all = client => IDBKeyRange.bound([client], [client, []]);

export class Outbox {
	constructor(name) {
		this.name = `tali-${name}`;
		this.order = this.start();
		this.kept = true;	/* whether the browser keeps what is written */
	}

	async start() {
		try {
			const request = indexedDB.open(this.name, 1);
			request.onupgradeneeded = () => {
				request.result.createObjectStore("events");
				request.result.createObjectStore("bases");
				request.result.createObjectStore("clients");
			};
			this.base_ = await done(request);
		} catch {
			this.kept = false;
		}
	}

	write(stores, change) {
		this.order = this.order.then(() => this.base_ && new Promise(resolve => {
			const lost = () => {
				this.kept = false;
				resolve();
			};
			try {
				const transaction = this.base_.transaction(stores, "readwrite");
				transaction.oncomplete = resolve;
				transaction.onabort = transaction.onerror = lost;
				change(...stores.map(name => transaction.objectStore(name)));
			} catch {
				lost();
			}
		}));
		return this.order;
	}

	put(client, event) {
		return this.write(["events"], events => events.put(event, [client, event.seq]));
	}

	base(client, path, { rev, bytes }) {
		return this.write(["bases"], bases => bases.put({ path, rev, bytes }, [client, path]));
	}

	flight(client, seq) {
		return this.write(["clients"], clients => clients.put({ flight: seq }, client));
	}

	/* Events up to seq are on the server; of the bases only those of these paths are needed. */
	taken(client, seq, paths) {
		return this.write(["events", "bases", "clients"], (events, bases, clients) => {
			events.delete(IDBKeyRange.bound([client], [client, seq]));
			clients.delete(client);
			const keys = bases.getAllKeys(all(client));
			keys.onsuccess = () => keys.result.filter(([, path]) => !paths.includes(path))
				.forEach(key => bases.delete(key));
		});
	}

	/* Other events in place of those that are there. */
	rewrite(client, list, map) {
		return this.write(["events", "bases", "clients"], (events, bases, clients) => {
			events.delete(all(client));
			bases.delete(all(client));
			clients.delete(client);
			for (const event of list)
				events.put(event, [client, event.seq]);
			for (const [path, { rev, bytes }] of map)
				bases.put({ path, rev, bytes }, [client, path]);
		});
	}

	remove(client) {
		localStorage.removeItem(`${this.name}.${client}`);
		return this.rewrite(client, [], []);
	}

	/* --- taking over */

	/* The lock of a client, for as long as the page lives; false when another page has it. */
	hold(client) {
		if (!navigator.locks)
			return Promise.resolve(true);
		return new Promise(resolve => navigator.locks.request(`${this.name}.${client}`,
			{ ifAvailable: true }, lock => {
				resolve(Boolean(lock));
				return lock && new Promise(() => {});
			}));
	}

	/* Writes at once what may not get into the database any more. */
	keepTail({ client, events, bases }) {
		const key = `${this.name}.${client}`;
		if (!events.length)
			return localStorage.removeItem(key);
		const texts = bases.map(({ path, rev, bytes }) => ({ path, rev, text: decode(bytes) }));
		try {
			localStorage.setItem(key, JSON.stringify({ events, bases: texts }));
		} catch { /* too long: the database has all but the last moment */ }
		return undefined;
	}

	dropTail(client) {
		localStorage.removeItem(`${this.name}.${client}`);
	}

	tails() {
		const prefix = `${this.name}.`;
		return Object.keys(localStorage).filter(key => key.startsWith(prefix))
			.map(key => [key.slice(prefix.length), JSON.parse(localStorage.getItem(key))]);
	}

	/* What earlier pages left, as Journal.recover takes it. */
	async left() {
		await this.order;
		const found = new Map();
		const of = client => {
			if (!found.has(client))
				found.set(client, { client, events: new Map(), bases: new Map(), flight: 0 });
			return found.get(client);
		};
		if (this.base_) {
			const transaction = this.base_.transaction(["events", "bases", "clients"]);
			const read = store => Promise.all([
				done(transaction.objectStore(store).getAllKeys()),
				done(transaction.objectStore(store).getAll())]);
			const [events, bases, clients] = await Promise.all(["events", "bases", "clients"].map(read));
			events[0].forEach(([client, seq], i) => of(client).events.set(seq, events[1][i]));
			bases[0].forEach(([client, path], i) => of(client).bases.set(path, bases[1][i]));
			clients[0].forEach((client, i) => { of(client).flight = clients[1][i].flight; });
		}
		for (const [client, { events, bases }] of this.tails()) {
			events.forEach(event => of(client).events.set(event.seq, event));
			for (const { path, rev, text } of bases)
				if (!of(client).bases.has(path) && text !== null)
					of(client).bases.set(path, { path, rev, bytes: encode(text) });
		}
		const order = (a, b) => a.seq - b.seq;
		return [...found.values()].map(({ client, events, bases, flight }) => ({ client, flight,
			events: [...events.values()].sort(order), bases: [...bases.values()] }));
	}
}

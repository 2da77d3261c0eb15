/* events.js - the answer to a POST as server-sent events (EventSource can only GET) */
import { API, parse, Refused, retryOf } from "./api.js";

/* Reads whole events off the front of `text`: [events, rest]. */
export function takeEvents(text) {
	const blocks = text.split("\n\n"), rest = blocks.pop();
	const events = blocks.map(block => {
		const lines = block.split("\n"), field = name => lines.filter(line => line.startsWith(`${name}: `))
			.map(line => line.slice(name.length + 2)).join("\n");
		return { event: field("event"), data: field("data") };
	});
	return [events.filter(({ event }) => event), rest];
}

/* Asks, and calls heard(event, data) for each event until the answer ends. Rejects with Refused when
 * it was not taken (its status), or broke off (0). */
export async function postEvents(path, json, heard) {
	let response;
	try {
		response = await fetch(API + path, { method: "POST", credentials: "same-origin", cache: "no-store",
			headers: { "Content-Type": "application/json" }, body: JSON.stringify(json) });
		if (response.ok)
			return await readEvents(response.body.getReader(), heard);
	} catch {
		throw new Refused(0);
	}
	const body = await response.arrayBuffer().catch(() => new ArrayBuffer(0));
	throw new Refused(response.status, parse(new Uint8Array(body)), retryOf(name => response.headers.get(name)));
}

async function readEvents(reader, heard) {
	const decoder = new TextDecoder();
	for (let text = "", events;;) {
		const { done, value } = await reader.read();
		if (done)
			return;
		[events, text] = takeEvents(text + decoder.decode(value, { stream: true }));
		for (const { event, data } of events)
			heard(event, JSON.parse(data || "{}"));
	}
}

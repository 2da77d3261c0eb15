/* api.js - the server's API */

export const API = "/api/v1/";

/* What the server refused, or what kept it from answering (status 0). */
export class Refused extends Error {
	constructor(status, body, retry) {
		super(body?.error?.message ?? (status ? `The server answered ${status}.` :
			"The server cannot be reached. Please look at your connection and try again."));
		this.status = status;
		this.body = body;
		this.code = body?.error?.code;
		this.retry = retry;
	}
}

const TIMEOUT = 30000;

/* A request; the Response whatever its status. Rejects with Refused 0 when there is none. */
export async function ask(method, path, { json, bytes, headers = {}, timeout = TIMEOUT, keepalive } = {}) {
	const stop = new AbortController(), timer = setTimeout(() => stop.abort(), timeout);
	try {
		const response = await fetch(API + path, {
			method, signal: stop.signal, keepalive, credentials: "same-origin", cache: "no-store",
			headers: { ...json !== undefined && { "Content-Type": "application/json" },
				...bytes && { "Content-Type": "application/octet-stream" }, ...headers },
			body: json !== undefined ? JSON.stringify(json) : bytes,
		});
		const data = new Uint8Array(await response.arrayBuffer());
		return { status: response.status, data, header: name => response.headers.get(name) };
	} catch {
		throw new Refused(0);
	} finally {
		clearTimeout(timer);
	}
}

export function parse(data) {
	try {
		return data.length ? JSON.parse(new TextDecoder().decode(data)) : {};
	} catch {
		return {};
	}
}

/* Milliseconds of Retry-After, or undefined. */
export const retryOf = header => Number(header("Retry-After")) * 1000 || undefined;

/* A request whose answer is JSON; rejects with Refused when it was not done. */
export async function call(method, path, options) {
	const { status, data, header } = await ask(method, path, options);
	const body = parse(data);
	if (status >= 400)
		throw new Refused(status, body, retryOf(header));
	return body;
}

export const pathOf = path => `files/${path.split("/").map(encodeURIComponent).join("/")}`;

/* {rev, bytes} of a file, null when there is none. */
export async function load(path) {
	const { status, data, header } = await ask("GET", pathOf(path));
	if (status === 404)
		return null;
	if (status >= 400)
		throw new Refused(status, parse(data));
	return { rev: Number(header("ETag").replace(/\D/g, "")), bytes: data };
}

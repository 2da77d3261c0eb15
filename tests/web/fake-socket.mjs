/* fake-socket.mjs - a WebSocket of the server's side (RFC 6455): whole binary frames, no extensions */
import { createHash } from "node:crypto";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

function frame(opcode, data) {
	const head = data.length < 126 ? Buffer.from([0x80 | opcode, data.length]) :
		Buffer.from([0x80 | opcode, 126, data.length >> 8, data.length & 255]);
	return Buffer.concat([head, data]);
}

/* Takes one frame off the front: [opcode, data, rest], or null when it is not whole. */
function take(bytes) {
	if (bytes.length < 2)
		return null;
	let at = 2, length = bytes[1] & 127;
	if (length === 126) {
		if (bytes.length < 4)
			return null;
		length = bytes.readUInt16BE(2);
		at = 4;
	}
	if (bytes.length < at + 4 + length)
		return null;
	const mask = bytes.subarray(at, at + 4);
	const data = Buffer.from(bytes.subarray(at + 4, at + 4 + length), 0);
	for (let i = 0; i < data.length; i++)
		data[i] ^= mask[i & 3];
	return [bytes[0] & 15, data, bytes.subarray(at + 4 + length)];
}

/* Answers the upgrade; heard(data) for each message. */
export function acceptSocket(request, socket, heard) {
	const key = createHash("sha1").update(request.headers["sec-websocket-key"] + GUID).digest("base64");
	socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		`Sec-WebSocket-Accept: ${key}\r\n\r\n`);
	let bytes = Buffer.alloc(0);
	socket.on("error", () => {});
	socket.on("data", part => {
		bytes = Buffer.concat([bytes, part]);
		for (let found; (found = take(bytes)) !== null;) {
			const [opcode, data, rest] = found;
			bytes = rest;
			if (opcode === 8)
				socket.end(frame(8, data));
			else if (opcode < 3)
				heard(data);
		}
	});
	return { send: data => socket.writable && socket.write(frame(2, data)), end: () => socket.destroy() };
}

/* setup.js - what is done before the clock starts */
import { call } from "./api.js";
import { element, find, session } from "./dom.js";
import { Stream } from "./stream.js";

let lines = 0, over = false;

function line(text) {
	lines++;
	find("lines").append(element("li", {}, text));
}

function failed() {
	find("heading").textContent = "That did not work";
	find("note").textContent = "The clock has not started. Please try again; if it fails once more, tell who invited you.";
	find("bar").hidden = true;
	find("again").hidden = false;
}

function show({ status, job }) {
	const all = job?.lines ?? [];
	all.slice(lines).forEach(text => line(typeof text === "string" ? text : text.text ?? ""));
	if (status === "error" || job?.state === "failed")
		failed();
	else if (!["activated", "initializing", "configuring"].includes(status) && !over) {
		over = true;
		location.reload();
	}
}

const stream = new Stream((event, data) => {
	if (event === "session" || event === "state")
		show(data);
	else if (event === "job" && data.line)
		line(data.line);
	else if (event === "reset" || event === "gone")
		location.reload();
}, on => { find("problem").textContent = on ? "" : "The connection is lost. It goes on when it is back."; });

find("again").addEventListener("click", async () => {
	stream.close();
	try {
		await call("POST", "start", { json: {} });
		location.reload();
	} catch (error) {
		find("problem").textContent = error.message;
	}
});
show(session());

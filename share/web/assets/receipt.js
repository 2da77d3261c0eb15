/* receipt.js - times of the reader, and what never reached the server */
import { find, localTimes, session } from "./dom.js";
import { Outbox } from "./outbox.js";

localTimes();
const outbox = new Outbox(session().id);
const left = await outbox.left();
const edits = left.flatMap(({ events }) => events).filter(event => event.kind === "edit").length;
if (edits) {
	find("unsent").textContent = "Some of what you wrote after the connection was lost did not reach the server in time, and is not part of it.";
	find("unsent").hidden = false;
}

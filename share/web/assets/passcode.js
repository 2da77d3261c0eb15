/* passcode.js - from the passcode to the session */
import { call } from "./api.js";
import { find } from "./dom.js";

const problem = find("problem"), input = find("passcode");

function wrong(error) {
	if (error.status === 404 || error.status === 400)
		return "This passcode is not known. Please look at your invitation and try again.";
	if (error.status === 429)
		return `There were too many tries. Please wait ${Math.ceil((error.retry ?? 60000) / 60000)
			} min, and try again.`;
	return error.message;
}

find("enter").addEventListener("submit", async event => {
	event.preventDefault();
	problem.textContent = "";
	const passcode = input.value.replace(/[\s-]/g, "").toUpperCase();
	try {
		if (!passcode)
			throw new Error("Please enter your passcode.");
		await call("POST", "enter", { json: { passcode } });
		location.assign("/take-home");
	} catch (error) {
		problem.textContent = wrong(error);
		input.setAttribute("aria-invalid", "true");
		input.focus();
		input.select();
	}
});
/* without all of this above the browser would put the passcode into the address */
find("enter").querySelector("button").disabled = false;

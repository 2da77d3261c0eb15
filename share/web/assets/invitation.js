/* invitation.js - Start */
import { call } from "./api.js";
import { find, localTimes } from "./dom.js";

localTimes();
find("start").addEventListener("submit", async event => {
	event.preventDefault();
	const button = event.target.querySelector("button"), code = find("access-code");
	find("problem").textContent = "";
	if (code && !code.value.trim()) {
		find("problem").textContent = "Please enter the access code.";
		code.focus();
		return;
	}
	button.disabled = true;
	try {
		await call("POST", "start", { json: code ? { code: code.value.trim() } : {} });
		scrollTo(0, 0);	/* what comes next would be scrolled as far */
		location.reload();
	} catch (error) {
		find("problem").textContent = code && error.status === 404 ?
			"This access code is not right. Please look at it and try again." : error.message;
		button.disabled = false;
		(code ?? button).focus();
	}
});
/* without all of this above the browser would put what was entered into the address */
find("start").querySelector("button").disabled = false;

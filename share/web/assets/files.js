/* files.js - the tree of files and folders, and what is done to them by the server
 *
 * A folder is there as long as a file is in it, here as in the journal: nothing else makes one. */
import { ask as askDialog, element, find, say } from "./dom.js";
import { ask, call, parse, pathOf, Refused, retryOf } from "./api.js";

/* Bytes that a file may have. */
export const fileLimit = workspace => workspace?.limits?.file ?? workspace?.limits?.file_bytes ?? 1048576;

const nameOf = path => path.slice(path.lastIndexOf("/") + 1);
const folderOf = path => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/* What the server would refuse anyway, said at once. */
function problemOf(path) {
	if (!path)
		return "Please enter a name.";
	if (path.startsWith("/") || path.endsWith("/") || path.includes("//") || path.includes("\\"))
		return "A path is names with / between them, and begins with a name.";
	if (path.split("/").some(name => name === "." || name === ".." || name.toLowerCase() === ".git"))
		return "A name cannot be “.”, “..” or “.git”.";
	return "";
}

export class Files {
	/* told: open(path), moved(path, to) - a promise: it is known what is there; removed(path), settle() - a promise:
	 * what is typed is saved */
	constructor(workspace, told) {
		this.told = told;
		this.all = new Map();
		this.closed = new Set();
		this.chosen = null;
		this.rev = 0;	/* the newest that is known: what tells of an earlier one is late */
		this.limit = fileLimit(workspace);
		this.busy = null;	/* what is being renamed or deleted by us */
		this.load(workspace);
		find("new-file").addEventListener("click", () => this.make());
		find("rename").addEventListener("click", () => this.rename());
		find("delete").addEventListener("click", () => this.remove());
		find("upload").addEventListener("click", () => find("upload-files").click());
		find("upload-files").addEventListener("change", event => this.upload([...event.target.files]));
		find("files").addEventListener("dragover", event => event.preventDefault());
		find("files").addEventListener("drop", event => {
			event.preventDefault();
			this.upload([...event.dataTransfer.files]);
		});
		find("tree").addEventListener("keydown", event => this.key(event));
		find("tree").addEventListener("focusin", event => this.rove(event.target));
	}

	/* --- state */

	/* False when it is older than what is shown. */
	load(workspace) {
		if (workspace && workspace.rev < this.rev)
			return false;
		this.seen(workspace?.rev);
		this.all = new Map((workspace?.files ?? []).map(file => [file.path, file]));
		this.draw();
		return true;
	}

	seen(rev) {
		this.rev = Math.max(this.rev, rev ?? 0);
	}

	put(path, rev) {
		const file = this.all.get(path);
		this.seen(rev);
		if (file)
			file.rev = rev;
		else
			this.all.set(path, { path, rev, text: true });
		if (!file)
			this.draw();
	}

	drop(path) {
		for (const known of [...this.all.keys()])
			if (known === path || known.startsWith(`${path}/`))
				this.all.delete(known);
		this.draw();
	}

	/* Files that were moved, with what lies below a folder: [path, to] each. */
	move(path, to) {
		const moved = [], at = known => to + known.slice(path.length);
		for (const [known, file] of [...this.all])
			if (known === path || known.startsWith(`${path}/`)) {
				this.all.delete(known);
				this.all.set(at(known), { ...file, path: at(known) });
				moved.push([known, at(known)]);
			}
		if (this.chosen === path)
			this.chosen = to;
		this.draw();
		return moved;
	}

	isFolder(path) {
		return [...this.all.keys()].some(known => known.startsWith(`${path}/`));
	}

	/* --- drawing: nested lists of buttons */

	draw() {
		const focused = document.activeElement?.closest("#tree button")?.dataset.path;
		const root = { folders: new Map(), files: [] };
		const at = folder => folder.split("/").filter(Boolean).reduce((node, name) => {
			if (!node.folders.has(name))
				node.folders.set(name, { folders: new Map(), files: [] });
			return node.folders.get(name);
		}, root);
		for (const path of this.all.keys())
			at(folderOf(path)).files.push(path);
		find("tree").replaceChildren(this.all.size ? this.list(root, "") :
			element("p", { className: "none" }, "No files yet."));
		if (focused)
			this.button(focused)?.focus();
		this.mark();
	}

	list(node, prefix) {
		const order = (a, b) => a.localeCompare(b), list = element("ul");
		for (const name of [...node.folders.keys()].sort(order)) {
			const path = prefix + name, open = !this.closed.has(path);
			const item = element("li", {}, this.entry(path, name, { "aria-expanded": String(open) }));
			if (open)
				item.append(this.list(node.folders.get(name), `${path}/`));
			list.append(item);
		}
		for (const path of node.files.sort(order))
			list.append(element("li", {}, this.entry(path, nameOf(path), {})));
		return list;
	}

	entry(path, name, attributes) {
		return element("button", { type: "button", "data-path": path, tabIndex: -1, ...attributes,
			onclick: () => this.click(path) }, element("bdi", {}, name));
	}

	button(path) {
		return [...find("tree").querySelectorAll("button")].find(entry => entry.dataset.path === path);
	}

	/* The chosen one: what Rename and Delete are about. */
	choose(path) {
		this.chosen = path;
		this.mark();
	}

	mark() {
		const entries = [...find("tree").querySelectorAll("button")];
		const chosen = entries.find(entry => entry.dataset.path === this.chosen);
		entries.find(entry => entry.hasAttribute("aria-current"))?.removeAttribute("aria-current");
		chosen?.setAttribute("aria-current", "true");
		this.rove(entries.find(entry => entry === document.activeElement) ?? chosen ?? entries[0]);
		for (const id of ["rename", "delete"])
			find(id).disabled = !this.chosen;
	}

	/* Tab gets to one of them, arrow keys to the others. */
	rove(entry) {
		if (this.stop)
			this.stop.tabIndex = -1;
		this.stop = entry;
		if (entry)
			entry.tabIndex = 0;
	}

	click(path) {
		this.choose(path);
		if (this.all.has(path)) {
			this.told.open(path);
			return;
		}
		if (!this.closed.delete(path))
			this.closed.add(path);
		this.draw();
	}

	key(event) {
		const entries = [...find("tree").querySelectorAll("button")], at = entries.indexOf(event.target);
		const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
		const path = event.target.dataset?.path;
		if (at < 0 || event.ctrlKey || event.altKey || event.metaKey)
			return;
		if (event.key === "F2" || event.key === "Delete") {
			event.preventDefault();
			this.choose(path);
			event.key === "F2" ? this.rename() : this.remove();
		} else if (entries[to]) {
			event.preventDefault();
			entries[to].focus();
		} else if (event.key === "ArrowRight" && this.closed.has(path) ||
			event.key === "ArrowLeft" && event.target.getAttribute("aria-expanded") === "true") {
			event.preventDefault();
			this.click(path);
		}
	}

	/* --- operations */

	async operate(path, body) {
		await this.told.settle();
		this.busy = path;
		try {
			const told = await call("POST", pathOf(path), { json: body });
			this.seen(told.rev);
			return told;
		} finally {
			this.busy = null;
		}
	}

	/* Asks for a path until `done` takes it. */
	name(title, button, value, done) {
		const dialog = find("name-dialog"), input = find("name"), problem = find("name-problem");
		const before = document.activeElement;
		find("name-title").textContent = title;
		find("name-yes").textContent = button;
		input.value = value;
		problem.textContent = "";
		find("name-cancel").onclick = () => dialog.close();
		find("name-form").onsubmit = async event => {
			event.preventDefault();
			const path = input.value.trim();
			problem.textContent = problemOf(path);
			if (problem.textContent)
				return;
			try {
				await done(path);
				dialog.close();
				if (!before.isConnected)	/* it is drawn anew */
					this.button(this.chosen)?.focus();
			} catch (error) {
				problem.textContent = error.message;
				input.focus();
			}
		};
		dialog.showModal();
		input.setSelectionRange(value.lastIndexOf("/") + 1, value.length);
	}

	make() {
		const { chosen } = this;
		const folder = chosen && (this.isFolder(chosen) ? chosen : folderOf(chosen));
		this.name("New file", "Create", folder ? `${folder}/` : "", async path => {
			const { rev } = await this.operate(path, { op: "create" });
			this.put(path, rev);
			this.choose(path);
			this.told.open(path, true);
		});
	}

	rename() {
		const path = this.chosen;
		this.name(`Rename ${nameOf(path)}`, "Rename", path, async to => {
			if (to === path)
				return;
			const { rev } = await this.operate(path, { op: "rename", to });
			this.move(path, to);
			if (this.all.has(to))
				this.all.get(to).rev = rev;
			await this.told.moved(path, to);
			say(`${path} is ${to} now`);
		});
	}

	async remove() {
		const path = this.chosen;
		const inside = [...this.all.keys()].filter(known => known.startsWith(`${path}/`));
		find("delete-text").textContent = inside.length ?
			`${path} and the ${inside.length} files in it are removed.` : `${path} is removed.`;
		if (await askDialog(find("delete-dialog")) !== "yes")
			return;
		try {
			await this.operate(path, { op: "delete" });
			this.drop(path);
			[path, ...inside].forEach(gone => this.told.removed(gone));
			this.choose(null);
			say(`${path} deleted`);
			find("new-file").focus();
		} catch (error) {
			this.told.problem(error.message);
		}
	}

	async upload(list) {
		const folder = this.chosen && (this.isFolder(this.chosen) ? this.chosen : folderOf(this.chosen));
		for (const file of list) {
			const path = folder ? `${folder}/${file.name}` : file.name;
			try {
				if (problemOf(path))
					throw new Error(problemOf(path));
				if (file.size > this.limit)
					throw new Error(`it is longer than ${Math.floor(this.limit / 1024)} KiB`);
				await this.put_(path, file);
				say(`${path} uploaded`);
			} catch (error) {
				this.told.problem(`${file.name}: ${error.message}`);
			}
		}
		find("upload-files").value = "";
	}

	async put_(path, file) {
		await this.told.settle();
		const known = this.all.get(path);
		const { status, data, header } = await ask("PUT", pathOf(path), {
			bytes: await file.arrayBuffer(), timeout: 120000,
			headers: known ? { "If-Match": `"${known.rev}"` } : { "If-None-Match": "*" },
		});
		if (status >= 400)
			throw new Refused(status, parse(data), retryOf(header));
		this.put(path, parse(data).rev);
		this.told.uploaded(path, parse(data).rev);
	}
}

/* editor.js - one editor for all open files, each with its own history and place */
import * as cm from "./codemirror.js";
import { encode, sha256, wellFormed } from "./bytes.js";
import { byteOffset, editsOf, lineBreak } from "./changes.js";
import { isCopied, plain, rememberCopy } from "./copied.js";
import { onSettings, settings } from "./settings.js";

const { EditorState, EditorView, Compartment, Annotation, Transaction, keymap } = cm;

const CURSOR_MS = 200;

/* A change that comes from the server, and is none of the candidate's. */
const fromServer = Annotation.define();
/* One that puts in what the assistant wrote: the exchange it wrote it in, or "". */
const fromAnswer = Annotation.define();

function mode(path) {
	const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
	const found = cm.modes[name.slice(name.lastIndexOf(".") + 1)];
	return found ? cm.StreamLanguage.define(found) : [];
}

export class Editor {
	/* told: edit(path, edits, before), cursor(path, at, to), paste(path, data), tooLong(path, limit) */
	constructor(host, nonce, limit, told) {
		this.host = host;
		this.limit = limit;
		this.told = told;
		this.documents = new Map();	/* path: {state, separator, scroll} */
		this.path = null;
		this.parts = { look: new Compartment(), edit: new Compartment(), file: new Compartment() };
		this.base = this.extensions(nonce);
		onSettings(() => this.reconfigure());
	}

	extensions(nonce) {
		return [
			EditorView.cspNonce.of(nonce), cm.lineNumbers(), cm.highlightSpecialChars(), cm.history(),
			cm.drawSelection(), EditorState.allowMultipleSelections.of(true),
			cm.indentOnInput(), cm.syntaxHighlighting(cm.classHighlighter), cm.bracketMatching(),
			cm.closeBrackets(), cm.rectangularSelection(), cm.highlightActiveLine(),
			cm.highlightActiveLineGutter(), cm.highlightSelectionMatches(), cm.search({ top: true }),
			cm.autocompletion({ override: [cm.completeAnyWord], activateOnTyping: false }),
			keymap.of([...cm.closeBracketsKeymap, ...cm.defaultKeymap.filter(({ key }) =>
				key !== "Mod-Enter"), ...cm.searchKeymap, ...cm.historyKeymap, ...cm.completionKeymap,
			cm.indentWithTab]),
			EditorView.updateListener.of(update => this.updated(update)),
			EditorView.clipboardInputFilter.of((text, state) => {
				const clean = wellFormed(plain(text));
				return state.lineBreak === "\n" ? clean : clean.replaceAll("\n", state.lineBreak);
			}),
			EditorView.clipboardOutputFilter.of(text => {
				rememberCopy(text);
				return text;
			}),
			EditorView.domEventHandlers({ paste: event => this.pasted(event) }),
			EditorState.transactionFilter.of(transaction => this.tooLong(transaction) ? [] : transaction),
			this.parts.look.of(this.look()), this.parts.edit.of([]),
		];
	}

	look() {
		const { tab, wrap } = settings;
		return [EditorState.tabSize.of(tab), cm.indentUnit.of(" ".repeat(tab)),
			wrap ? EditorView.lineWrapping : []];
	}

	reconfigure() {
		const effects = this.parts.look.reconfigure(this.look());
		for (const [path, document] of this.documents)
			if (path !== this.path)
				document.state = document.state.update({ effects }).state;
		this.view?.dispatch({ effects });
		this.view?.requestMeasure();
	}

	/* --- what happens in it */

	updated(update) {
		for (const transaction of update.transactions)
			if (transaction.docChanged && !transaction.annotation(fromServer))
				this.changed(transaction);
		if (update.selectionSet && !update.docChanged && !this.quiet)
			this.moved();
	}

	changed(transaction) {
		const { startState, changes } = transaction, exchange = transaction.annotation(fromAnswer);
		const origin = exchange !== undefined ? "ai" :
			transaction.isUserEvent("input.paste") || transaction.isUserEvent("input.drop") ? "paste" : "typed";
		this.told.edit(this.path, editsOf(changes, startState.doc, startState.lineBreak, { origin,
			...exchange && { exchange } }), () => startState.sliceDoc());
	}

	/* At most five times a second, and where it came to rest. */
	moved() {
		if (this.cursor)
			return;
		this.cursor = setTimeout(() => {
			this.cursor = null;
			if (!this.view || !this.path)
				return;
			const { doc, selection: { main }, lineBreak: separator } = this.view.state;
			const at = byteOffset(doc, main.head, separator);
			this.told.cursor(this.path, at, main.empty ? at : byteOffset(doc, main.anchor, separator));
		}, CURSOR_MS);
	}

	pasted(event) {
		const text = event.clipboardData?.getData("text/plain");
		if (!text || !this.view)
			return;
		const bytes = encode(wellFormed(text)), { doc, selection, lineBreak: separator } = this.view.state;
		this.told.paste(this.path, { at: byteOffset(doc, selection.main.from, separator), size: bytes.length,
			hash: sha256(bytes),
			origin: isCopied(text) ? "inside" : "outside" });
	}

	tooLong(transaction) {
		if (!transaction.docChanged || transaction.annotation(fromServer) ||
			transaction.newDoc.length * 3 < this.limit)
			return false;
		const { newDoc: doc, startState } = transaction;
		const size = byteOffset(doc, doc.length, startState.lineBreak);
		if (size <= this.limit || size <= byteOffset(startState.doc, startState.doc.length,
			startState.lineBreak))
			return false;
		this.told.tooLong(this.path, this.limit);
		return true;
	}

	/* --- files */

	has(path) {
		return this.documents.has(path);
	}

	get paths() {
		return [...this.documents.keys()];
	}

	add(path, text) {
		const separator = lineBreak(text);
		const state = EditorState.create({ doc: text,
			extensions: [EditorState.lineSeparator.of(separator), this.parts.file.of(this.attributes(path)),
				this.base] });
		this.documents.set(path, { state, separator });
	}

	attributes(path) {
		return [mode(path), EditorView.contentAttributes.of({
			"aria-label": `${path}, text`, "aria-describedby": "editor-help", spellcheck: "false", tabindex: "0",
		})];
	}

	/* The document of a path, with what the view knows of the one that is shown. */
	document(path) {
		const document = this.documents.get(path);
		if (document && path === this.path)
			document.state = this.view.state;
		return document;
	}

	text(path) {
		return this.document(path)?.state.sliceDoc();
	}

	show(path) {
		if (path === this.path)
			return;
		this.leave();
		const { state, scroll } = this.documents.get(path);
		this.path = path;
		if (!this.view) {
			this.host.replaceChildren();
			this.view = new EditorView({ state, parent: this.host });
		} else {
			this.view.setState(state);
		}
		this.view.dispatch({ effects: [this.parts.look.reconfigure(this.look()), ...scroll ? [scroll] : []] });
		if (this.locked)
			this.lock();
	}

	leave() {
		const document = this.path && this.document(this.path);
		if (document)
			document.scroll = this.view.scrollSnapshot();
	}

	close(path) {
		this.leave();
		this.documents.delete(path);
		if (path !== this.path)
			return;
		this.path = null;
		this.view.destroy();
		this.view = null;
	}

	/* The same document under another name, with its history. */
	rename(path, to) {
		if (!this.has(path))
			return;
		if (this.has(to))
			this.close(to);
		const document = this.document(path), effects = this.parts.file.reconfigure(this.attributes(to));
		if (path === this.path) {
			this.path = to;
			this.view.dispatch({ effects });
		} else {
			document.state = document.state.update({ effects }).state;
		}
		this.documents = new Map([...this.documents].map(([at, open]) => [at === path ? to : at, open]));
	}

	/* Another text from the server: only what differs changes, so the cursor stays where it was. */
	replace(path, text) {
		const { state, separator } = this.document(path);
		if (lineBreak(text) !== separator && text.includes("\n")) {
			const shown = path === this.path;
			this.close(path);
			this.add(path, text);
			if (shown)
				this.show(path);
			return;
		}
		const before = state.sliceDoc().split(separator).join("\n"), after = text.split(separator).join("\n");
		const most = Math.min(before.length, after.length);
		let head = 0, tail = 0;
		while (head < most && before[head] === after[head])
			head++;
		while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail])
			tail++;
		if (before === after)
			return;
		const change = {
			changes: { from: head, to: before.length - tail,
				insert: state.toText(after.slice(head, after.length - tail).split("\n").join(separator)) },
			annotations: [fromServer.of(true), Transaction.addToHistory.of(false)],
		};
		this.quiet = true;
		if (path === this.path)
			this.view.dispatch(change);
		else
			this.documents.get(path).state = state.update(change).state;
		this.quiet = false;
	}

	/* The text that is shown, with "\n" between its lines, and what of it is selected. */
	place() {
		const { doc, selection: { main } } = this.view.state;
		return { before: doc.sliceString(0, doc.length, "\n"), from: main.from, to: main.to };
	}

	/* Changes of that text that the assistant wrote in `exchange`. */
	apply(changes, exchange = "") {
		if (this.locked)
			return;
		const { state } = this.view, { lineBreak: separator } = state;
		this.view.dispatch({ userEvent: "input", scrollIntoView: true, annotations: fromAnswer.of(exchange),
			changes: changes.map(({ from, to, insert }) => ({ from, to,
				insert: state.toText(wellFormed(plain(insert)).split("\n").join(separator)) })) });
	}

	focus() {
		this.view?.focus();
	}

	lock() {
		this.locked = true;
		this.view?.dispatch({ effects: this.parts.edit.reconfigure([EditorState.readOnly.of(true),
			EditorView.editable.of(false)]) });
	}

	hash(path) {
		return sha256(encode(this.text(path)));
	}
}

/* codemirror.mjs - what the pages take from CodeMirror; becomes codemirror.js */
export {
	EditorState, Compartment, Annotation, Transaction,
} from "@codemirror/state";
export {
	EditorView, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter,
	highlightSpecialChars, drawSelection, rectangularSelection,
} from "@codemirror/view";
export {
	history, historyKeymap, defaultKeymap, indentWithTab,
} from "@codemirror/commands";
export {
	StreamLanguage, indentUnit, indentOnInput, bracketMatching, syntaxHighlighting,
} from "@codemirror/language";
export { search, searchKeymap, highlightSelectionMatches } from "@codemirror/search";
export {
	autocompletion, closeBrackets, closeBracketsKeymap, completeAnyWord, completionKeymap,
} from "@codemirror/autocomplete";
export { classHighlighter, highlightTree } from "@lezer/highlight";

import { python } from "@codemirror/legacy-modes/mode/python";
import { javascript, json, typescript } from "@codemirror/legacy-modes/mode/javascript";
import { c, cpp, java } from "@codemirror/legacy-modes/mode/clike";
import { go } from "@codemirror/legacy-modes/mode/go";
import { rust } from "@codemirror/legacy-modes/mode/rust";
import { html } from "@codemirror/legacy-modes/mode/xml";
import { css } from "@codemirror/legacy-modes/mode/css";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { yaml } from "@codemirror/legacy-modes/mode/yaml";
import { diff } from "@codemirror/legacy-modes/mode/diff";

/* The 14 modes, by the ends of the names of their files. */
export const modes = {
	py: python, pyi: python, js: javascript, mjs: javascript, cjs: javascript, jsx: javascript,
	json, ts: typescript, tsx: typescript, mts: typescript, c, h: c, cpp, cc: cpp, cxx: cpp, hpp: cpp,
	hh: cpp, java, go, rs: rust, html, htm: html, xml: html, svg: html, vue: html, css, scss: css,
	sh: shell, bash: shell, bats: shell, yml: yaml, yaml, diff, patch: diff,
};

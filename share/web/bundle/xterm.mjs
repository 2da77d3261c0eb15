/* xterm.mjs - what the pages take from xterm.js; becomes xterm.js, and xterm.css beside it */
import "@xterm/xterm/css/xterm.css";

export { Terminal } from "@xterm/xterm";
export { FitAddon } from "@xterm/addon-fit";

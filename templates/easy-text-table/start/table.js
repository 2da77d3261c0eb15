"use strict";
// Tab-separated values on standard input, a table in plain text on standard output.

const { readFileSync } = require("node:fs");

function table(text) {
  throw new Error(`not written yet: ${text.length} characters to show`);
}

process.stdout.write(table(readFileSync(0, "utf8")));

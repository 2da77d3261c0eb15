"use strict";
// A build file on standard input, the order to build in on standard output.

const { readFileSync } = require("node:fs");

function answer(text) {
  throw new Error(`not written yet: ${text.length} characters to read`);
}

process.stdout.write(answer(readFileSync(0, "utf8")));

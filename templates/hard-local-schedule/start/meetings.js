"use strict";
// Zones and meetings on standard input, the instants of the meetings on standard output.

const { readFileSync } = require("node:fs");

function answer(lines) {
  throw new Error(`not written yet: ${lines.length} lines to read`);
}

process.stdout.write(answer(readFileSync(0, "utf8").split("\n")).map((row) => `${row}\n`).join(""));

"use strict";
// Tab-separated values on standard input, a table in plain text on standard output.

const { readFileSync } = require("node:fs");

const WIDEST = 10;
const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;

const length = (cell) => [...cell].length;

function rowsOf(text) {
  const rows = text
    .split("\n")
    .filter((line) => /[^ \t]/.test(line))
    .map((line) => line.split("\t").map((cell) => cell.replace(/^ +| +$/g, "")));
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  return rows.map((row) => row.concat(Array(columns - row.length).fill("")));
}

function isNumberColumn(cells) {
  const filled = cells.filter((cell) => cell !== "");
  return filled.length > 0 && filled.every((cell) => NUMBER.test(cell));
}

function cut(cell) {
  return length(cell) > WIDEST ? [...cell].slice(0, WIDEST - 1).join("") + "…" : cell;
}

function layout(cells) {
  const shown = cells.map(cut);
  const width = shown.reduce((most, cell) => Math.max(most, length(cell)), 0);
  const right = isNumberColumn(cells.slice(1));
  return {
    rule: "-".repeat(width),
    cells: shown.map((cell) => {
      const fill = " ".repeat(width - length(cell));
      return right ? fill + cell : cell + fill;
    }),
  };
}

function table(text) {
  const rows = rowsOf(text);
  if (rows.length === 0) return "";
  const columns = rows[0].map((_, index) => layout(rows.map((row) => row[index])));
  const lines = rows.map((_, index) =>
    columns.map((column) => column.cells[index]).join(" | ").replace(/ +$/, ""),
  );
  lines.splice(1, 0, columns.map((column) => column.rule).join("-+-"));
  return lines.join("\n") + "\n";
}

process.stdout.write(table(readFileSync(0, "utf8")));

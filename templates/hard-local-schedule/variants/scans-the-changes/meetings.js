"use strict";
// Zones and meetings on standard input, the instants of the meetings on standard output.
// A time is a number of minutes since 1970, in UTC ("instant") or on the clock of a zone ("local").

const { readFileSync } = require("node:fs");

const DAY = 24 * 60;
const MINUTE_MS = 60000;

const parseTime = (text) => Date.parse(`${text.replace("Z", "")}Z`) / MINUTE_MS;
const showTime = (minutes) => new Date(minutes * MINUTE_MS).toISOString().slice(0, 16);

class Zone {
  constructor(offset) {
    // From `at` on the offset holds; `opens` is the first local time of it that was not shown before.
    this.parts = [{ at: -Infinity, opens: -Infinity, offset }];
  }

  change(at, offset) {
    const before = this.parts[this.parts.length - 1].offset;
    this.parts.push({ at, opens: at + Math.min(before, offset), offset, before, forward: offset > before });
  }

  /** The index of the last part that begins by its `key` at or before a time. */
  #last(key, time) {
    return this.parts.filter((part) => part[key] <= time).length - 1;
  }

  local(instant) {
    return instant + this.parts[this.#last("at", instant)].offset;
  }

  /** The instant of a local time: the first of two; as much after a gap's beginning as the time lies in it. */
  instant(local) {
    const part = this.parts[this.#last("opens", local)];
    if (part.at === -Infinity) return local - part.offset;
    if (part.forward) return local < part.at + part.offset ? part.at + (local - part.opens) : local - part.offset;
    return local < part.at + part.before ? local - part.before : local - part.offset;
  }
}

/** The local time `number` steps after the first one. */
function stepped(first, step, number) {
  const size = parseInt(step, 10) * number;
  const unit = step.at(-1);
  if (unit !== "m") return first + size * DAY * (unit === "w" ? 7 : 1);
  const day = new Date(first * MINUTE_MS);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + size];
  const longest = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const wanted = Date.UTC(year, month, Math.min(day.getUTCDate(), longest)) / MINUTE_MS;
  return wanted + (first % DAY);
}

function occurrences(name, zone, first, step, count) {
  return Array.from({ length: count }, (_, number) => {
    const wanted = stepped(first, step, number);
    const instant = zone.instant(wanted);
    const shown = zone.local(instant);
    return `${name} ${number} ${showTime(instant)}Z${shown === wanted ? "" : ` ${showTime(shown)}`}`;
  });
}

function answer(lines) {
  const zones = new Map();
  const rows = [];
  for (const line of lines) {
    const [kind, name, ...words] = line.split(" ");
    if (kind === "zone") zones.set(name, new Zone(Number(words[0])));
    if (kind === "change") zones.get(name).change(parseTime(words[0]), Number(words[1]));
    if (kind === "meet") {
      const [zone, local, step, count] = words;
      for (const row of occurrences(name, zones.get(zone), parseTime(local), step, Number(count))) rows.push(row);
    }
  }
  return rows;
}

process.stdout.write(answer(readFileSync(0, "utf8").split("\n")).map((row) => `${row}\n`).join(""));

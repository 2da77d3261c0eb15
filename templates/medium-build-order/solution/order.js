"use strict";
// A build file on standard input, the order to build in on standard output.

const { readFileSync } = require("node:fs");

/** Map from every target to the set of those it needs. */
function parse(text) {
  const needs = new Map();
  const target = (name) => {
    if (!needs.has(name)) needs.set(name, new Set());
    return needs.get(name);
  };
  for (const line of text.replace(/\\\n/g, " ").split("\n")) {
    if (/^[ \t]*(#|$)/.test(line)) continue;
    const colon = line.indexOf(":");
    const own = target(line.slice(0, colon).trim());
    for (const name of line.slice(colon + 1).split(/[ \t]+/).filter(Boolean)) {
      own.add(name);
      target(name);
    }
  }
  return needs;
}

/** Map from every target to the list of those that need it. */
function turnedAround(needs) {
  const users = new Map([...needs.keys()].map((name) => [name, []]));
  for (const [name, needed] of needs) for (const other of needed) users.get(other).push(name);
  return users;
}

/** A queue that gives the smallest string first: a binary heap. */
class Queue {
  #heap = [];

  get length() {
    return this.#heap.length;
  }

  push(value) {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0 && heap[(place - 1) >> 1] > value) {
      heap[place] = heap[(place - 1) >> 1];
      place = (place - 1) >> 1;
    }
    heap[place] = value;
  }

  pop() {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return first;
    let place = 0;
    for (let child = 1; child < heap.length; child = 2 * place + 1) {
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) child++;
      if (heap[child] >= last) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = last;
    return first;
  }
}

/** All targets that do not wait for a knot, in the order to build them. */
function buildOrder(needs, users) {
  const missing = new Map([...needs].map(([name, needed]) => [name, needed.size]));
  const ready = new Queue();
  const order = [];
  for (const [name, count] of missing) if (count === 0) ready.push(name);
  while (ready.length > 0) {
    const name = ready.pop();
    order.push(name);
    for (const user of users.get(name)) {
      missing.set(user, missing.get(user) - 1);
      if (missing.get(user) === 0) ready.push(user);
    }
  }
  return order;
}

/** Calls leave(name) for everything that can be reached and was not seen, deepest first. */
function walk(start, edges, seen, leave) {
  if (seen.has(start)) return;
  seen.add(start);
  const path = [{ name: start, next: edges.get(start).values() }];
  while (path.length > 0) {
    const { name, next } = path[path.length - 1];
    const { value, done } = next.next();
    if (done) {
      path.pop();
      leave(name);
    } else if (!seen.has(value)) {
      seen.add(value);
      path.push({ name: value, next: edges.get(value).values() });
    }
  }
}

/** The groups of targets that need each other: two walks, the second one against the arrows. */
function knots(needs, users) {
  const left = [];
  const groups = [];
  let seen = new Set();
  for (const name of needs.keys()) walk(name, needs, seen, (done) => left.push(done));
  seen = new Set();
  for (const name of left.reverse()) {
    const group = [];
    walk(name, users, seen, (member) => group.push(member));
    if (group.length > 1 || (group.length === 1 && needs.get(name).has(name))) groups.push(group.sort());
  }
  return groups.sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

function answer(text) {
  const needs = parse(text);
  const users = turnedAround(needs);
  const order = buildOrder(needs, users);
  const rows = order.length === needs.size ? order : knots(needs, users).map((group) => `knot: ${group.join(" ")}`);
  return rows.map((row) => `${row}\n`).join("");
}

process.stdout.write(answer(readFileSync(0, "utf8")));

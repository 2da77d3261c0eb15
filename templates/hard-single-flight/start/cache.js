"use strict";
// A cache of slow calls that lets one load for each key through at a time.

class Cache {
  constructor({ ttl, stale = 0, now = Date.now }) {
    this.ttl = ttl;
    this.stale = stale;
    this.now = now;
    this.entries = {};
    this.loads = new Map();
  }

  async get(key, load) {
    const entry = this.entries[key];
    const age = entry ? this.now() - entry.since : Infinity;
    if (age <= this.ttl) return entry.value;
    if (age < this.ttl + this.stale) {
      this.refresh(key, load);
      return entry.value;
    }
    if (this.loads.has(key)) return await this.loads.get(key);
    return await this.refresh(key, load);
  }

  async refresh(key, load) {
    const since = this.now();
    await null;
    const loading = load(key);
    this.loads.set(key, loading);
    const value = await loading;
    this.loads.delete(key);
    if (value) this.entries[key] = { value, since };
    return value;
  }

  set(key, value) {
    this.entries[key] = { value, since: this.now() };
  }

  delete(key) {
    const there = key in this.entries;
    delete this.entries[key];
    return there;
  }

  clear() {
    this.entries = {};
  }

  get size() {
    return Object.keys(this.entries).length;
  }
}

module.exports = { Cache };

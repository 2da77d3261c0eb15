"use strict";
// A cache of slow calls that lets one load for each key through at a time.

class Cache {
  #ttl;
  #stale;
  #now;
  #entries = new Map(); // key -> { value, since }
  #loads = new Map(); // key -> promise of the load under way

  constructor({ ttl, stale = 0, now = Date.now }) {
    this.#ttl = ttl;
    this.#stale = stale;
    this.#now = now;
  }

  async get(key, load) {
    const entry = this.#usable(key);
    if (entry && this.#age(entry) < this.#ttl) return entry.value;
    const loading = this.#loads.get(key) ?? this.#begin(key, load);
    if (!entry) return loading;
    loading.catch(() => {});
    return entry.value;
  }

  set(key, value) {
    this.#loads.delete(key);
    this.#entries.set(key, { value, since: this.#now() });
  }

  delete(key) {
    const there = this.#usable(key) !== undefined;
    this.#loads.delete(key);
    this.#entries.delete(key);
    return there;
  }

  clear() {
    this.#loads.clear();
    this.#entries.clear();
  }

  get size() {
    for (const key of [...this.#entries.keys()]) this.#usable(key);
    return this.#entries.size;
  }

  #age(entry) {
    return this.#now() - entry.since;
  }

  /** The entry of a key if it is fresh or stale; one whose time is over goes. */
  #usable(key) {
    const entry = this.#entries.get(key);
    if (entry && this.#age(entry) >= this.#ttl + this.#stale) {
      this.#entries.delete(key);
      return undefined;
    }
    return entry;
  }

  /** Starts a load. It is remembered until it ends, or until it has no effect any more. */
  #begin(key, load) {
    const loading = this.#run(key, load, () => this.#loads.get(key) === loading);
    this.#loads.set(key, loading);
    return loading;
  }

  async #run(key, load, counts) {
    const since = this.#now();
    await undefined; // so that #begin has remembered it before load is called
    try {
      const value = await load(key);
      if (counts()) this.#entries.set(key, { value, since });
      return value;
    } finally {
      if (counts()) this.#loads.delete(key);
    }
  }
}

module.exports = { Cache };

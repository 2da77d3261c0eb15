/**
 * A stage: store, payments and prices whose every call waits until the test lets it go. Nothing depends on time.
 *
 *   const stage = new Stage();
 *   const sale = stage.watch(stage.office.buy('ann', 'hamlet', 2));
 *   await stage.go();                 // let calls go, oldest first, until nothing waits any more
 *   sale.state                        // 'waiting', 'done' (sale.value) or 'failed' (sale.error)
 */
import { setImmediate as turn } from 'node:timers/promises';
import { BoxOffice } from '../src/box-office.js';

export class Stage {
  rows = new Map();
  charges = [];
  calls = []; // those that wait, oldest first
  #declined = new Set();
  #held = [];

  constructor() {
    const call = (name, act) => new Promise((resolve, reject) => {
      this.calls.push({ name, run: () => { try { resolve(act()); } catch (error) { reject(error); } } });
    });
    this.store = {
      get: (key) => call(`get ${key}`, () => structuredClone(this.rows.get(key))),
      put: (key, value) => {
        const copy = structuredClone(value);
        return call(`put ${key}`, () => { this.rows.set(key, copy); });
      },
    };
    this.payments = {
      charge: (id, cents) => call(`charge ${id}`, () => {
        if (this.#declined.delete(id)) throw new Error('card declined');
        this.charges.push({ id, cents });
      }),
    };
    this.office = new BoxOffice(this);
  }

  /** The next charge of this purchase is declined. */
  decline(id) { this.#declined.add(id); }

  /** Calls whose name begins like this wait until release(). */
  hold(prefix) { this.#held.push(prefix); }
  release() { this.#held = []; }

  watch(promise) {
    const seen = { state: 'waiting' };
    promise.then(
      (value) => Object.assign(seen, { state: 'done', value }),
      (error) => Object.assign(seen, { state: 'failed', error }),
    );
    return seen;
  }

  /** Let calls go, one after the other, until none waits but those on hold. choose(n) says which of n is next. */
  async go(choose = () => 0) {
    for (;;) {
      await turn();
      const ready = this.calls.filter(({ name }) => !this.#held.some((prefix) => name.startsWith(prefix)));
      if (!ready.length) return;
      const next = ready[choose(ready.length)];
      this.calls.splice(this.calls.indexOf(next), 1);
      next.run();
    }
  }

  /** One call after the other of a promise, and its value. */
  async finish(promise) {
    const seen = this.watch(promise);
    await this.go();
    if (seen.state === 'failed') throw seen.error;
    if (seen.state === 'waiting') throw new Error('it waits for something that never comes');
    return seen.value;
  }
}

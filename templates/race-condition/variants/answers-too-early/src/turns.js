/** Turns: work on one key is done one after the other; different keys do not wait for each other. */
export class Turns {
  #last = new Map(); // key -> the end of the last work that was asked for

  /** Do work when all earlier work on the key has ended, well or badly. */
  take(key, work) {
    const result = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const end = result.then(() => {}, () => {}).then(() => {
      if (this.#last.get(key) === end) this.#last.delete(key);
    });
    this.#last.set(key, end);
    return result;
  }
}

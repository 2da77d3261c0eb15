/** The price board: prices of shows, loaded when they are first asked for, and kept. */
export class PriceBoard {
  #prices = new Map(); // show -> promise of its price

  /** @param {(show: string) => Promise<number>} load asks the price service, which is slow */
  constructor(load) {
    this.load = load;
  }

  /** The price of a show in cents. */
  async price(show) {
    if (!this.#prices.has(show)) {
      const loading = Promise.resolve(this.load(show));
      this.#prices.set(show, loading);
      loading.catch(() => {
        if (this.#prices.get(show) === loading) this.#prices.delete(show);
      });
    }
    return this.#prices.get(show);
  }

  /** Forget a price, because it has just changed. */
  changed(show) {
    this.#prices.delete(show);
  }
}

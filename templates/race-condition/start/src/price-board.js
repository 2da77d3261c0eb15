/** The price board: prices of shows, loaded when they are first asked for, and kept. */
export class PriceBoard {
  #prices = new Map();

  /** @param {(show: string) => Promise<number>} load asks the price service, which is slow */
  constructor(load) {
    this.load = load;
  }

  /** The price of a show in cents. */
  async price(show) {
    if (!this.#prices.has(show)) this.#prices.set(show, await this.load(show));
    return this.#prices.get(show);
  }

  /** Forget a price, because it has just changed. */
  changed(show) {
    this.#prices.delete(show);
  }
}

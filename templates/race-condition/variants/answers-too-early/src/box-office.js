/** The box office: sells seats of shows. */
import { Refused } from './errors.js';
import { Turns } from './turns.js';

export class BoxOffice {
  #shows = new Turns(); // to read and write a show; never held while somebody pays
  #cancels = new Turns();
  #buying = new Map(); // purchase id -> the call that is under way

  /**
   * @param {object} parts
   * @param {{get(key: string): Promise<any>, put(key: string, value: any): Promise<void>}} parts.store
   * @param {{charge(id: string, cents: number): Promise<void>}} parts.payments
   */
  constructor({ store, payments }) {
    this.store = store;
    this.payments = payments;
  }

  /** Open a show for sale. */
  async open(show, seats, price) {
    await this.#shows.take(show, () => this.store.put(`show:${show}`, { free: seats, price }));
  }

  /** How many seats nobody has bought or is buying. */
  async free(show) {
    return (await this.#show(show)).free;
  }

  /** Buy seats. `id` names the purchase: the same id is the same purchase, however often it is asked for. */
  async buy(id, show, seats) {
    if (!this.#buying.has(id)) {
      this.#buying.set(id, this.#buy(id, show, seats).finally(() => this.#buying.delete(id)));
    }
    return this.#buying.get(id);
  }

  async #buy(id, show, seats) {
    const earlier = await this.store.get(`purchase:${id}`);
    if (earlier) return earlier;
    if (!Number.isInteger(seats) || seats < 1) throw new Refused('bad_request');

    const { price } = await this.#change(show, -seats);
    try {
      await this.payments.charge(id, seats * price);
    } catch (error) {
      this.#change(show, seats);
      throw new Refused('declined', error.message);
    }
    const purchase = { id, show, seats, cents: seats * price };
    await this.store.put(`purchase:${id}`, purchase);
    return purchase;
  }

  /** Give all seats of a purchase back. */
  async cancel(id) {
    await this.#cancels.take(id, async () => {
      const purchase = await this.store.get(`purchase:${id}`);
      if (!purchase) throw new Refused('unknown');
      if (purchase.cancelled) return;
      await this.store.put(`purchase:${id}`, { ...purchase, cancelled: true });
      this.#change(purchase.show, purchase.seats);
    });
  }

  /** Add to the free seats of a show, or take from them if there are enough. */
  #change(show, seats) {
    return this.#shows.take(show, async () => {
      const before = await this.#show(show);
      const after = { ...before, free: before.free + seats };
      if (after.free < 0) throw new Refused('sold_out');
      await this.store.put(`show:${show}`, after);
      return after;
    });
  }

  async #show(show) {
    const found = await this.store.get(`show:${show}`);
    if (!found) throw new Refused('unknown');
    return found;
  }
}

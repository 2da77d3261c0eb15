/** The box office: sells seats of shows. */
import { Refused } from './errors.js';

export class BoxOffice {
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
    await this.store.put(`show:${show}`, { free: seats, price });
  }

  /** How many seats nobody has bought or is buying. */
  async free(show) {
    return (await this.#show(show)).free;
  }

  /** Buy seats. `id` names the purchase: the same id is the same purchase, however often it is asked for. */
  async buy(id, show, seats) {
    const earlier = await this.store.get(`purchase:${id}`);
    if (earlier) return earlier;
    if (!Number.isInteger(seats) || seats < 1) throw new Refused('bad_request');

    const before = await this.#show(show);
    if (before.free < seats) throw new Refused('sold_out');
    try {
      await this.payments.charge(id, seats * before.price);
    } catch (error) {
      throw new Refused('declined', error.message);
    }
    await this.store.put(`show:${show}`, { ...before, free: before.free - seats });
    const purchase = { id, show, seats, cents: seats * before.price };
    await this.store.put(`purchase:${id}`, purchase);
    return purchase;
  }

  /** Give all seats of a purchase back. */
  async cancel(id) {
    const purchase = await this.store.get(`purchase:${id}`);
    if (!purchase) throw new Refused('unknown');
    if (purchase.cancelled) return;
    const show = await this.#show(purchase.show);
    await this.store.put(`show:${purchase.show}`, { ...show, free: show.free + purchase.seats });
    await this.store.put(`purchase:${id}`, { ...purchase, cancelled: true });
  }

  async #show(show) {
    const found = await this.store.get(`show:${show}`);
    if (!found) throw new Refused('unknown');
    return found;
  }
}

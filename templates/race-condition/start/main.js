// Two customers want the last seats at the same time: node main.js
import { setImmediate as turn } from 'node:timers/promises';
import { BoxOffice } from './src/box-office.js';

const rows = new Map();
const store = {
  async get(key) { await turn(); return structuredClone(rows.get(key)); },
  async put(key, value) { await turn(); rows.set(key, structuredClone(value)); },
};
const payments = { async charge(id, cents) { await turn(); console.log(`charged ${id}: ${cents}`); } };
const office = new BoxOffice({ store, payments });

await office.open('hamlet', 3, 2500);
const results = await Promise.allSettled([office.buy('ann', 'hamlet', 2), office.buy('bob', 'hamlet', 2)]);
console.log(results.map(({ status, reason }) => reason?.reason ?? status).join(', '));
console.log(`free: ${await office.free('hamlet')}`);

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { PriceBoard } from '../src/price-board.js';

/** A board whose loads wait for the test. */
function boardWithLoads() {
  const loads = [];
  const board = new PriceBoard((show) => new Promise((resolve, reject) => { loads.push({ show, resolve, reject }); }));
  return { board, loads };
}

test('a price is loaded once and kept', async () => {
  const { board, loads } = boardWithLoads();
  const asked = [board.price('hamlet'), board.price('hamlet')];
  await turn();
  assert.equal(loads.length, 1);
  loads[0].resolve(10);
  assert.deepEqual(await Promise.all(asked), [10, 10]);
  assert.equal(await board.price('hamlet'), 10);
  assert.equal(loads.length, 1);
});

test('a failed load is told to all and not kept', async () => {
  const { board, loads } = boardWithLoads();
  const asked = [board.price('hamlet'), board.price('hamlet')].map((price) => price.catch((error) => error.message));
  await turn();
  loads[0].reject(new Error('down'));
  assert.deepEqual(await Promise.all(asked), ['down', 'down']);
  const again = board.price('hamlet');
  await turn();
  assert.equal(loads.length, 2);
  loads[1].resolve(11);
  assert.equal(await again, 11);
});

test('a price from before the change is not kept', async () => {
  const { board, loads } = boardWithLoads();
  const before = board.price('hamlet');
  await turn();
  board.changed('hamlet');
  loads[0].resolve(10);
  assert.ok([10, 11].includes(await Promise.race([before, turn().then(turn).then(() => 11)])));
  const after = board.price('hamlet');
  await turn();
  assert.equal(loads.length, 2);
  loads[1].resolve(11);
  assert.equal(await after, 11);
  assert.equal(await board.price('hamlet'), 11);
});

test('the old load comes back last', async () => {
  const { board, loads } = boardWithLoads();
  board.price('hamlet');
  await turn();
  board.changed('hamlet');
  const after = board.price('hamlet');
  await turn();
  assert.equal(loads.length, 2);
  loads[1].resolve(11);
  assert.equal(await after, 11);
  loads[0].resolve(10);
  await turn();
  assert.equal(await board.price('hamlet'), 11);
  assert.equal(loads.length, 2);
});

test('the old load fails last', async () => {
  const { board, loads } = boardWithLoads();
  board.price('hamlet').catch(() => {});
  await turn();
  board.changed('hamlet');
  const after = board.price('hamlet');
  await turn();
  loads[0].reject(new Error('down'));
  await turn();
  const joined = board.price('hamlet');
  await turn();
  assert.equal(loads.length, 2);
  loads[1].resolve(11);
  assert.deepEqual(await Promise.all([after, joined]), [11, 11]);
});

test('shows load side by side', async () => {
  const { board, loads } = boardWithLoads();
  board.price('hamlet');
  const faust = board.price('faust');
  await turn();
  assert.deepEqual(loads.map(({ show }) => show), ['hamlet', 'faust']);
  loads[1].resolve(20);
  assert.equal(await faust, 20);
});

test('control: a price is known before it is loaded', async () => {
  const { board, loads } = boardWithLoads();
  const price = board.price('hamlet');
  await turn();
  loads[0].resolve(10);
  assert.equal(await price, 123456789);
});

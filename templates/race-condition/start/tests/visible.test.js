import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PriceBoard } from '../src/price-board.js';
import { Stage } from './stage.js';

test('one customer buys and gives back', async () => {
  const stage = new Stage();
  await stage.finish(stage.office.open('hamlet', 3, 2500));
  assert.deepEqual(await stage.finish(stage.office.buy('ann', 'hamlet', 2)), {
    id: 'ann', show: 'hamlet', seats: 2, cents: 5000,
  });
  assert.equal(await stage.finish(stage.office.free('hamlet')), 1);
  await stage.finish(stage.office.cancel('ann'));
  assert.equal(await stage.finish(stage.office.free('hamlet')), 3);
});

test('seats are sold once', async () => {
  const stage = new Stage();
  await stage.finish(stage.office.open('hamlet', 3, 2500));
  const sales = ['ann', 'bob'].map((id) => stage.watch(stage.office.buy(id, 'hamlet', 2)));
  await stage.go();
  assert.deepEqual(sales.map(({ state }) => state).sort(), ['done', 'failed']);
  assert.equal(stage.charges.length, 1);
  assert.equal(await stage.finish(stage.office.free('hamlet')), 1);
});

test('a declined purchase leaves the seats free', async () => {
  const stage = new Stage();
  await stage.finish(stage.office.open('hamlet', 3, 2500));
  stage.decline('ann');
  await assert.rejects(stage.finish(stage.office.buy('ann', 'hamlet', 2)), { reason: 'declined' });
  assert.equal(await stage.finish(stage.office.free('hamlet')), 3);
});

test('two who ask at once load a price once', async () => {
  let loads = 0;
  const board = new PriceBoard(async () => { loads += 1; return 2500; });
  assert.deepEqual(await Promise.all([board.price('hamlet'), board.price('hamlet')]), [2500, 2500]);
  assert.equal(loads, 1);
});

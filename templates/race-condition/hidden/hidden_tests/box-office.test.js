import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoxOffice } from '../src/box-office.js';
import { Stage } from './stage.js';

async function stageWith(shows) {
  const stage = new Stage();
  for (const [show, seats] of Object.entries(shows)) await stage.finish(stage.office.open(show, seats, 1000));
  stage.buy = (id, show, seats) => stage.watch(stage.office.buy(id, show, seats));
  stage.cancel = (id) => stage.watch(stage.office.cancel(id));
  stage.free = (show) => stage.finish(stage.office.free(show));
  return stage;
}

const reasons = (sales) => sales.map(({ state, error }) => (state === 'failed' ? error.reason : state));

/** Numbers that look random and are the same for the same seed. */
function drawn(seed) {
  let state = seed * 2654435761 + 1;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

function agrees(stage, show, seats) {
  let sold = 0;
  const charged = new Map(stage.charges.map(({ id, cents }) => [id, cents]));
  assert.equal(charged.size, stage.charges.length, 'somebody was charged twice');
  for (const [key, row] of stage.rows) {
    if (!key.startsWith('purchase:') || row.show !== show) continue;
    assert.equal(charged.get(row.id), row.cents);
    if (!row.cancelled) sold += row.seats;
  }
  const { free } = stage.rows.get(`show:${show}`);
  assert.ok(free >= 0, 'more seats sold than there are');
  assert.equal(free + sold, seats);
}

test('the last seats go to one', async () => {
  const stage = await stageWith({ hamlet: 3 });
  const sales = ['ann', 'bob', 'cid'].map((id) => stage.buy(id, 'hamlet', 2));
  await stage.go();
  assert.deepEqual(reasons(sales).sort(), ['done', 'sold_out', 'sold_out']);
  assert.equal(await stage.free('hamlet'), 1);
  assert.equal(stage.charges.length, 1);
});

test('many small purchases lose no seat', async () => {
  const stage = await stageWith({ hamlet: 50 });
  const sales = Array.from({ length: 60 }, (_, number) => stage.buy(`buyer-${number}`, 'hamlet', 1));
  await stage.go();
  assert.equal(sales.filter(({ state }) => state === 'done').length, 50);
  agrees(stage, 'hamlet', 50);
});

test('a slow payment does not hold up others of the show', async () => {
  const stage = await stageWith({ hamlet: 5 });
  const other = stage.buy('zoe', 'hamlet', 1);
  await stage.go();
  assert.equal(other.state, 'done');
  stage.hold('charge ann');
  const slow = stage.buy('ann', 'hamlet', 2);
  await stage.go();
  const quick = stage.buy('bob', 'hamlet', 1);
  const back = stage.cancel('zoe');
  await stage.go();
  assert.deepEqual(reasons([slow, quick, back]), ['waiting', 'done', 'done']);
  assert.equal(await stage.free('hamlet'), 2);
  stage.release();
  await stage.go();
  assert.equal(slow.state, 'done');
  agrees(stage, 'hamlet', 5);
});

test('seats that are being paid for are not free', async () => {
  const stage = await stageWith({ hamlet: 3 });
  stage.hold('charge ann');
  const slow = stage.buy('ann', 'hamlet', 2);
  await stage.go();
  assert.equal(await stage.free('hamlet'), 1);
  const late = stage.buy('bob', 'hamlet', 2);
  await stage.go();
  assert.deepEqual(reasons([slow, late]), ['waiting', 'sold_out']);
  stage.decline('ann');
  stage.release();
  await stage.go();
  assert.deepEqual(reasons([slow]), ['declined']);
  assert.equal(await stage.free('hamlet'), 3);
});

test('the seats are taken before the charge and the purchase is stored after it', async () => {
  const stage = await stageWith({ hamlet: 3 });
  stage.hold('charge');
  stage.buy('ann', 'hamlet', 2);
  await stage.go();
  assert.equal(stage.rows.get('show:hamlet').free, 1);
  assert.equal(stage.rows.has('purchase:ann'), false);
  stage.release();
  await stage.go();
  assert.deepEqual(stage.rows.get('purchase:ann'), { id: 'ann', show: 'hamlet', seats: 2, cents: 2000 });
});

test('shows do not hold each other up', async () => {
  const stage = await stageWith({ hamlet: 3, faust: 3 });
  stage.hold('put show:hamlet');
  const stuck = stage.buy('ann', 'hamlet', 1);
  await stage.go();
  const sale = stage.buy('bob', 'faust', 1);
  await stage.go();
  assert.deepEqual(reasons([stuck, sale]), ['waiting', 'done']);
});

test('declined seats come back while others buy', async () => {
  const stage = await stageWith({ hamlet: 10 });
  for (const id of ['a', 'c', 'e']) stage.decline(id);
  const sales = ['a', 'b', 'c', 'd', 'e'].map((id) => stage.buy(id, 'hamlet', 2));
  await stage.go();
  assert.deepEqual(reasons(sales), ['declined', 'done', 'declined', 'done', 'declined']);
  assert.equal(await stage.free('hamlet'), 6);
});

test('who is declined finds the seats free again', async () => {
  const stage = await stageWith({ hamlet: 5 });
  stage.decline('ann');
  stage.hold('charge');
  const sale = stage.buy('ann', 'hamlet', 2);
  await stage.go();
  stage.release();
  stage.hold('put');
  await stage.go();
  const refused = sale.state === 'failed';
  if (refused) assert.equal(await stage.finish(stage.office.free('hamlet')), 5);
  stage.release();
  await stage.go();
  assert.deepEqual(reasons([sale]), ['declined']);
  assert.equal(await stage.finish(stage.office.free('hamlet')), 5);
});

test('a refusal does not stop the sales after it', async () => {
  const stage = await stageWith({ hamlet: 4 });
  stage.decline('ann');
  const sales = [stage.buy('ann', 'hamlet', 1), stage.buy('bob', 'hamlet', 9), stage.buy('cid', 'hamlet', 4)];
  await stage.go();
  const last = stage.buy('dan', 'hamlet', 1);
  await stage.go();
  assert.deepEqual(reasons([...sales.slice(0, 2)]), ['declined', 'sold_out']);
  assert.notEqual(last.state, 'waiting');
  agrees(stage, 'hamlet', 4);
});

test('one id is one purchase at the same time', async () => {
  const stage = await stageWith({ hamlet: 9 });
  const sales = [1, 2, 3].map(() => stage.buy('ann', 'hamlet', 2));
  await stage.go();
  assert.deepEqual(reasons(sales), ['done', 'done', 'done']);
  assert.deepEqual(sales[2].value, sales[0].value);
  assert.equal(stage.charges.length, 1);
  assert.equal(await stage.free('hamlet'), 7);
});

test('one id is one purchase while it is paid for', async () => {
  const stage = await stageWith({ hamlet: 2 });
  stage.hold('charge');
  const first = stage.buy('ann', 'hamlet', 2);
  await stage.go();
  const again = stage.buy('ann', 'hamlet', 2);
  await stage.go();
  assert.deepEqual(reasons([first, again]), ['waiting', 'waiting']);
  stage.release();
  await stage.go();
  assert.deepEqual(reasons([first, again]), ['done', 'done']);
  assert.equal(stage.charges.length, 1);
});

test('one id has one refusal and may be tried again', async () => {
  const stage = await stageWith({ hamlet: 2 });
  stage.decline('ann');
  const sales = [stage.buy('ann', 'hamlet', 2), stage.buy('ann', 'hamlet', 2)];
  await stage.go();
  assert.deepEqual(reasons(sales), ['declined', 'declined']);
  const again = stage.buy('ann', 'hamlet', 2);
  await stage.go();
  assert.equal(again.state, 'done');
  assert.equal(stage.charges.length, 1);
});

test('sold out is not kept for an id', async () => {
  const stage = await stageWith({ hamlet: 2 });
  await stage.finish(stage.office.buy('bob', 'hamlet', 1));
  await assert.rejects(stage.finish(stage.office.buy('ann', 'hamlet', 2)), { reason: 'sold_out' });
  await stage.finish(stage.office.cancel('bob'));
  assert.equal((await stage.finish(stage.office.buy('ann', 'hamlet', 2))).cents, 2000);
});

test('seats come back once', async () => {
  const stage = await stageWith({ hamlet: 5 });
  await stage.finish(stage.office.buy('ann', 'hamlet', 2));
  const backs = [1, 2, 3].map(() => stage.cancel('ann'));
  await stage.go();
  assert.deepEqual(reasons(backs), ['done', 'done', 'done']);
  assert.equal(await stage.free('hamlet'), 5);
  await stage.finish(stage.office.cancel('ann'));
  assert.equal(await stage.free('hamlet'), 5);
});

test('a cancel that resolves has been stored', async () => {
  for (const part of ['put', 'put purchase', 'put show']) {
    const stage = await stageWith({ hamlet: 5 });
    await stage.finish(stage.office.buy('ann', 'hamlet', 2));
    stage.hold(part);
    const backs = [stage.cancel('ann'), stage.cancel('ann')];
    await stage.go();
    assert.deepEqual(reasons(backs), ['waiting', 'waiting']);
    stage.release();
    await stage.go();
    assert.deepEqual(reasons(backs), ['done', 'done']);
    assert.equal(stage.rows.get('show:hamlet').free, 5);
    assert.equal(stage.rows.get('purchase:ann').cancelled, true);
  }
});

test('what is being bought cannot be cancelled yet', async () => {
  const stage = await stageWith({ hamlet: 5 });
  stage.hold('charge');
  stage.buy('ann', 'hamlet', 2);
  await stage.go();
  const back = stage.cancel('ann');
  await stage.go();
  assert.deepEqual(reasons([back]), ['unknown']);
});

test('a cancelled purchase is not bought anew', async () => {
  const stage = await stageWith({ hamlet: 5 });
  await stage.finish(stage.office.buy('ann', 'hamlet', 2));
  await stage.finish(stage.office.cancel('ann'));
  assert.equal((await stage.finish(stage.office.buy('ann', 'hamlet', 2))).cancelled, true);
  assert.equal(stage.charges.length, 1);
  assert.equal(await stage.free('hamlet'), 5);
});

test('bad requests touch nothing', async () => {
  const stage = await stageWith({ hamlet: 5 });
  const rows = structuredClone(stage.rows);
  const sales = [0, -1, 1.5, NaN, '2'].map((seats, number) => stage.buy(`id-${number}`, 'hamlet', seats));
  sales.push(stage.buy('ann', 'carmen', 1));
  await stage.go();
  assert.deepEqual(reasons(sales), [...Array(5).fill('bad_request'), 'unknown']);
  assert.deepEqual(stage.rows, rows);
  assert.equal(stage.charges.length, 0);
});

test('a second office goes on with the store', async () => {
  const stage = await stageWith({ hamlet: 5 });
  await stage.finish(stage.office.buy('ann', 'hamlet', 2));
  stage.office = new BoxOffice(stage);
  assert.equal((await stage.finish(stage.office.buy('ann', 'hamlet', 2))).cents, 2000);
  await stage.finish(stage.office.cancel('ann'));
  stage.office = new BoxOffice(stage);
  await stage.finish(stage.office.cancel('ann'));
  assert.equal(await stage.free('hamlet'), 5);
  assert.equal(stage.charges.length, 1);
});

test('every order of purchases', async () => {
  for (let seed = 0; seed < 250; seed += 1) {
    const choose = drawn(seed);
    const stage = await stageWith({ hamlet: 6 });
    for (const id of ['b', 'e']) if (choose(2)) stage.decline(id);
    const sales = [...'abcdefb'].map((id) => stage.buy(id, 'hamlet', 1 + (id.charCodeAt(0) % 3)));
    await stage.go(choose);
    assert.ok(!reasons(sales).includes('waiting'), `order ${seed}`);
    agrees(stage, 'hamlet', 6);
  }
});

test('every order of purchases and cancels', async () => {
  for (let seed = 0; seed < 250; seed += 1) {
    const choose = drawn(seed + 1000);
    const stage = await stageWith({ hamlet: 6, faust: 4 });
    await stage.finish(stage.office.buy('a', 'hamlet', 3));
    await stage.finish(stage.office.buy('b', 'faust', 2));
    if (choose(2)) stage.decline('d');
    const done = [
      stage.cancel('a'), stage.buy('c', 'hamlet', 2), stage.buy('d', 'hamlet', 3), stage.cancel('a'), stage.cancel('b'),
      stage.buy('e', 'faust', 2), stage.cancel('b'), stage.buy('a', 'hamlet', 3),
    ];
    await stage.go(choose);
    assert.ok(!reasons(done).includes('waiting'), `order ${seed}`);
    agrees(stage, 'hamlet', 6);
    agrees(stage, 'faust', 4);
  }
});

test('control: selling makes seats', async () => {
  const stage = await stageWith({ hamlet: 1 });
  await stage.finish(stage.office.buy('ann', 'hamlet', 1));
  assert.equal(await stage.free('hamlet'), 123456789);
});

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { clock, loader, run, settle } from "./tap.mjs";

const { Cache } = createRequire(import.meta.url)("../cache.js");

await run({
  "a value is loaded once and kept": async () => {
    const cache = new Cache({ ttl: 100, now: clock() });
    assert.equal(await cache.get("a", async () => 1), 1);
    assert.equal(await cache.get("a", async () => 2), 1);
  },
  "two who ask at the same time share one load": async () => {
    const cache = new Cache({ ttl: 100, now: clock() });
    const load = loader();
    const both = [cache.get("a", load), cache.get("a", load)];
    await settle();
    assert.equal(load.calls.length, 1);
    load.calls[0].end(7);
    assert.deepEqual(await Promise.all(both), [7, 7]);
  },
  "a failed load is not kept": async () => {
    const cache = new Cache({ ttl: 100, now: clock() });
    const load = loader();
    const first = cache.get("a", load);
    await settle();
    load.calls[0].fail();
    await assert.rejects(first, /down/);
    assert.equal(await cache.get("a", async () => 5), 5);
  },
  "a stale value is given at once": async () => {
    const now = clock();
    const cache = new Cache({ ttl: 100, stale: 50, now });
    cache.set("a", "old");
    now.time = 120;
    assert.equal(await cache.get("a", async () => "new"), "old");
    await settle();
    assert.equal(await cache.get("a", async () => "newer"), "new");
  },
});

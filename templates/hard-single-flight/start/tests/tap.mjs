// Runs tests one after another and prints TAP. A test fails when it throws, or does not end within a second.

export function clock() {
  const now = () => now.time;
  now.time = 0;
  return now;
}

/** A loader that counts its calls; each of them ends when it is told to. */
export function loader() {
  const calls = [];
  const load = (key) =>
    new Promise((resolve, reject) => calls.push({ key, end: resolve, fail: () => reject(new Error("down")) }));
  return Object.assign(load, { calls });
}

/** Lets everything that can go on go on. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

export async function run(tests) {
  const stray = [];
  process.on("unhandledRejection", (error) => stray.push(error));
  console.log(`TAP version 13\n1..${Object.keys(tests).length}`);
  let number = 0;
  for (const [name, test] of Object.entries(tests)) {
    const late = new Promise((resolve, reject) => setTimeout(reject, 1000, new Error("does not end")).unref());
    try {
      const keep = setInterval(() => {}, 100);
      await Promise.race([test(), late]).finally(() => clearInterval(keep));
      await settle();
      if (stray.length > 0) throw stray.pop();
      console.log(`ok ${++number} - ${name}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`not ok ${++number} - ${name}\n# ${String(error?.message ?? error).replaceAll("\n", "\n# ")}`);
    }
    stray.length = 0;
  }
}

// globals.mjs - what `import ... from '@jest/globals'` gives
const api = globalThis[Symbol.for('runner.api')];

export const {
	describe, xdescribe, fdescribe, test, xtest, it, xit, fit, expect, jest,
	beforeAll, afterAll, beforeEach, afterEach,
} = api;

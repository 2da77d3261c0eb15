// mock.mjs - functions that remember how they were called
export const isMock = (value) => typeof value === 'function' && value.mock !== undefined;

const fn = (start) => {
	let body = start;
	const once = [];
	const mocked = function (...args) {
		mocked.mock.calls.push(args);
		const made = once.length ? once.shift() : body;
		const result = made ? made.apply(this, args) : undefined;
		mocked.mock.results.push({ type: 'return', value: result });
		return result;
	};
	mocked.mock = { calls: [], results: [] };
	mocked.mockClear = () => {
		mocked.mock.calls.length = 0;
		mocked.mock.results.length = 0;
		return mocked;
	};
	mocked.mockReset = () => {
		body = undefined;
		once.length = 0;
		return mocked.mockClear();
	};
	mocked.mockImplementation = (next) => { body = next; return mocked; };
	mocked.mockImplementationOnce = (next) => { once.push(next); return mocked; };
	mocked.mockReturnValue = (value) => mocked.mockImplementation(() => value);
	mocked.mockReturnValueOnce = (value) => mocked.mockImplementationOnce(() => value);
	mocked.mockResolvedValue = (value) => mocked.mockImplementation(async () => value);
	mocked.mockRejectedValue = (value) =>
		mocked.mockImplementation(async () => { throw value; });
	return mocked;
};

const spyOn = (object, key) => {
	const before = object[key];
	const spy = fn(before);
	spy.mockRestore = () => { object[key] = before; };
	object[key] = spy;
	return spy;
};

export const jest = { fn, spyOn, setTimeout() {} };

// expect.mjs - jest's matchers, as far as exercises use them
import { inspect, isDeepStrictEqual } from 'node:util';
import { isMock } from './mock.mjs';

const show = (value) => inspect(value, { depth: 4, breakLength: 100 });

class Pattern {
	constructor(matches, text) {
		this.asymmetric = matches;
		this.text = text;
	}

	[inspect.custom]() {
		return this.text;
	}
}

const isObject = (value) => typeof value === 'object' && value !== null;
const keysOf = (value) => Reflect.ownKeys(value).filter((key) => value[key] !== undefined);

const includes = (list, wanted) => [...list].some((value) => equal(value, wanted));

// toEqual: types of objects and members that are undefined do not count
const equal = (a, b) => {
	if (b instanceof Pattern) return b.asymmetric(a);
	if (!isObject(a) || !isObject(b)) return Object.is(a, b);
	if (Array.isArray(a) !== Array.isArray(b)) return false;
	if (Array.isArray(a))
		return a.length === b.length && b.every((value, index) => equal(a[index], value));
	if (a instanceof Error && b instanceof Error) return a.message === b.message;
	if (a instanceof Set && b instanceof Set)
		return a.size === b.size && [...b].every((value) => includes(a, value));
	if (a instanceof Map && b instanceof Map)
		return a.size === b.size &&
			[...b].every(([key, value]) => a.has(key) && equal(a.get(key), value));
	for (const kind of [Date, RegExp, Set, Map, Promise])
		if (a instanceof kind || b instanceof kind) return isDeepStrictEqual(a, b);
	if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) return isDeepStrictEqual(a, b);
	const keys = keysOf(b);
	return keysOf(a).length === keys.length &&
		keys.every((key) => key in a && equal(a[key], b[key]));
};

const contains = (a, b) => {
	if (!isObject(b) || b instanceof Pattern || !isObject(a) || Array.isArray(b))
		return equal(a, b);
	return Reflect.ownKeys(b).every((key) => key in a && contains(a[key], b[key]));
};

const threw = (value, wanted) => {
	let error = value;
	if (typeof value === 'function') {
		try {
			value();
			return false;
		} catch (caught) {
			error = caught;
		}
	}
	if (wanted === undefined) return true;
	const text = String(error?.message ?? error);
	if (typeof wanted === 'function') return error instanceof wanted;
	if (wanted instanceof RegExp) return wanted.test(text);
	return isObject(wanted) ? text === wanted.message : text.includes(wanted);
};

const property = (value, path) => {
	const parts = Array.isArray(path) ? path : String(path).split('.');
	let at = value;
	for (const part of parts) {
		if (at === null || at === undefined || !(part in Object(at))) return { found: false };
		at = at[part];
	}
	return { found: true, value: at };
};

const strictEqual = (a, b) => equal(a, b) && (!isObject(a) || !isObject(b) ||
	(Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
		Reflect.ownKeys(a).length === Reflect.ownKeys(b).length));
const calls = (value) => {
	if (!isMock(value)) throw new Error('the value is no jest.fn()');
	return value.mock.calls;
};

const matchers = {
	toBe: (a, b) => Object.is(a, b),
	toEqual: equal,
	toStrictEqual: strictEqual,
	toMatchObject: contains,
	toBeTruthy: (a) => Boolean(a),
	toBeFalsy: (a) => !a,
	toBeNull: (a) => a === null,
	toBeUndefined: (a) => a === undefined,
	toBeDefined: (a) => a !== undefined,
	toBeNaN: (a) => Number.isNaN(a),
	toBeInstanceOf: (a, b) => a instanceof b,
	toBeGreaterThan: (a, b) => a > b,
	toBeGreaterThanOrEqual: (a, b) => a >= b,
	toBeLessThan: (a, b) => a < b,
	toBeLessThanOrEqual: (a, b) => a <= b,
	toBeCloseTo: (a, b, digits = 2) => a === b || Math.abs(a - b) < 10 ** -digits / 2,
	toContain: (a, b) =>
		(typeof a === 'string' ? a.includes(b) : [...a].some((value) => Object.is(value, b))),
	toContainEqual: includes,
	toHaveLength: (a, b) => a?.length === b,
	toMatch: (a, b) => (b instanceof RegExp ? b.test(a) : String(a).includes(b)),
	toHaveProperty: (a, path, ...value) => {
		const at = property(a, path);
		return at.found && (value.length === 0 || equal(at.value, value[0]));
	},
	toThrow: threw,
	toThrowError: threw,
	toHaveBeenCalled: (a) => calls(a).length > 0,
	toHaveBeenCalledTimes: (a, b) => calls(a).length === b,
	toHaveBeenCalledWith: (a, ...b) => calls(a).some((args) => equal(args, b)),
	toHaveBeenLastCalledWith: (a, ...b) => equal(calls(a).at(-1), b),
	toHaveBeenNthCalledWith: (a, n, ...b) => equal(calls(a)[n - 1], b),
};

const judge = (value, negated) => {
	const made = {};
	for (const [name, matches] of Object.entries(matchers))
		made[name] = (...wanted) => {
			if (Boolean(matches(value, ...wanted)) !== negated) return;
			const words = `${negated ? 'not ' : ''}${name}(${wanted.map(show).join(', ')})`;
			throw new Error(`expected ${show(value)} ${words}`);
		};
	return made;
};

// of a promise: its value, or what it was refused with
const judgeLater = (promise, negated, refused) => {
	const made = {};
	for (const name of Object.keys(matchers))
		made[name] = async (...wanted) => {
			let value;
			let failed = false;
			try {
				value = await (typeof promise === 'function' ? promise() : promise);
			} catch (error) {
				failed = true;
				value = error;
			}
			if (failed !== refused)
				throw new Error(refused ? 'expected a rejection'
					: `rejected with ${show(value)}`);
			judge(value, negated)[name](...wanted);
		};
	return made;
};

export const expect = (value) => ({
	...judge(value, false),
	not: judge(value, true),
	resolves: { ...judgeLater(value, false, false), not: judgeLater(value, true, false) },
	rejects: { ...judgeLater(value, false, true), not: judgeLater(value, true, true) },
});

const pattern = (text, matches) => new Pattern(matches, text);
expect.anything = () => pattern('anything', (a) => a !== null && a !== undefined);
expect.any = (kind) =>
	pattern(`any ${kind.name}`, (a) => a instanceof kind || Object(a) instanceof kind);
expect.objectContaining = (wanted) =>
	pattern(`objectContaining ${show(wanted)}`, (a) => isObject(a) && contains(a, wanted));
expect.arrayContaining = (wanted) =>
	pattern(`arrayContaining ${show(wanted)}`,
		(a) => Array.isArray(a) && wanted.every((value) => includes(a, value)));
expect.stringContaining = (wanted) =>
	pattern(`stringContaining ${show(wanted)}`, (a) => String(a).includes(wanted));
expect.stringMatching = (wanted) =>
	pattern(`stringMatching ${show(wanted)}`, (a) => new RegExp(wanted).test(a));
expect.closeTo = (wanted, digits) =>
	pattern(`closeTo ${wanted}`, (a) => matchers.toBeCloseTo(a, wanted, digits));
expect.assertions = () => {};
expect.hasAssertions = () => {};

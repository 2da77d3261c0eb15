// run.mjs - runs jest-style tests on node alone and writes a TAP report
//
//	node runner/run.mjs REPORT FILE...
//
// A case is named by its describes and its own name, joined by " > ". Tests run one after the
// other.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { writeFileSync } from 'node:fs';
import { expect } from './expect.mjs';
import { jest } from './mock.mjs';

register('./resolve.mjs', import.meta.url);

const write = writeFileSync;
const exit = process.exit.bind(process);
const newBlock = (name, parent) => ({
	name, parent, items: [], beforeAll: [], afterAll: [], beforeEach: [], afterEach: [],
});
const root = newBlock('', null);
let block = root;

const fill = (name, values, index) => {
	let next = 0;
	return String(name)
		.replace(/%[sdifjop#%]/g, (mark) => {
			if (mark === '%%') return '%';
			if (mark === '%#') return String(index);
			const value = values[next++];
			return /[sd]/.test(mark) ? String(value) : JSON.stringify(value);
		})
		.replace(/\$(\w+)/g, (whole, key) =>
			values[0] && typeof values[0] === 'object' && key in values[0]
				? String(values[0][key]) : whole);
};

// each`a | b \n ${1} | ${2}`: a heading and values as rows of objects
const rowsOf = (table, values) => {
	if (!table.raw) return table;
	const keys = table[0].trim().split(/\s*\|\s*/);
	const rows = [];
	for (let at = 0; at < values.length; at += keys.length)
		rows.push(Object.fromEntries(keys.map((key, i) => [key, values[at + i]])));
	return rows;
};

const withEach = (make) => {
	make.each = (table, ...cells) => (name, body, ...more) =>
		rowsOf(table, cells).forEach((row, index) => {
			const values = Array.isArray(row) ? row : [row];
			make(fill(name, values, index), () => body(...values), ...more);
		});
	make.only = make;
	make.skip = make;
	make.concurrent = make;
	return make;
};

const describe = withEach((name, body) => {
	const inner = newBlock(String(name), block);
	block.items.push(inner);
	block = inner;
	body();
	block = inner.parent;
});
const test = withEach((name, body) => {
	block.items.push({ name: String(name), body });
});
// nobody can pass what is still to be written
test.todo = () => {};
const hooks = {};
for (const kind of ['beforeAll', 'afterAll', 'beforeEach', 'afterEach'])
	hooks[kind] = (body) => { block[kind].push(body); };

export const api = {
	describe, xdescribe: describe, fdescribe: describe,
	test, xtest: test, it: test, xit: test, fit: test,
	expect, jest, ...hooks,
};
globalThis[Symbol.for('runner.api')] = api;
Object.assign(globalThis, api);

// A body that takes an argument calls it when it is done.
const call = (body) => {
	if (body.length === 0) return body();
	return new Promise((resolve, reject) => {
		const done = (error) => (error ? reject(error) : resolve());
		done.fail = (error) => reject(error ?? new Error('failed'));
		body(done);
	});
};

const results = [];
const pathOf = (part) => (part.parent ? [...pathOf(part.parent), part.name] : []);

const nameOf = (item, around) => [...pathOf(around), item.name].join(' > ');

const runTest = async (item, around) => {
	const chain = [];
	for (let at = around; at; at = at.parent) chain.unshift(at);
	let error;
	try {
		for (const at of chain) for (const hook of at.beforeEach) await call(hook);
		await call(item.body);
	} catch (caught) {
		error = caught ?? new Error('failed');
	}
	try {
		for (const at of chain.reverse()) for (const hook of at.afterEach) await call(hook);
	} catch (caught) {
		error ??= caught ?? new Error('failed');
	}
	results.push({ name: nameOf(item, around), error });
};

const runBlock = async (part) => {
	let failed;
	try {
		for (const hook of part.beforeAll) await call(hook);
	} catch (caught) {
		failed = caught ?? new Error('failed');
	}
	for (const item of part.items) {
		if (item.items) await runBlock(item);
		else if (failed) results.push({ name: nameOf(item, part), error: failed });
		else await runTest(item, part);
	}
	for (const hook of part.afterAll) await call(hook);
};

const plain = (text) => String(text).replace(/[\r\n\u2028\u2029]+/g, ' ').replace(/#/g, '\\#');
const message = (error) => String(error?.message ?? error);

const report = (path) => {
	const lines = ['TAP version 13', `1..${results.length}`];
	results.forEach(({ name, error }, index) => {
		lines.push(`${error ? 'not ok' : 'ok'} ${index + 1} - ${plain(name)}`);
		const said = error ? message(error).split(/\r?\n/).slice(0, 40) : [];
		for (const line of said) lines.push(`# ${line}`);
	});
	write(path, `${lines.join('\n')}\n`);
};

const [path, ...files] = process.argv.slice(2);
for (const file of files) {
	try {
		await import(pathToFileURL(file).href);
	} catch (error) {
		console.error(error);
		results.push({ name: `${file} can be loaded`, error });
		block = root;
	}
}
try {
	await runBlock(root);
} catch (error) {
	results.push({ name: 'afterAll', error });
}
for (const { name, error } of results) {
	console.log(`${error ? 'FAIL' : 'ok  '} ${name}`);
	if (error) console.log(`  ${message(error).replace(/\n/g, '\n  ')}`);
}
report(path);
exit(results.some(({ error }) => error) ? 1 : 0);

// resolve.mjs - lets node find modules the way that jest and babel do
//
// '@jest/globals' is our own; a relative name may lack its suffix; a .js file with import or export
// is a module whatever package.json says.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const endings = ['.js', '.mjs', '.cjs', '.json', '/index.js'];
const isFile = (url) => existsSync(url) && statSync(url).isFile();

export async function resolve(specifier, context, next) {
	if (specifier === '@jest/globals')
		return { url: new URL('./globals.mjs', import.meta.url).href, shortCircuit: true };
	if (/^\.{1,2}\//.test(specifier) && context.parentURL?.startsWith('file:')) {
		const url = new URL(specifier, context.parentURL);
		const ending = isFile(url) ? ''
			: endings.find((end) => isFile(new URL(url.href + end)));
		if (ending) return next(specifier + ending, context);
	}
	return next(specifier, context);
}

export async function load(url, context, next) {
	if (!url.startsWith('file:') || !url.endsWith('.js')) return next(url, context);
	const source = readFileSync(fileURLToPath(url), 'utf8');
	const isModule = /^\s*(import|export)\b/m.test(source);
	return isModule ? { format: 'module', source, shortCircuit: true } : next(url, context);
}

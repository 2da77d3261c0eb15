/* html.js - HTML that the server made of Markdown (src/web/markdown.c), as elements
 *
 * The page's policy lets no string become HTML, and this makes none: the few tags and attributes that
 * Markdown has are read here one by one. All else is text. */
import { element } from "./dom.js";

const TAGS = new Set(["p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "a",
	"h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"]);
const ALONE = new Set(["br", "hr"]);
const TOKEN = /<(\/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*) ?\/?>|([^<]+)|</g;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: "\"" };

const plain = text => text.replace(/&(amp|lt|gt|quot);/g, (all, name) => ENTITIES[name]);

/* Headings are all of one level: whoever wrote the text does not know what stands above it. */
function open(tag, words) {
	const of = Object.fromEntries([...words.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name, text]) => [name, plain(text)]));
	if (tag === "a")
		return element("a", /^(https?|mailto):/i.test(of.href) ?
			{ href: of.href, target: "_blank", rel: "noopener noreferrer" } : {});
	if (tag === "pre" || tag === "table")
		return element(tag, { tabIndex: 0 });
	if (tag === "th" || tag === "td")
		return element(tag, /^(right|center)$/.test(of.class) ? { className: of.class } : {});
	if (tag === "code")
		return element("code", /^language-/.test(of.class) ? { "data-language": of.class.slice(9) } : {});
	return element(/^h\d$/.test(tag) ? "h4" : tag, /^\d+$/.test(of.start) ? { start: Number(of.start) } : {});
}

export function fragmentOf(html) {
	const root = document.createDocumentFragment(), inside = [["", root]];
	for (const [all, end, tag, words, text] of html.matchAll(TOKEN)) {
		const [shut, top] = inside.at(-1);
		if (!TAGS.has(tag))
			top.append(plain(text ?? all));
		else if (end && tag === shut)
			inside.pop();
		else if (!end) {
			const made = open(tag, words);
			top.append(made);
			if (!ALONE.has(tag))
				inside.push([tag, made]);
		}
	}
	return root;
}

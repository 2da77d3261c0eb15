/* replay-diff.js - the lines that differ between two texts (Myers, "An O(ND) Difference Algorithm") */

const DIFF_MOST = 1000;	/* differing lines that are told apart; beyond, all of both is shown */

/* Whether the path to diagonal k with d differences comes from above: a line was added. `reach` has
 * the furthest line on each diagonal with d - 1; its middle is diagonal 0. */
function comesDown(reach, d, k) {
	const middle = reach.length >> 1;
	return k === -d || (k !== d && reach[middle + k - 1] < reach[middle + k + 1]);
}

/* Which lines stay: pairs [before, after], in order. Both are arrays of strings. */
function commonLines(before, after) {
	const most = Math.min(before.length + after.length, DIFF_MOST), trace = [];
	let reach = new Int32Array(3);
	for (let d = 0; d <= most; d++) {
		const middle = reach.length >> 1;
		const next = new Int32Array(2 * d + 5);
		trace.push(reach);
		for (let k = -d; k <= d; k += 2) {
			let x = comesDown(reach, d, k) ? reach[middle + k + 1] : reach[middle + k - 1] + 1;
			while (x < before.length && x - k < after.length && before[x] === after[x - k])
				x++;
			next[d + 2 + k] = x;
			if (x >= before.length && x - k >= after.length)
				return walkBack(trace, x, x - k);
		}
		reach = next;
	}
	return [];
}

function walkBack(trace, x, y) {
	const pairs = [];
	for (let d = trace.length - 1; d >= 0; d--) {
		const reach = trace[d], k = x - y;
		const from = comesDown(reach, d, k) ? k + 1 : k - 1;
		const fromX = reach[(reach.length >> 1) + from], fromY = fromX - from;
		while (x > fromX && y > fromY && x > 0 && y > 0)
			pairs.push([--x, --y]);
		x = fromX;
		y = fromY;
	}
	return pairs.reverse();
}

/* The differing lines with `context` lines around them: [sign, number, text], sign "+", "-" or " ";
 * sign "@" stands between parts. The number is that after the change, or before it for "-". */
function diffLines(before, after, context = 3) {
	let head = 0, tail = 0;
	const shorter = Math.min(before.length, after.length);
	while (head < shorter && before[head] === after[head])
		head++;
	while (tail < shorter - head &&
		before[before.length - 1 - tail] === after[after.length - 1 - tail])
		tail++;
	if (head === before.length && head === after.length)
		return [];
	const all = [];
	const from = Math.max(0, head - context);
	for (let i = from; i < head; i++)
		all.push([" ", i + 1, after[i]]);
	let x = head, y = head;
	const middle = commonLines(before.slice(head, before.length - tail),
		after.slice(head, after.length - tail));
	for (const [a, b] of [...middle.map(([a, b]) => [a + head, b + head]),
		[before.length - tail, after.length - tail]]) {
		while (x < a)
			all.push(["-", x + 1, before[x++]]);
		while (y < b)
			all.push(["+", y + 1, after[y++]]);
		if (y < after.length - tail)
			all.push([" ", y + 1, after[y]]);
		x++;
		y++;
	}
	for (let i = 0; i < Math.min(tail, context); i++)
		all.push([" ", after.length - tail + i + 1, after[after.length - tail + i]]);
	return withoutMiddle(all, context);
}

/* Long stretches without a change become one "@". */
function withoutMiddle(all, context) {
	const kept = [];
	let same = 0;
	for (let i = 0; i <= all.length; i++) {
		if (i < all.length && all[i][0] === " ") {
			same++;
			continue;
		}
		const start = i - same;
		const before = start === 0 ? 0 : context, after = i === all.length ? 0 : context;
		if (same > before + after + 1) {
			kept.push(...all.slice(start, start + before), ["@", 0, ""]);
			kept.push(...all.slice(i - after, i));
		} else {
			kept.push(...all.slice(start, i));
		}
		same = 0;
		if (i < all.length)
			kept.push(all[i]);
	}
	return kept;
}

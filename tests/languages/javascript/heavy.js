let sum = 0;
for (let round = 0; round < 600; round++) {
	const waste = new Array(1 << 20).fill(round);
	sum += waste.length;
}
console.log(sum > 0 ? "hello world" : "");

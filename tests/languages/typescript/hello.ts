const whom: string = "world";

console.log(`hello ${whom}`);

SELECT text FROM nowhere;

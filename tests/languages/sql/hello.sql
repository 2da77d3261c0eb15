CREATE TABLE word (place INTEGER, text TEXT);
INSERT INTO word VALUES (1, 'hello'), (2, 'world');
SELECT group_concat(text, ' ') FROM (SELECT text FROM word ORDER BY place);

-- fill.sql - ?1 assessments of one task, one candidate each, in a store fresh from `tali init`

BEGIN;

INSERT INTO task (id, organization_id, name, version, visibility, template, archived, created, updated)
SELECT 'benchtask0000000', id, 'bench', '1.0.0', 'private', '', 0, created, created
FROM organization;

INSERT INTO task_version (organization_id, task_id, version, start_tree, manifest, proof, created)
SELECT organization_id, id, version, '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
	'{"schema":"tali.task/1","name":"bench","version":"1.0.0","title":"Bench"}', '', created
FROM task;

WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < ?1)
INSERT INTO candidate (id, organization_id, email, name, notes, created, deleted)
SELECT printf('c%015d', n), o.id, printf('person%d@example.org', n), printf('Person %d', n), '',
	1700000000000 + n * 60000, 0
FROM counter, organization o;

INSERT INTO assessment (id, organization_id, candidate_id, task_id, task_version, kind, round, attempt,
	status, created, not_before, expires, duration_ms, extra_ms, started, deadline, submitted,
	commit_id, secret_id, rotation, link_hash, passcode_hash, code_hash, instructions, message, reason)
SELECT 'a' || substr(c.id, 2), c.organization_id, c.id, t.id, t.version, 'live', 1, 1,
	CASE c.rowid % 4 WHEN 0 THEN 'scheduled' WHEN 1 THEN 'submitted' WHEN 2 THEN 'scored'
		ELSE 'expired' END,
	c.created, 0, c.created + 604800000, 3600000, 0, 0, 0, 0, '', '', 0, NULL, NULL, '', '', '', ''
FROM candidate c, task t;

COMMIT;

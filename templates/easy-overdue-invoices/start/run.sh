# Makes the tables, runs the SQL on standard input and then the query.
{ echo 'BEGIN;'; cat schema.sql -; echo 'COMMIT;'; cat query.sql; } | sqlite3 -batch -bail :memory:

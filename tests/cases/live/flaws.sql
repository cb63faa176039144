-- One of each mistake that a database can hold and that can be made in a moment.
CREATE SCHEMA shop;
CREATE TABLE shop.customers (id integer PRIMARY KEY, name text, "e-mail" text);
CREATE TABLE shop.orders (id serial PRIMARY KEY, customer integer REFERENCES shop.customers);
CREATE TABLE shop.notes (note text);
CREATE INDEX notes_one ON shop.notes (note);
CREATE INDEX notes_two ON shop.notes (note);
ALTER TABLE shop.notes SET (autovacuum_enabled = off);
INSERT INTO shop.notes VALUES ('twice'), ('twice');
SELECT setval('shop.orders_id_seq', 2000000000);
GRANT SELECT ("e-mail") ON shop.customers TO PUBLIC;
GRANT CREATE ON SCHEMA shop TO PUBLIC;
CREATE FUNCTION shop.close(bigint) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT $1';
CREATE ROLE strong LOGIN SUPERUSER VALID UNTIL '2026-03-31';
CREATE ROLE jobs;
GRANT pg_execute_server_program TO jobs;
CREATE ROLE loader LOGIN IN ROLE jobs;
ALTER ROLE loader SET synchronous_commit = off;
SET password_encryption = md5;
ALTER ROLE loader PASSWORD 'correct horse battery';  -- not-secret: of a server that lives for seconds
SELECT pg_create_physical_replication_slot('forgotten', true);

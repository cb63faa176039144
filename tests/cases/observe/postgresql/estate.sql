-- One of everything that is read, with the names that break careless readers. Runs on PostgreSQL 11 and later.
CREATE ROLE app_owner;
CREATE ROLE app LOGIN PASSWORD 'tadpole-harbour-7' CONNECTION LIMIT 20 VALID UNTIL '2030-01-31 00:00:00+00' IN ROLE app_owner;
CREATE ROLE "john.doe" LOGIN CREATEDB CREATEROLE VALID UNTIL 'infinity';
CREATE ROLE "quote"" and
newline" NOLOGIN;
CREATE ROLE "‮evil" LOGIN;
CREATE ROLE "PUBLIC" NOLOGIN;
GRANT app_owner TO "john.doe" WITH ADMIN OPTION;
ALTER ROLE app SET statement_timeout = '5s';
ALTER DATABASE estate SET search_path = public, pg_catalog;
ALTER ROLE app IN DATABASE estate SET work_mem = '8MB';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;
CREATE SCHEMA "odd.schema" AUTHORIZATION app_owner;
COMMENT ON SCHEMA "odd.schema" IS 'Odd on purpose';
GRANT USAGE ON SCHEMA "odd.schema" TO app WITH GRANT OPTION;
CREATE TYPE public.state AS ENUM ('new', 'it''s paid', 'sent');
CREATE TABLE public.customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email varchar(200) NOT NULL UNIQUE,
    born date,
    "select" text DEFAULT 'a "quoted" value',
    CONSTRAINT grown_up CHECK (born < '2010-01-01')
);
COMMENT ON TABLE public.customers IS 'Who buys';
COMMENT ON COLUMN public.customers.email IS 'Where the invoice goes';
CREATE TABLE public.orders (
    id serial PRIMARY KEY,
    customer bigint NOT NULL REFERENCES public.customers ON DELETE CASCADE,
    state public.state NOT NULL DEFAULT 'new',
    total numeric(10, 2),
    gone int
) WITH (autovacuum_enabled = false, fillfactor = 90);
ALTER TABLE public.orders DROP COLUMN gone;
CREATE INDEX orders_open ON public.orders (customer, (total * 2)) WHERE state <> 'sent';
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.orders FOR SELECT TO app USING (total > 0);
CREATE TABLE public.small (id smallserial PRIMARY KEY);
SELECT setval('public.small_id_seq', 30000);
CREATE TABLE public.parts (day date NOT NULL, n int) PARTITION BY RANGE (day);
CREATE TABLE public.parts_2026 PARTITION OF public.parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE "odd.schema"."Table ""one""" ("a.b" int, "new
line" text, "‮txt" text);
CREATE TABLE "odd.schema"."brackets[%]" (x int);
CREATE VIEW public.totals AS SELECT customer, sum(total) AS total FROM public.orders GROUP BY customer;
CREATE MATERIALIZED VIEW public.frozen AS SELECT 1 AS one;
CREATE FUNCTION public.safe() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';
CREATE FUNCTION public.unsafe(a int, b text) RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN 1; END';
CREATE FUNCTION public.plain() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
REVOKE EXECUTE ON FUNCTION public.plain() FROM PUBLIC;
CREATE TRIGGER touch BEFORE UPDATE ON public.orders FOR EACH ROW EXECUTE PROCEDURE public.plain();
GRANT SELECT, INSERT ON public.orders TO app;
GRANT SELECT (id, email), UPDATE (email) ON public.customers TO app;
GRANT SELECT ON public.customers TO "quote"" and
newline", "PUBLIC";
GRANT USAGE ON SEQUENCE public.orders_id_seq TO app;
ALTER TABLE public.customers OWNER TO app_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public GRANT SELECT ON TABLES TO app;

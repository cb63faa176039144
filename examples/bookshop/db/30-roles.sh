#!/bin/sh
# The nightly report reads what it needs and nothing else: no names, no addresses.
set -eu

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set reporting_password="$REPORTING_DB_PASSWORD" <<'SQL'
CREATE ROLE reporting LOGIN PASSWORD :'reporting_password' CONNECTION LIMIT 2;
GRANT SELECT (id, total_cents, state, placed_at) ON orders TO reporting;
GRANT SELECT ON order_lines, books TO reporting;
SQL

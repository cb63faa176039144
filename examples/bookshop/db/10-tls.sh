#!/bin/sh
# Runs once, when the data directory is new: a key of its own, and no connection from outside without TLS.
set -eu

openssl req -new -x509 -days 3650 -nodes -subj /CN=orders-db -keyout "$PGDATA/server.key" -out "$PGDATA/server.crt"
chmod 600 "$PGDATA/server.key"
echo "ssl = on" >>"$PGDATA/postgresql.conf"

cat >"$PGDATA/pg_hba.conf" <<HBA
local    all  all                scram-sha-256
host     all  all  127.0.0.1/32  scram-sha-256
hostssl  all  all  all           scram-sha-256
HBA

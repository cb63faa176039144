#!/bin/sh
# The nightly backup: orders and deliveries, encrypted, into the bucket "backups"; older copies go after 35 days.
set -eu -o pipefail

BUCKET=objects/backups
STAMP=$(date -u +%Y-%m-%dT%H%M%SZ)

encrypted() {
    openssl enc -aes-256-cbc -pbkdf2 -salt -pass env:BACKUP_PASSPHRASE
}

mcli --quiet alias set objects "$OBJECTS_URL" "$OBJECTS_USER" "$OBJECTS_PASSWORD" >/dev/null
mcli --quiet mb --ignore-existing "$BUCKET" >/dev/null

# A dump that broke off never gets its final name, so every file under that name is whole.
pg_dump --format=custom --dbname="$BACKUP_DB_URL" | encrypted | mcli --quiet pipe "$BUCKET/partial/orders"
mcli --quiet mv "$BUCKET/partial/orders" "$BUCKET/orders/$STAMP.dump.enc"

# SQLite's own backup, since the worker writes while we read.
if [ -e /var/lib/bookshop/deliveries.sqlite ]; then
    sqlite3 /var/lib/bookshop/deliveries.sqlite ".backup /tmp/deliveries.sqlite"
    encrypted </tmp/deliveries.sqlite | mcli --quiet pipe "$BUCKET/deliveries/$STAMP.sqlite.enc"
fi

mcli --quiet rm --recursive --force --older-than 35d "$BUCKET/"
echo "backup $STAMP is complete"

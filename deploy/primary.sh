#!/bin/sh
# Run once, when the primary's folder is new: who may copy it. The replica comes from the network of compose.yaml only.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$REPLICATION_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE replication LOGIN REPLICATION PASSWORD :'password';
SQL
echo "host replication replication samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"

#!/bin/sh
# Copy the primary when the folder is empty, then follow it.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    until pg_basebackup -D "$PGDATA" -X stream -c fast \
        -d "host=primary user=replication password=$REPLICATION_PASSWORD" -R; do
        rm -rf "${PGDATA:?}"/*
        sleep 2
    done
    chmod 700 "$PGDATA"
fi
exec postgres -c hot_standby_feedback=on

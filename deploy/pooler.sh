#!/bin/sh
# PgBouncer in transaction mode, before the primary.
set -eu
umask 077
mkdir -p /tmp/pooler
printf '"consult" "%s"\n' "$DATABASE_PASSWORD" > /tmp/pooler/users.txt
cat > /tmp/pooler/pooler.ini <<INI
[databases]
consult = host=primary port=5432
[pgbouncer]
listen_addr = *
listen_port = 6432
unix_socket_dir =
auth_type = scram-sha-256
auth_file = /tmp/pooler/users.txt
pool_mode = transaction
default_pool_size = 20
max_client_conn = 1000
query_wait_timeout = 5
INI
exec pgbouncer /tmp/pooler/pooler.ini

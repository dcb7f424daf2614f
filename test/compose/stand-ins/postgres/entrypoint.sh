#!/bin/sh
# As the vendor's: starts as root, gives the volume to postgres, and goes on as postgres. A new volume is initialized by a
# server that listens on its Unix socket only.
set -eu
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" && chown postgres "$PGDATA" && chmod 700 "$PGDATA"
  exec setpriv --reuid postgres --regid postgres --clear-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  echo "$POSTGRES_PASSWORD" >/tmp/password
  initdb --username "$user" --pwfile /tmp/password --auth-local trust --auth-host scram-sha-256
  rm /tmp/password
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  pg_ctl --wait --options "-c listen_addresses=''" start
  [ "$user" = postgres ] || createdb --username "$user" "${POSTGRES_DB:-$user}"
  pg_ctl --wait --mode fast stop
fi
exec "$@" -c listen_addresses='*'

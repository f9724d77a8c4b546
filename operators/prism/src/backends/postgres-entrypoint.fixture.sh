#!/bin/sh
# Does what the entry point of the official image does at the first start, as far as the operator makes use of it: reads the
# files that variables name, makes the database directory and the database, lets in from outside whoever has the password.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user="$(cat "$POSTGRES_USER_FILE")"
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  # shellcheck disable=SC2086 # arguments, as the image takes them
  initdb --username="$user" --pwfile="$POSTGRES_PASSWORD_FILE" $POSTGRES_INITDB_ARGS
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  psql -v ON_ERROR_STOP=1 --username "$user" --no-password --dbname postgres --command "CREATE DATABASE \"$POSTGRES_DB\""
  pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec "$@"

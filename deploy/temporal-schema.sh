#!/bin/sh
# Creates or updates the two databases of the Temporal server. Safe to run again: each step skips what exists.
set -eu

export SQL_PASSWORD="$POSTGRES_PWD"

for schema in temporal visibility; do
  case $schema in
    temporal) database=temporal ;;
    visibility) database=temporal_visibility ;;
  esac
  sql() {
    temporal-sql-tool --plugin postgres12 --endpoint "$POSTGRES_SEEDS" --port "$DB_PORT" --user "$POSTGRES_USER" --database "$database" "$@"
  }
  sql create-database
  sql setup-schema --version 0.0
  sql update-schema --schema-name "postgresql/v12/$schema"
done

#!/bin/sh
# Makes a role and its own database for each service, and for the bus. PostgreSQL's image runs it once, in an empty data folder.
set -e
for file in /run/databases/*; do
  psql -v ON_ERROR_STOP=1 -v name="$(basename "$file")" -v password="$(cat "$file")" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done

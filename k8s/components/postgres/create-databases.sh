#!/bin/sh
# Makes the role and the database of each URL in /run/databases that names this server, where they are missing, and gives the role the
# password of the URL. A role for the bus comes after the owner of its database, by the names of the files.
# PostgreSQL's image runs it in an empty data folder, the Job create-databases whenever it is applied.
set -e
for file in /run/databases/*; do
  [ -f "$file" ] || continue
  url=$(cat "$file")
  rest=${url#*://}
  server=${rest#*@}
  if [ "${server%%/*}" != postgres:5432 ]; then
    echo "$(basename "$file") is on another server"
    continue
  fi
  credentials=${rest%%@*}
  psql --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-postgres}" -v ON_ERROR_STOP=1 \
    -v name="${credentials%%:*}" -v password="${credentials#*:}" -v database="${rest##*/}" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE CONNECT ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"name";
SQL
done

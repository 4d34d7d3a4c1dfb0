#!/bin/sh
# Runs once, after databases.sql, when the volume is new: each process owns its database and sees no other.
set -eu
for name in monolith auth orders notifications; do
  psql --set ON_ERROR_STOP=1 --username postgres --quiet --set name="$name" --set password="$(cat "/run/secrets/postgres/$name")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
ALTER DATABASE :"name" OWNER TO :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done

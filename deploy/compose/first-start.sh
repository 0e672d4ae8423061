#!/bin/bash
# Run by the PostgreSQL image when its data folder is empty. `siaga setup` does the rest.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --set app_password="$APP_PASSWORD" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file - <<'SQL'
CREATE ROLE siaga_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
SQL

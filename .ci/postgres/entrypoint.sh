#!/bin/sh
set -eu
if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
  POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
  export POSTGRES_PASSWORD
fi
case "${1:-}" in -*) set -- postgres "$@" ;; esac
exec docker-entrypoint.sh "$@"

#!/usr/bin/env bash
# A PostgreSQL of its own for the tests, from the programs that are installed (Debian: postgresql).
#   tools/postgresql.sh start DIR   makes a cluster in DIR, starts it on a free loopback port, prints its address
#   tools/postgresql.sh stop DIR    stops it and removes DIR
set -euo pipefail
[ "$#" -eq 2 ] || { sed -n 2,4p "$0"; exit 2; }
folder=$2

found=$(command -v pg_ctl || ls -d /usr/lib/postgresql/*/bin/pg_ctl 2> /dev/null | sort -V | tail -1)
[ -n "$found" ] || { echo "No pg_ctl here: install PostgreSQL 15 or newer (Debian: apt install postgresql)." >&2; exit 1; }
programs=$(dirname "$found")

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as_owner() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

case $1 in
  start)
    mkdir -p "$folder"
    [ "$(id -u)" -ne 0 ] || chown postgres "$folder"
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    as_owner "$programs/initdb" --pgdata="$folder/data" --username=credit --auth=trust --encoding=UTF8 \
      --locale=C > "$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
    options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=64MB"
    as_owner "$programs/pg_ctl" --pgdata="$folder/data" --log="$folder/data/server.log" --options="$options" \
      --wait start > /dev/null || { cat "$folder/data/server.log" >&2; exit 1; }
    echo "postgresql://credit@127.0.0.1:$port/postgres"
    ;;
  stop)
    as_owner "$programs/pg_ctl" --pgdata="$folder/data" --mode=immediate stop > /dev/null || true
    rm -rf "$folder"
    ;;
  *) sed -n 2,4p "$0"; exit 2 ;;
esac

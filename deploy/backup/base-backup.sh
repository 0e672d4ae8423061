#!/bin/bash
# A physical copy of a PostgreSQL server of one's own, for point-in-time recovery together with its
# archived WAL. The nightly, tried backup of data, media and secrets is `siaga backup`.
#   base-backup.sh TARGET [CONNECTION]     CONNECTION as for pg_basebackup --dbname
set -euo pipefail
target=${1:?where to}
connection=${2:-}
folder="$target/base-$(date --utc +%Y%m%dT%H%M%SZ)"
umask 077
mkdir -p "$target"
pg_basebackup ${connection:+--dbname="$connection"} --pgdata="$folder.unfinished" \
    --checkpoint=fast --wal-method=stream --manifest-checksums=SHA256
# Reads everything back and compares it with the manifest.
pg_verifybackup --quiet "$folder.unfinished"
mv "$folder.unfinished" "$folder"
echo "$folder"

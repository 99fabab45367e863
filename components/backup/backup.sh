# Copies of a store's data, made while the store runs, by the tools of Prometheus' image.
#
#   sh backup.sh prometheus|loki|grafana backup|list|restore [NAME] [replace]
#
# Environment: DATA, the store's volume; BACKUPS, the copies' volume; KEEP, how many are kept; REPORT_URL, where Prometheus
# takes OTLP, and REPORT_AS, the metric's name; for tests, PORT and TRIES.
# Rule: data is copied in the direction in which it flows, log before blocks, index before chunks. What moves on
# meanwhile is then found twice, and never missed; all of these stores take what is there twice for one.
set -eu -o pipefail

store="$1"
command="$2"
data="${DATA:-/data}"
backups="${BACKUPS:-/backups}"
tries="${TRIES:-30}"

fail() {
  echo "$1" >&2
  exit 1
}

names() {
  ls "$backups" | grep -E '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}Z$' || true
}

# Copies one file, or links it where the copy before has the same, by size and time. Only for files that are written once.
take() {
  mkdir -p "$(dirname "$target/$1")"
  if [ -n "$previous" ] && [ "$(stat -c '%s %Y' "$previous/$1" 2>/dev/null)" = "$(stat -c '%s %Y' "$data/$1")" ]; then
    ln "$previous/$1" "$target/$1" 2>/dev/null && return
  fi
  cp -p "$data/$1" "$target/$1"
}

# A write-ahead log: checkpoints and segments, as they are at its beginning. If one goes meanwhile, all is taken again.
copy_log() {
  [ -d "$data/$1" ] || return 0
  rm -rf "$target/$1"
  mkdir -p "$target/$1"
  entries="$(ls "$data/$1" | grep -v '\.tmp$' || true)"
  for entry in $entries; do cp -rp "$data/$1/$entry" "$target/$1/" || return 1; done
  for entry in $entries; do [ -e "$data/$1/$entry" ] || return 1; done
}

blocks_in() {
  ls "$1" | grep -E '^[0-9A-Z]{26}$' || true
}

# Prometheus' blocks. One that goes meanwhile is now part of another; half a block would keep Prometheus from starting.
copy_blocks() {
  blocks="$(blocks_in "$data")"
  for block in $blocks; do
    [ ! -d "$target/$block" ] || continue
    for file in $(cd "$data" && find "$block" -type f); do
      take "$file" || { rm -rf "${target:?}/$block"; return 1; }
    done
    [ -d "$data/$block" ] || { rm -rf "${target:?}/$block"; return 1; }
  done
  for block in $(blocks_in "$target"); do
    echo "$blocks" | grep -qx "$block" || rm -rf "${target:?}/$block"
  done
}

# A folder of files that are written once, without those of the other folders named.
copy_files() {
  [ -d "$data/$1" ] || return 0
  folder="$1"
  shift
  (cd "$data" && find "$folder" -type f) >"$target.files" || return 1
  while read -r file; do
    for other in "$@"; do
      case "./${file#./}" in "./$other"/*) continue 2 ;; esac
    done
    [ -e "$target/$file" ] || take "$file" || return 1
  done <"$target.files"
}

# SQLite: no transaction under way before and after, and none in between. A transaction keeps a journal and counts in the
# database's header; with a write-ahead log, a header of the log tells that it was not begun anew.
copy_database() {
  [ -e "$data/grafana.db" ] || return 0
  before="$(database_state)" || return 1
  for file in grafana.db grafana.db-wal; do
    rm -f "$target/$file"
    [ ! -e "$data/$file" ] || cp -p "$data/$file" "$target/$file" || return 1
  done
  [ "$(database_state)" = "$before" ]
}

database_state() {
  [ ! -e "$data/grafana.db-journal" ] || return 1
  head -c 100 "$data/grafana.db" | md5sum
  [ ! -e "$data/grafana.db-wal" ] || head -c 32 "$data/grafana.db-wal" | md5sum
}

# Repeats a step until it is undisturbed.
undisturbed() {
  attempt=1
  until "$@" 2>"$target.errors"; do
    cat "$target.errors" >&2
    [ "$attempt" -lt "$tries" ] || fail "$*: disturbed or refused $tries times in a row; expected an undisturbed try. Nothing was saved"
    attempt=$((attempt + 1))
    sleep 1
  done
}

# Tells Prometheus, so that an alert can miss it. It is a backup all the same where Prometheus cannot be told.
report() {
  [ -n "${REPORT_URL:-}" ] || return 0
  now="$(date +%s)"
  body='{"resourceMetrics": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "backup"}}]},
    "scopeMetrics": [{"metrics": [{"name": "'"$REPORT_AS"'", "unit": "s", "gauge": {"dataPoints": [{
      "timeUnixNano": "'"$now"'000000000", "asDouble": '"$now"',
      "attributes": [{"key": "store", "value": {"stringValue": "'"$store"'"}}]}]}}]}]}]}'
  timeout 60 wget -q -O /dev/null --header "Content-Type: application/json" --post-data "$body" "$REPORT_URL" ||
    echo "Prometheus was not told of this backup: $REPORT_URL" >&2
}

# Makes the folder of a copy, whose name is the second. Fails where another copy has that name, finished or not.
claim_name() {
  name="$(date -u +%Y-%m-%dT%H-%M-%SZ)"
  target="$backups/.unfinished-$name"
  mkdir "$target" || return 1
  [ ! -e "$backups/$name" ] || { rmdir "$target"; return 1; }
}

backup() {
  newest="$(names | tail -n 1)"
  previous="${newest:+$backups/$newest}"
  find "$backups" -maxdepth 1 -name '.unfinished-*' -mmin +1440 -exec rm -rf {} +
  attempt=1
  until claim_name; do
    [ "$attempt" -lt "$tries" ] || fail "$backups takes no folder named $name. Nothing was saved"
    attempt=$((attempt + 1))
    sleep 1
  done
  trap 'rm -rf "$target" "$target.files" "$target.errors"' EXIT
  case "$store" in
    prometheus)
      undisturbed copy_log wbl
      undisturbed copy_log wal
      undisturbed copy_blocks
      promtool tsdb list "$target" >/dev/null || fail "promtool cannot read the blocks that were copied"
      ;;
    loki)
      undisturbed copy_log wal
      undisturbed copy_files tsdb-shipper-active
      undisturbed copy_files chunks/index
      undisturbed copy_files . wal tsdb-shipper-active tsdb-shipper-cache chunks/index
      ;;
    grafana)
      undisturbed copy_database
      undisturbed copy_files . grafana.db grafana.db-wal grafana.db-shm grafana.db-journal unified-search
      ;;
    *) fail "found store \"$store\"; expected prometheus, loki or grafana" ;;
  esac
  [ -n "$(find "$target" -type f | head -n 1)" ] || fail "$data holds nothing; expected data of $store"
  (cd "$target" && find . -type f -exec stat -c '%s %n' {} +) >"$target.files"
  mv "$target.files" "$target/files"
  sync
  mv "$target" "$backups/$name"
  surplus=$(($(names | wc -l) - KEEP))
  names | while read -r old && [ "$surplus" -gt 0 ]; do
    rm -rf "${backups:?}/$old"
    surplus=$((surplus - 1))
  done
  report
  list | tail -n 1
}

list() {
  names | while read -r name; do
    awk -v name="$name" '{ bytes += $1 } END { printf "%s %d files %d bytes\n", name, NR, bytes }' "$backups/$name/files"
  done
}

complete() {
  (cd "$1" && find . -type f ! -path ./files -exec stat -c '%s %n' {} +) | sort >/tmp/found
  sort "$1/files" | cmp -s - /tmp/found
}

# What was in Prometheus' memory, as blocks: its logs are read, and repaired where they end in the middle of a record,
# by Prometheus itself.
head_blocks() {
  mkdir -p "$scratch/head"
  for log in wal wbl; do [ ! -d "$from/$log" ] || cp -r "$from/$log" "$scratch/head/"; done
  # By its own window, out-of-order data of any age is read.
  echo '{"storage": {"tsdb": {"out_of_order_time_window": "1000d"}}}' >"$scratch/prometheus.json"
  prometheus --config.file="$scratch/prometheus.json" --storage.tsdb.path="$scratch/head" \
    --storage.tsdb.retention.time=100y --web.listen-address=127.0.0.1:"${PORT:-9090}" --log.level=warn &
  reader=$!
  until wget -q -O /dev/null "http://127.0.0.1:${PORT:-9090}/-/ready" 2>/dev/null; do
    kill -0 "$reader" 2>/dev/null || fail "Prometheus cannot read the log of $from"
    sleep 0.2
  done
  kill "$reader"
  wait "$reader" || true
  reader=""
  promtool tsdb dump-openmetrics "$scratch/head" | readable >"$scratch/head.om"
  mkdir "$scratch/blocks"
  TMPDIR="$scratch" promtool tsdb create-blocks-from openmetrics --quiet "$scratch/head.om" "$scratch/blocks" >/dev/null
}

# What promtool writes and does not read back as it was: names with other characters than letters, digits and underscores
# must be quoted; times are cut to milliseconds, by half of one more none is cut too far; marks of the end of a series are
# written as values.
readable() {
  sed -E -e '/ NaN [0-9.-]*$/d' -e '/^# EOF$/b' -e 's/$/5/' \
    -e 's/([{,])([^={,"]+)="(([^"\\]|\\.)*)"/\1"\2"="\3"/g' -e 's/^([^{ ]*[^a-zA-Z0-9_:{ ][^{ ]*)\{/{"\1",/'
}

# Adds what is missing to a Prometheus that runs. Marked as late data: behind other blocks, Prometheus would expect
# nothing in its log at its next start, and drop what is there.
restore_prometheus() {
  scratch="$data/restore.tmp"
  rm -rf "$scratch"
  mkdir "$scratch"
  reader=""
  trap '[ -z "$reader" ] || kill "$reader" || true; rm -rf "$scratch"' EXIT
  head_blocks
  mkdir "$scratch/ready"
  for block in $(blocks_in "$from"); do
    [ -d "$data/$block" ] || cp -rp "$from/$block" "$scratch/ready/"
  done
  for block in $(blocks_in "$scratch/blocks"); do mv "$scratch/blocks/$block" "$scratch/ready/"; done
  count=0
  for block in $(blocks_in "$scratch/ready"); do
    sed -i 's/"compaction": *{/"compaction": {"hints": ["from-out-of-order"],/' "$scratch/ready/$block/meta.json"
    mv "$scratch/ready/$block" "$data/"
    count=$((count + 1))
  done
  echo "restored $count blocks"
}

restore() {
  from="$backups/$1"
  [ "$1" != latest ] || from="$backups/$(names | tail -n 1)"
  [ -f "$from/files" ] || fail "found no copy \"$1\" of $store; expected one of: $(names | tr '\n' ' ')"
  complete "$from" || fail "$1 of $store is not complete: files lack, or have other sizes than when they were saved"
  if [ "$store" = prometheus ]; then
    restore_prometheus
    return
  fi
  if [ -n "$(find "$data" -type f | head -n 1)" ]; then
    [ "${2:-}" = replace ] || fail "the volume of $store holds data, which the copy would replace; expected none, or --replace"
  fi
  find "$data" -mindepth 1 -maxdepth 1 ! -name lost+found -exec rm -rf {} +
  (cd "$from" && tar cf - .) | (cd "$data" && tar xpf -)
  rm -f "$data/files"
  sync
  echo "restored $(wc -l <"$from/files") files"
}

case "$command" in
  backup) backup ;;
  list) list ;;
  restore) restore "${3:-}" "${4:-}" ;;
  *) fail "found command \"$command\"; expected backup, list or restore" ;;
esac

#!/bin/sh
# Prints the headers of a team's credential for Claude Code's `otelHeadersHelper`, from where the system keeps secrets.
# Store it once: what `npm run settings -- --team NAME --authorization` prints, under the name below.
#   macOS:  security add-generic-password -s claude-code-monitoring -a "$USER" -w 'Basic …'
#   Linux:  printf %s 'Basic …' | secret-tool store --label=claude-code-monitoring service claude-code-monitoring
#   else:   a file that only its owner may read, ~/.config/claude-code-monitoring/authorization
set -eu

name=claude-code-monitoring
file="${XDG_CONFIG_HOME:-$HOME/.config}/$name/authorization"

if command -v security >/dev/null 2>&1; then
  authorization="$(security find-generic-password -s "$name" -w)"
elif command -v secret-tool >/dev/null 2>&1 && authorization="$(secret-tool lookup service "$name")"; then
  :
elif [ -r "$file" ]; then
  authorization="$(cat "$file")"
else
  echo "no credential: neither in the system's key store under $name nor in $file" >&2
  exit 1
fi

case "$authorization" in
  Basic\ *[!A-Za-z0-9+/=]* | "Basic ") authorization="" ;;
  Basic\ *) ;;
  *) authorization="" ;;
esac
if [ -z "$authorization" ]; then
  echo "the credential stored under $name is none; expected 'Basic ' and base64" >&2
  exit 1
fi
printf '{"Authorization":"%s"}\n' "$authorization"

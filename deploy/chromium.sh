#!/bin/sh
# Makes sure of a Chromium: ALTIS_CHROMIUM, or `chromium` on PATH, or Debian's package, which only root may install.
set -eu
install='apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core'

say() { printf '%s %-9s %s\n' "$(date +%H:%M:%S)" chromium "$*" >&2; }

if [ -n "${ALTIS_CHROMIUM:-}" ]; then
  command -v "$ALTIS_CHROMIUM" >/dev/null || { say "ALTIS_CHROMIUM=$ALTIS_CHROMIUM is no program"; exit 1; }
  exit 0
fi
for name in chromium chromium-browser; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  say "installing Debian's chromium"
  sh -c "$install" >&2 || { say "the installation failed: see above"; exit 1; }
  exit 0
fi
say "there is no chromium. Run once as root: $install"
say "or set ALTIS_CHROMIUM to the program of another Chromium"
exit 1

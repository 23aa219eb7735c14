#!/bin/sh
# run.sh LOCK WORD... : makes sure of a virtual environment with deploy/locks/LOCK.txt, then becomes `python WORD...`.
# Needs only a Python 3.11 or newer with its venv module. Two at once take turns.
set -eu
cd "$(dirname "$0")/.."
lock=$1
shift
lockfile=deploy/locks/$lock.txt
child=

say() { printf '%s %-9s %s\n' "$(date +%H:%M:%S)" venv "$*" >&2; }

stop() {
  trap '' INT TERM HUP
  [ -z "$child" ] || { kill -TERM "-$child" 2>/dev/null && wait "$child"; } || :
  say "stopped ($1)"
  exit 130
}

# A foreground child would make the shell deaf until it ends, so every long step runs in the background,
# and as a process group of its own: venv and pip have children too.
step() {
  setsid "$@" &
  child=$!
  status=0
  wait "$child" || status=$?
  child=
  return "$status"
}

# A Python that really runs: a version manager's shim can be first on PATH and lead nowhere for this user.
find_python() {
  for name in python3.11 python3 python3.12 python3.13 python3.14; do
    for folder in $(printf '%s' "$PATH" | tr ':' ' ') /usr/local/bin /usr/bin; do
      candidate=$folder/$name
      if [ -x "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        printf '%s' "$candidate"
        return
      fi
    done
  done
  say "no Python 3.11 or newer found: on Debian, apt-get install python3 python3-venv"
  exit 1
}

hash_of() { sha256sum "$1" | cut -c1-16; }

# Complete: made here, nothing half-done, and one of the locks that contain what is asked for is installed.
complete() {
  [ -x "$1/bin/python" ] && [ ! -e "$1/.altis-installing" ] && "$1/bin/python" -c 'import sys' 2>/dev/null || return 1
  for each in "$lock" dev; do
    stamp=$1/.altis-$each-$(hash_of "deploy/locks/$each.txt")
    [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$1" ] && return 0
  done
  return 1
}

# Worth installing into: not torn by a killed run, not moved, with a pip that runs.
sound() {
  [ -x "$1/bin/python" ] && [ ! -e "$1/.altis-installing" ] || return 1
  "$1/bin/python" -m pip --version >/dev/null 2>&1 || return 1
  grep -qsF -- "-m venv $1" "$1/pyvenv.cfg" || ! grep -qs '^command' "$1/pyvenv.cfg"
}

make_venv() {
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    say "$python has no ensurepip: on Debian, apt-get install python$version-venv"
    exit 1
  fi
  say "making $1 with $python"
  rm -rf "$1"
  mkdir -p "$1"
  : >"$1/.altis-installing"
  step "$python" -m venv "$1"
}

install_lock() {
  say "installing $lockfile"
  : >"$1/.altis-installing"
  export PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1
  step "$1/bin/python" -m pip install --no-input --require-hashes -r "$lockfile" >&2 || {
    say "the installation failed: see above; the next make begins it anew"
    exit 1
  }
  rm -f "$1"/.altis-main-* "$1"/.altis-dev-*
  printf '%s' "$1" >"$1/.altis-$lock-$(hash_of "$lockfile")"
  rm -f "$1/.altis-installing"
  say "ready"
}

venv=$(pwd -P)/.venv
if ! complete "$venv" && { [ ! -w . ] || { [ -e "$venv" ] && [ ! -w "$venv" ]; }; }; then
  home=${TMPDIR:-/tmp}/altis-venv-$(id -u)-$(pwd -P | sha256sum | cut -c1-10)
  say "$venv cannot be used or mended by this user: using $home"
  mkdir -p -m 700 "$home"
  [ -O "$home" ] || { say "$home belongs to somebody else: remove it"; exit 1; }
  venv=$home/venv
fi

if ! complete "$venv"; then
  trap 'stop INT' INT
  trap 'stop TERM' TERM
  trap 'stop HUP' HUP
  exec 9<"$(dirname "$venv")"   # the folder itself is the lock: no file to leave behind
  flock -n 9 || { say "another make is busy with it: waiting"; step flock 9; }
  if ! complete "$venv"; then
    sound "$venv" || make_venv "$venv"
    install_lock "$venv"
  fi
  exec 9<&-
  trap - INT TERM HUP
fi
exec "$venv/bin/python" "$@"

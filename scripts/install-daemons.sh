#!/usr/bin/env bash
# Puts servers that tests of the Prism operator run into Capstan's cache, each with the libraries it needs in a root of its own.
#
#   scripts/install-daemons.sh            # <cache>/daemons/{redis,nats,postgres}/root, from Debian 12's own packages
#   scripts/install-daemons.sh minio      # <cache>/daemons/minio/root, built with Go from its module: about five minutes
#
# Nothing is installed on the machine. The cache is CAPSTAN_CACHE, else XDG_CACHE_HOME/capstan, else ~/.cache/capstan. What is there
# already is left as it is. What cannot be had is named on standard error and ends the script with 1.
set -eu
. "$(dirname "$0")/debian-archive.sh"

cache="${CAPSTAN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/capstan}/daemons"
suite=bookworm
minio_version=v0.0.0-20260212201848-7aac2a2c5b7c

# The packages of a server; busybox is its shell, as in the Alpine images.
packages_of() {
  case "$1" in
    redis) echo redis-server redis-tools busybox-static ;;
    nats) echo nats-server busybox-static ;;
    postgres) echo postgresql-15 postgresql-client-15 libc-bin busybox-static ;;
    minio) echo busybox-static ;;
  esac
}

# What is run to see that a server is whole.
version_of() {
  local root="$1/root"
  case "$2" in
    redis) inside "$root" redis-server --version ;;
    nats) inside "$root" nats-server --version ;;
    postgres) inside "$root" postgres --version ;;
    minio) inside "$root" minio --version ;;
  esac
}

# Without root nothing can be started in a root of its own, and the tests are left out anyhow.
inside() {
  local root="$1"
  shift
  [ "$(id -u)" != 0 ] && [ -e "$root/bin/busybox" ] && return 0
  chroot "$root" "$@"
}

# Where the official images have them: programs on the path, and a shell.
finish_root() {
  local root="$1" server="$2" program
  mkdir -p "$root/bin" "$root/usr/local/bin" "$root/tmp" "$root/etc" "$root/dev/shm"
  for program in sh grep cat mkdir chmod id ip nc wget; do ln -sf /bin/busybox "$root/bin/$program"; done
  [ "$server" = postgres ] || return 0
  rm -f "$root/usr/lib/postgresql/15/lib/llvmjit.so"
  for program in initdb pg_ctl pg_isready postgres psql; do
    ln -sf "/usr/lib/postgresql/15/bin/$program" "$root/usr/local/bin/$program"
  done
}

build_minio() {
  local root="$1"
  mkdir -p "$root/usr/local/bin"
  CGO_ENABLED=0 GOBIN="$root/usr/local/bin" go install -trimpath -ldflags='-s -w' "github.com/minio/minio@$minio_version" >&2
}

install_into() {
  local home="$1" server="$2" at="$1/apt"
  mkdir -p "$home/root"
  make_private_apt "$at" "$suite"
  unpack_packages "$at" "$home/root" $(packages_of "$server")
  rm -rf "$at"
  [ "$server" != minio ] || build_minio "$home/root"
  finish_root "$home/root" "$server"
  chmod 755 "$home" "$home/root"
  version_of "$home" "$server" >/dev/null
}

install_server() {
  local server="$1" unfinished
  version_of "$cache/$server" "$server" >/dev/null 2>&1 && return 0
  unfinished="$(mktemp -d "$cache/.unfinished-XXXXXX")"
  if (set -e; install_into "$unfinished/home" "$server") >/dev/null; then
    rm -rf "${cache:?}/$server" && mv "$unfinished/home" "$cache/$server" && rm -rf "$unfinished"
    return 0
  fi
  rm -rf "$unfinished"
  echo "$server could not be had: tests that need it are left out" >&2
  return 1
}

if ! has_archive; then
  echo "no daemons installed: this machine's apt has no mirror of Debian, so tests that need them are left out" >&2
  exit 1
fi
mkdir -p "$cache"
failed=0
[ $# -gt 0 ] || set -- redis nats postgres
for server in "$@"; do
  case "$server" in
    redis | nats | postgres | minio) install_server "$server" || failed=1 ;;
    *) echo "$server: there are redis, nats, postgres and minio" >&2 && exit 2 ;;
  esac
done
exit "$failed"

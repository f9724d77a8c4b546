#!/usr/bin/env bash
# Puts the HAProxy versions that the proxy's tests run into Capstan's cache, taken from Debian's own packages; nothing is installed.
#
#   scripts/install-haproxy.sh            # <cache>/haproxy/{2.6,3.0,3.2}/haproxy
#
# The cache is CAPSTAN_CACHE, else XDG_CACHE_HOME/capstan, else ~/.cache/capstan. What is there already is left as it is.
# A version that cannot be had is named on standard error and ends the script with 1.
set -eu
. "$(dirname "$0")/debian-archive.sh"

cache="${CAPSTAN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/capstan}/haproxy"

# The suites that may carry a version, the most likely first: a suite moves on when Debian does.
suites_of() {
  case "$1" in
    2.6) echo bookworm ;;
    3.0) echo trixie ;;
    3.2) echo forky sid ;;
  esac
}

# The program starts with the loader and the libraries of its own suite, whatever the machine has.
write_launcher() {
  local home="$1" loader libraries
  loader="$(cd "$home/root" && find . -name 'ld-linux*.so.*' | head -n 1)"
  libraries="$(cd "$home/root" && find . -name '*.so.*' -exec dirname {} \; | sort -u | sed 's#^\.#$root#' | paste -sd :)"
  {
    echo '#!/bin/sh'
    echo 'root="$(dirname "$(readlink -f "$0")")/root"'
    echo "exec \"\$root/$loader\" --argv0 \"\$0\" --library-path \"$libraries\" \"\$root/usr/sbin/haproxy\" \"\$@\""
  } >"$home/haproxy"
  chmod 755 "$home/haproxy"
}

is_version() {
  "$2/haproxy" -v 2>/dev/null | head -n 1 | grep -qF "version $1."
}

install_from() {
  local version="$1" suite="$2" home="$3" at="$3/apt"
  mkdir -p "$home/root"
  make_private_apt "$at" "$suite"
  private_apt "$at" apt-cache show haproxy | grep -q "^Version: $version\." || return 1
  unpack_packages "$at" "$home/root" haproxy
  rm -rf "$at"
  write_launcher "$home"
  is_version "$version" "$home"
}

install_version() {
  local version="$1" unfinished
  is_version "$version" "$cache/$version" && return 0
  for suite in $(suites_of "$version"); do
    unfinished="$(mktemp -d "$cache/.unfinished-XXXXXX")"
    if install_from "$version" "$suite" "$unfinished/home" >/dev/null; then
      rm -rf "${cache:?}/$version" && mv "$unfinished/home" "$cache/$version" && rm -rf "$unfinished"
      return 0
    fi
    rm -rf "$unfinished"
  done
  echo "haproxy $version could not be had from Debian's archive: tests that need it are left out" >&2
  return 1
}

if ! has_archive; then
  echo "no haproxy installed: this machine's apt has no mirror of Debian, so tests that need one are left out" >&2
  exit 1
fi
mkdir -p "$cache"
failed=0
for version in 2.6 3.0 3.2; do install_version "$version" || failed=1; done
exit "$failed"

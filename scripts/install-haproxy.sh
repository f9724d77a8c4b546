#!/usr/bin/env bash
# Puts the HAProxy versions that the proxy's tests run into Capstan's cache, taken from Debian's own packages; nothing is installed.
#
#   scripts/install-haproxy.sh            # <cache>/haproxy/{2.6,3.0,3.2}/haproxy
#
# The cache is CAPSTAN_CACHE, else XDG_CACHE_HOME/capstan, else ~/.cache/capstan. What is there already is left as it is.
# apt runs with directories of its own and its own list of suites, on the mirror that the machine's apt is configured with;
# it checks the signatures of the archive. A version that cannot be had is named on standard error and ends the script with 1.
set -eu

cache="${CAPSTAN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/capstan}/haproxy"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The suites that may carry a version, the most likely first: a suite moves on when Debian does.
suites_of() {
  case "$1" in
    2.6) echo bookworm ;;
    3.0) echo trixie ;;
    3.2) echo forky sid ;;
  esac
}

# Where the machine itself gets Debian's packages from; apt prints it without asking anybody.
mirror() {
  apt-get update --print-uris 2>/dev/null |
    sed -n "s#^'\(.*\)/dists/\(bookworm\|trixie\|forky\|sid\|stable\|testing\|unstable\)/InRelease'.*#\1#p" | head -n 1
}

# apt that knows one suite and no installed package: private_apt <directory> <tool> <arguments ...>
private_apt() {
  local at="$1" tool="$2"
  shift 2
  "$tool" -qq -o Dir::Etc::SourceList="$at/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State="$at/state" -o Dir::State::status="$at/status" -o Dir::Cache="$at/cache" \
    -o APT::Sandbox::User="$(id -un)" -o APT::Update::Post-Invoke-Success::= \
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}

make_private_root() {
  local at="$1" suite="$2"
  rm -rf "$at"
  mkdir -p "$at/state/lists/partial" "$at/cache/archives/partial" "$at/debs"
  : >"$at/status"
  (umask 077 && echo "deb [signed-by=$keyring] $(mirror) $suite main" >"$at/sources.list")
  private_apt "$at" apt-get update >&2
}

# haproxy and every library it needs, one package a line; what else it depends on (adduser, lsb-base) only serves an installation.
packages_to_unpack() {
  local at="$1" all=haproxy next=haproxy
  while [ -n "$next" ]; do
    next="$(private_apt "$at" apt-cache depends --no-pre-depends --no-recommends --no-suggests --no-conflicts \
      --no-breaks --no-replaces --no-enhances $next | sed -n 's/^ *Depends: \(lib[^: ]*\).*/\1/p' | sort -u |
      grep -vxF "$all" || true)"
    all="$(printf '%s\n%s' "$all" "$next" | sed '/^$/d')"
  done
  echo "$all"
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
  mkdir -p "$home"
  make_private_root "$at" "$suite"
  private_apt "$at" apt-cache show haproxy | grep -q "^Version: $version\." || return 1
  (cd "$at/debs" && private_apt "$at" apt-get download $(packages_to_unpack "$at"))
  for deb in "$at"/debs/*.deb; do dpkg-deb -x "$deb" "$home/root"; done
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

if ! { command -v apt-get && command -v dpkg-deb && [ -e "$keyring" ] && [ -n "$(mirror)" ]; } >/dev/null; then
  echo "no haproxy installed: this machine's apt has no mirror of Debian, so tests that need one are left out" >&2
  exit 1
fi
mkdir -p "$cache"
failed=0
for version in 2.6 3.0 3.2; do install_version "$version" || failed=1; done
exit "$failed"

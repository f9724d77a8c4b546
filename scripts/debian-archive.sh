# Packages of Debian for tests, without installing them: to be sourced. apt runs with directories of its own and its own list of one
# suite, on the mirror that the machine's apt is configured with; it checks the signatures of the archive.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Where the machine itself gets Debian's packages from; apt prints it without asking anybody.
mirror() {
  apt-get update --print-uris 2>/dev/null |
    sed -n "s#^'\(.*\)/dists/\(bookworm\|trixie\|forky\|sid\|stable\|testing\|unstable\)/InRelease'.*#\1#p" | head -n 1
}

# Whether packages can be had from Debian's archive at all.
has_archive() {
  { command -v apt-get && command -v dpkg-deb && [ -e "$keyring" ] && [ -n "$(mirror)" ]; } >/dev/null
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

# make_private_apt <directory> <suite>
make_private_apt() {
  local at="$1" suite="$2"
  rm -rf "$at"
  mkdir -p "$at/state/lists/partial" "$at/cache/archives/partial" "$at/debs"
  : >"$at/status"
  (umask 077 && echo "deb [signed-by=$keyring] $(mirror) $suite main" >"$at/sources.list")
  private_apt "$at" apt-get update >&2
}

# The packages given and every library they need, one a line; what else they depend on (adduser, lsb-base) only serves an
# installation, and LLVM only compiles queries of Postgres. with_libraries <directory> <packages ...>
with_libraries() {
  local at="$1" all next
  shift
  all="$(printf '%s\n' "$@")"
  next="$all"
  while [ -n "$next" ]; do
    next="$(private_apt "$at" apt-cache depends --no-recommends --no-suggests --no-conflicts \
      --no-breaks --no-replaces --no-enhances $next |
      sed -n 's/^ *\(Pre\)\?Depends: \(z\?lib[^: ]*\).*/\2/p' | grep -v '^libllvm' | sort -u | grep -vxF "$all" || true)"
    all="$(printf '%s\n%s' "$all" "$next" | sed '/^$/d')"
  done
  echo "$all"
}

# unpack_packages <directory> <root> <packages ...>: each of them and their libraries into a root
unpack_packages() {
  local at="$1" root="$2"
  shift 2
  (cd "$at/debs" && private_apt "$at" apt-get download $(with_libraries "$at" "$@"))
  for deb in "$at"/debs/*.deb; do dpkg-deb -x "$deb" "$root"; done
}

#!/usr/bin/env bash
# Downloads what Node needs of Debian 12, the base of the distroless images, without installing anything:
#
#   scripts/image/debian-packages.sh <amd64 | arm64> <directory>    # <directory>/*.deb, security updates included
#   scripts/image/debian-packages.sh --check                        # whether they can be had at all
#
# apt checks the signatures of the archive, and the checksum of each package. What the directory held is gone afterwards.
set -eu
. "$(dirname "$0")/../debian-archive.sh"

suite=bookworm
# What is linked against, what that comes with, certificate authorities, and which system scanners see.
packages="libc6 libstdc++6 libgcc-s1 gcc-12-base ca-certificates base-files"

if ! has_archive; then
  echo "the libraries that Node needs come from Debian's archive, which this machine's apt does not know: use a Debian or Ubuntu machine, or build from the Containerfile" >&2
  exit 1
fi
[ "$1" = --check ] && exit 0

architecture="$1"
directory="$2"

# Where the machine itself gets security updates from; nothing where it gets none.
security_mirror() {
  apt-get update --print-uris 2>/dev/null | sed -n "s#^'\(.*\)/dists/$suite-security/InRelease'.*#\1#p" | head -n 1
}

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
printf 'APT::Architecture "%s";\nAPT::Architectures "%s";\n' "$architecture" "$architecture" >"$work/apt.conf"
updates="$(security_mirror)"
export APT_CONFIG="$work/apt.conf"
make_private_apt "$work/apt" "$suite"
if [ -n "$updates" ]; then
  echo "deb [signed-by=$keyring] $updates $suite-security main" >>"$work/apt/sources.list"
  private_apt "$work/apt" apt-get update >&2
fi
(cd "$work/apt/debs" && private_apt "$work/apt" apt-get download $packages >&2)
rm -rf "$directory"
mkdir -p "$(dirname "$directory")"
mv "$work/apt/debs" "$directory"

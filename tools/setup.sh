#!/usr/bin/env bash
# Installs the Debian packages that Stemma builds and runs with; does nothing where they are there.
set -euo pipefail
packages=(liblmdb-dev libsqlite3-dev libedit-dev libssl-dev libseccomp-dev bubblewrap e2fsprogs python3 curl)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "stemma: these Debian packages are missing: ${missing[*]}" >&2
  echo "stemma: run: sudo apt-get install -y ${missing[*]}" >&2
  exit 1
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"

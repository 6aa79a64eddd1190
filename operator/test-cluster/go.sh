# Sourced by whatever builds programs of Kubernetes and its surroundings through the Go toolchain.
# shellcheck shell=bash

GO_MIN=1.26

say() { echo "test-cluster: $*" >&2; }
die() { say "$*"; exit 1; }

# The version that go.mod in directory $1 requires of module $2.
required() {
  awk -v module="$2" '$1 == "require" && $2 == module { print $3 } $1 == module && NF == 2 { print $2 }' \
    "$1/go.mod"
}

at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

install_packages() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    die "missing: $*; install it with:  sudo apt-get install $*"
  fi
  say "installing $*"
  apt-get install -y -q "$@" >&2 || { apt-get update -q >&2 && apt-get install -y -q "$@" >&2; }
}

provide_go() {
  command -v go >/dev/null || install_packages golang-go
  local version
  version=$(go env GOVERSION)
  at_least "$GO_MIN" "${version#go}" ||
    die "found $version, but Kubernetes is built with Go $GO_MIN or newer: put a newer go first in PATH"
}

# build DIRECTORY PACKAGE PROGRAM DESTINATION [LINKER FLAGS]
# The rename makes the program appear: a second build at the same time finds all or nothing.
build() {
  [ -x "$4/$3" ] && return
  provide_go
  say "building $3 (minutes, once)"
  local made
  made=$(mktemp "$4/.$3.XXXXXX")
  (cd "$1" && GOTOOLCHAIN=local GOFLAGS='' CGO_ENABLED=0 nice -n 5 go build -trimpath -buildvcs=false \
    -ldflags "-s -w ${5:-}" -o "$made" "$2") || { rm -f "$made"; die "cannot build $3"; }
  chmod 755 "$made"
  mv -f "$made" "$4/$3"
}

# Sourced by every host-side script of the lab: where things are, how to complain.
# shellcheck shell=bash disable=SC2034  # LAB is for those who source this

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/podbond/lab

say() { printf 'lab: %s\n' "$*" >&2; }
die() { say "$*"; exit 125; }

# Word for word what a shell reads back as $1: newlines, quotes and all.
quote() {
    printf '%s\n' "$1" | LC_ALL=C sed "s/'/'\\\\''/g; 1s/^/'/; \$s/\$/'/"
}

# The newest unpacked kernel in the cache; nothing when there is none.
cached_kernel() {
    local d
    for d in "$CACHE"/kernel-*/; do
        [ -f "$d/vmlinuz" ] && basename "$d"
    done | sed 's/^kernel-//' | sort -V | tail -n 1
}

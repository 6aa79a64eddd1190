# Sourced by the cluster's scripts on the host: where things are, how to complain.
# shellcheck shell=bash disable=SC2034  # for those who source this

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
HERE=$TOP/lab/cluster
STORE=${XDG_CACHE_HOME:-$HOME/.cache}/podbond/cluster

say() { printf 'cluster: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

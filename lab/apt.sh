# Sourced by setup: talk to apt, with the backports suite where this release needs it.
# shellcheck shell=bash

# apt's options are kept in one array. The sources the lab adds live in a private directory
# that is gone afterwards: the machine's own configuration is not changed.
APT_OPTIONS=(-q -o APT::Get::Assume-Yes=true -o APT::List-Cleanup=0 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
if [ "$(id -u)" = 0 ]; then
    # Else apt warns that its own user cannot write into the cache directory.
    APT_OPTIONS+=(-o APT::Sandbox::User=root)
fi
SUITE=

codename() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release | tr -d '"'; }
distribution() { sed -n 's/^ID=//p' /etc/os-release | tr -d '"'; }

# Debian 12 alone: its QEMU (7.2) has no igb. Later Debians and Ubuntu 24.04 need nothing more.
needs_backports() { [ "$(distribution)" = debian ] && [ "$(codename)" = bookworm ]; }

# One "deb" line for <codename>-backports with address and key of the entry that already serves <codename>.
backports_line() {
    local name=$1
    shift
    # Two formats: one-line (*.list) and deb822 (*.sources). The security archive has no backports.
    awk -v name="$name" '
        function emit(uri, options) {
            if (done || uri ~ /security/) return
            done = 1
            printf "deb %s%s %s-backports main\n", options == "" ? "" : "[" options "] ", uri, name
        }
        function stanza_end(   n, i, list) {
            if (types ~ /(^| )deb( |$)/ && (" " suites " ") ~ (" " name " ") && enabled != "no") {
                split(uris, list, " ")
                emit(list[1], signed == "" ? "" : "signed-by=" signed)
            }
            types = uris = suites = signed = enabled = ""
        }
        FNR == 1 { stanza_end() }
        /^[ \t]*#/ { next }
        /^[ \t]*$/ { stanza_end(); next }
        /^Types:/ { sub(/^[^:]*:[ \t]*/, ""); types = $0; next }
        /^URIs:/ { sub(/^[^:]*:[ \t]*/, ""); uris = $0; next }
        /^Suites:/ { sub(/^[^:]*:[ \t]*/, ""); suites = $0; next }
        /^Signed-By:/ { sub(/^[^:]*:[ \t]*/, ""); signed = $0 ~ /^\// ? $0 : ""; next }
        /^Enabled:/ { sub(/^[^:]*:[ \t]*/, ""); enabled = $0; next }
        /^deb[ \t]/ {
            options = ""
            if (match($0, /\[[^]]*\]/)) {
                options = substr($0, RSTART + 1, RLENGTH - 2)
                $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
            }
            if ($3 == name) emit($2, options)
        }
        END { stanza_end() }
    ' "$@" /dev/null
}

# Point apt at a copy of the machine's sources plus backports. $1: a scratch directory.
use_backports() {
    local parts=$1/sources name file line
    local -a files=()
    name=$(codename)
    mkdir -p "$parts"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [ -f "$file" ] && files+=("$file")
    done
    [ ${#files[@]} -gt 0 ] || die "no apt sources found in /etc/apt"
    line=$(backports_line "$name" "${files[@]}")
    [ -n "$line" ] || die "no apt source for $name in /etc/apt: cannot tell where $name-backports is"
    for file in "${files[@]}"; do
        [ "$file" = /etc/apt/sources.list ] || cp "$file" "$parts/"
    done
    printf '%s\n' "$line" > "$parts/podbond-backports.list"
    SUITE=$name-backports
    APT_OPTIONS+=(-o "Dir::Etc::sourceparts=$parts" -o "APT::Default-Release=$SUITE"
        # What apt computed without these sources must not be used, nor replaced, by a cache with them.
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)
}

# A third party's source that fails must not stop the lab: what is really missing shows at install.
refresh_lists() { apt-get "${APT_OPTIONS[@]}" update >&2 || say "some package lists could not be refreshed; going on"; }

has_candidate() {
    local c
    c=$(apt-cache "${APT_OPTIONS[@]}" policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
    [ -n "$c" ] && [ "$c" != "(none)" ]
}

install_packages() {
    DEBIAN_FRONTEND=noninteractive apt-get "${APT_OPTIONS[@]}" install --no-install-recommends "$@" >&2
}

# Names in the Depends of the candidate of $1 that match the pattern $2.
depends_like() {
    apt-cache "${APT_OPTIONS[@]}" show --no-all-versions "$1" 2>/dev/null |
        sed -n 's/^Depends: //p' | head -n 1 | tr ',|' '\n' |
        sed 's/^ *//; s/[ (].*//' | grep -E "$2" || true
}

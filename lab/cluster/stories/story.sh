# Sourced by each story, and by whoever tries something by hand: what stories wait for and look at.
# shellcheck shell=bash

set -euo pipefail
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
: "${CLUSTER:?only in a cluster: lab/cluster/run -- lab/cluster/test STORY}"

say() { printf '%5d s  %s\n' "$SECONDS" "$*"; }
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}

# eventually SECONDS WHAT COMMAND...: until the command succeeds.
eventually() {
    local until=$((SECONDS + $1)) what=$2 seconds=$1
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$until" ] || fail "in vain waited $seconds s for: $what"
        sleep 1
    done
}
# shows PATTERN COMMAND...: whether the output has it. A pipe into grep -q would not do: grep ends at the
# first match, and the command, which writes on, fails.
shows() {
    local pattern=$1
    shift
    grep -q -- "$pattern" <<< "$("$@" 2> /dev/null)"
}
# expect PATTERN COMMAND...: fails, with all that the command says, unless that has the pattern.
expect() {
    local pattern=$1 said
    shift
    said=$("$@" 2>&1) || fail "$* does not work: $said"
    grep -q -- "$pattern" <<< "$said" || fail "no '$pattern' in what $* says: $said"
}

nodes() { seq -f 'node%g' 1 "$CLUSTER_NODES"; }

# How many VFs of PF $2 kubelet of node $1 has for pods.
allocatable() { kubectl get node "$1" -o "jsonpath={.status.allocatable.openshift\.io/sriov_$2}"; }
has_vfs() { [ "$(allocatable "$1" pf0)" = "$2" ] && [ "$(allocatable "$1" pf1)" = "$2" ]; }
# How often the device plugin of node $1 has told kubelet of its VFs.
registrations() { on "$1" sh -c 'grep -c "registered successfully at Kubelet" /var/log/device-plugin.log || true'; }
registered_since() { [ "$(registrations "$1")" -ge $(($2 + 2)) ]; }

# The namespaces, with an operator that answers, and without what a story that failed has left.
namespaces() {
    kubectl apply -f "$TOP/examples/okd/00-namespace.yaml" > /dev/null
    kubectl create namespace openshift-sriov-network-operator --dry-run=client -o yaml | kubectl apply -f - > /dev/null
    operator_back
    # Some of it goes with what owns it.
    kubectl delete -n demo cronjob,job,deployment,statefulset,bondnetwork --all --timeout=60s > /dev/null 2>&1 || true
    kubectl delete -n demo pod --all --force --grace-period=0 > /dev/null 2>&1 || true
}
# Policies for $1 VFs of each PF, and both networks, from the user's own files, in namespace demo.
sriov() {
    VFS=$1
    namespaces
    sed "s/numVfs: .*/numVfs: $1/; s/mtu: .*/mtu: 9000/" "$TOP/examples/okd/10-policies.yaml" | kubectl apply -f - > /dev/null
    kubectl apply -f "$TOP/examples/okd/20-networks.yaml" > /dev/null
    local node
    for node in $(nodes); do
        eventually 300 "$1 VFs of each PF on $node" has_vfs "$node" "$1"
    done
    eventually 60 "network attachments of the SriovNetworks" \
        kubectl get -n demo network-attachment-definition sriovnet1 sriovnet2 > /dev/null
}

# The user's network attachment of a bond, in demo.
bond_net1() { kubectl apply -f "$TOP/examples/okd/40-bond.yaml" > /dev/null; }
# The BondNetwork `storage` of examples/bondnetwork, and the mark of its namespace.
storage() {
    kubectl apply -f "$TOP/examples/bondnetwork/30-bondnetwork.yaml" > /dev/null
    kubectl wait -n demo bondnetwork/storage --for=condition=Ready --timeout=120s > /dev/null
    eventually 60 "the namespace's mark" \
        shows true kubectl get namespace demo -o 'jsonpath={.metadata.labels.podbond\.dev/bonds}'
}

# attachment NAME CONFIG: a network attachment in demo; on standard output.
attachment() {
    cat <<YAML
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: $1, namespace: demo}
spec: {config: '$2'}
YAML
}
# What a container runs that has nothing to do, and goes when it is told to.
IDLE='trap exit TERM; sleep infinity & wait'
# pod NAME NETWORKS [NODE]: a pod of the user's image with a VF of each PF, in demo; on standard output.
pod() {
    cat <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: $1
  namespace: demo
  annotations: {k8s.v1.cni.cncf.io/networks: '$2'}
spec:
  terminationGracePeriodSeconds: 5
  ${3:+nodeName: $3}
  containers:
    - name: main
      image: quay.io/openshift/origin-network-interface-bond-cni:4.0
      command: [bash, -c, '$IDLE']
      resources:
        requests: &vfs {openshift.io/sriov_pf0: "1", openshift.io/sriov_pf1: "1"}
        limits: *vfs
YAML
}
# bonded NAME [NODE]: with the user's three networks.
bonded() { pod "$1" 'sriovnet1, sriovnet2, bond-net1' "${2:-}"; }

phase_of() { kubectl get -n demo "pod/$1" -o 'jsonpath={.status.phase}' 2> /dev/null || echo absent; }
running() { # POD... of demo
    local name phase until
    for name in "$@"; do
        until=$((SECONDS + 300))
        while phase=$(phase_of "$name") && [ "$phase" != Running ]; do
            if [ "$phase" = Failed ] || [ "$SECONDS" -ge "$until" ]; then
                kubectl describe -n demo "pod/$name" >&2 || true
                fail "pod $name does not run, it is $phase"
            fi
            sleep 1
        done
    done
}
# gone POD... of demo: deleted, and until they are gone.
gone() {
    kubectl delete -n demo pod "$@" --timeout=240s > /dev/null || {
        kubectl describe -n demo pod "$@" >&2 || true
        fail "not gone within 240 s: $*"
    }
}
by_force() { kubectl delete -n demo pod "$@" --force --grace-period=0 > /dev/null 2>&1 || fail "cannot delete $* by force"; }
node_of() { kubectl get -n demo "pod/$1" -o 'jsonpath={.spec.nodeName}'; }
in_pod() { # POD COMMAND...
    local name=$1
    shift
    kubectl exec -n demo "$name" -- "$@"
}
# has_bond POD [BOND]
has_bond() { shows '^MII Status: up' in_pod "$1" cat "/proc/net/bonding/${2:-bond0}"; }

events_of() {
    kubectl get events -n "${2:-demo}" --field-selector "involvedObject.name=$1" \
        -o 'jsonpath={range .items[*]}{.reason}: {.message}{"\n"}{end}'
}
# event_says OBJECT WORDS
event_says() { grep -qF -- "$2" <<< "$(events_of "$1")"; }
# described POD WORDS: in vain started, with an event that says these words.
described() {
    local until=$((SECONDS + 240)) said
    while said=$(events_of "$1") && ! grep -qF -- "$2" <<< "$said"; do
        [ "$SECONDS" -lt "$until" ] || fail "no event of $1 says '$2': $said"
        sleep 1
    done
    grep -F -m 1 -- "$2" <<< "$said" | cut -c 1-1500 | sed 's/^/    /'
    by_force "$1"
}
# refused WORDS: what comes by standard input is refused by the API server with these words.
refused() {
    local said
    ! said=$(kubectl create -f - 2>&1) || fail "accepted, though: $1"
    grep -qF -- "$1" <<< "$said" || fail "the refusal does not say '$1': $said"
    cut -c 1-1500 <<< "$said" | sed 's/^/    /'
}

# ---- VFs at home

# Each VF that is at home on node $1: PCI address, name, MAC, MTU.
vfs() {
    # shellcheck disable=SC2016  # for the node
    on "$1" bash -c 'for vf in /sys/bus/pci/devices/*/physfn; do
        vf=${vf%/physfn}
        for net in "$vf"/net/*; do
            [ ! -e "$net" ] || echo "${vf##*/} ${net##*/} $(cat "$net/address") mtu $(cat "$net/mtu")"
        done
    done'
}
# What Podbond and host-local remember of attachments on node $1.
remembered() {
    on "$1" sh -c 'find /var/lib/cni/podbond /var/lib/cni/networks -type f -not -name "lock*" \
        -not -name "last_reserved_ip*" -not -path "*/networks/pods/*" 2> /dev/null || true'
}
home() { # NODE VFS_BEFORE
    [ "$(vfs "$1")" = "$2" ] && [ -z "$(remembered "$1")" ]
}
all_there() { [ "$(vfs "$1" | wc -l)" = $((2 * VFS)) ] && [ -z "$(remembered "$1")" ]; }

# at_home NODE, all_at_home, and later all_home_again: on every node the VFs are as they were, and nothing
# is remembered.
declare -A AT_HOME
at_home() {
    local until=$((SECONDS + 180))
    until all_there "$1"; do
        [ "$SECONDS" -lt "$until" ] || fail "$1 does not have its $((2 * VFS)) VFs at home: $(vfs "$1"); remembered: $(remembered "$1")"
        sleep 1
    done
    AT_HOME[$1]=$(vfs "$1")
}
all_at_home() {
    local node
    for node in $(nodes); do at_home "$node"; done
}
all_home() {
    local node
    for node in $(nodes); do home "$node" "${AT_HOME[$node]}" || return 1; done
}
all_home_again() {
    local node until=$((SECONDS + 240))
    while [ "$SECONDS" -lt "$until" ]; do
        ! all_home || return 0
        sleep 1
    done
    for node in $(nodes); do
        diff <(echo "${AT_HOME[$node]}") <(vfs "$node") >&2 || true
        echo "$node remembers: $(remembered "$node")" >&2
    done
    fail "not all VFs are home as they were"
}

# ---- workloads

# The pods of a label app that are not being deleted.
pods_of() {
    kubectl get pods -n demo -l "app=$1" -o \
        'go-template={{range .items}}{{if not .metadata.deletionTimestamp}}{{.metadata.name}} {{end}}{{end}}'
}
none_of() { [ -z "$(kubectl get pods -n demo -l "app=$1" -o name)" ]; }

# template NAME [LINE_OF_POD_SPEC [COMMAND]]: the part of a workload below spec.template, for pods with the
# user's bond, indented by two.
template() {
    cat <<YAML
  template:
    metadata:
      labels: {app: $1}
      annotations: {k8s.v1.cni.cncf.io/networks: 'sriovnet1, sriovnet2, bond-net1'}
    spec:
      terminationGracePeriodSeconds: 5
      ${2:-}
      containers:
        - name: main
          image: quay.io/openshift/origin-network-interface-bond-cni:4.0
          command: [bash, -c, '${3:-$IDLE}']
          resources:
            limits: {openshift.io/sriov_pf0: "1", openshift.io/sriov_pf1: "1"}
YAML
}

# ---- Podbond's own pods

agents() { kubectl get pods -n podbond -l app.kubernetes.io/name=podbond-agent "$@"; }
no_agents() { [ -z "$(agents -o name)" ]; }
agents_back() {
    kubectl rollout status -n podbond daemonset/podbond-agent --timeout=900s > /dev/null || fail "agents are not ready: $(agents -o wide)"
}
agents_ready() { kubectl wait -n podbond pod -l app.kubernetes.io/name=podbond-agent --for=condition=Ready --timeout=5s > /dev/null 2>&1; }
operator_back() {
    kubectl rollout status -n podbond deployment/podbond-operator --timeout=900s > /dev/null ||
        fail "the operator is not ready: $(kubectl get pods -n podbond -o wide)"
}
# Without an agent on any node: none has the label that is asked for.
agents_away() {
    kubectl patch -n podbond daemonset podbond-agent -p '{"spec": {"template": {"spec": {"nodeSelector": {"absent": "yes"}}}}}' > /dev/null
    eventually 240 "agents gone" no_agents
}
agents_return() {
    kubectl patch -n podbond daemonset podbond-agent --type=json \
        -p '[{"op": "remove", "path": "/spec/template/spec/nodeSelector/absent"}]' > /dev/null
    agents_back
}
# The process of the agent on node $1. The brackets keep pgrep from finding the shell that runs it.
agent_process() { on "$1" pgrep -f '[a]gent[.]options'; }
# Each container of Podbond's pods, with how often it was started anew.
lives() {
    kubectl get pods -n podbond -o 'jsonpath={range .items[*]}{.metadata.name}{range .status.containerStatuses[*]} {.name} {.restartCount}{end}{"\n"}{end}'
}

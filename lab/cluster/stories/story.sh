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
    local until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$until" ] || fail "in vain waited for: $what"
        sleep 1
    done
}

nodes() { seq -f 'node%g' 1 "$CLUSTER_NODES"; }

# How many VFs of PF $2 kubelet of node $1 has for pods.
allocatable() { kubectl get node "$1" -o "jsonpath={.status.allocatable.openshift\.io/sriov_$2}"; }
has_vfs() { [ "$(allocatable "$1" pf0)" = "$2" ] && [ "$(allocatable "$1" pf1)" = "$2" ]; }

# Policies for $1 VFs of each PF, and both networks, from the user's own files, in namespace demo.
sriov() {
    kubectl apply -f "$TOP/examples/okd/00-namespace.yaml" > /dev/null
    kubectl create namespace openshift-sriov-network-operator --dry-run=client -o yaml | kubectl apply -f - > /dev/null
    kubectl rollout status -n podbond deployment/podbond-operator --timeout=600s > /dev/null
    # What a story that failed has left.
    kubectl delete -n demo cronjob,job,deployment,statefulset,pod,bondnetwork --all --force --grace-period=0 > /dev/null 2>&1
    sed "s/numVfs: .*/numVfs: $1/; s/mtu: .*/mtu: 9000/" "$TOP/examples/okd/10-policies.yaml" | kubectl apply -f - > /dev/null
    kubectl apply -f "$TOP/examples/okd/20-networks.yaml" > /dev/null
    local node
    for node in $(nodes); do
        eventually 240 "$1 VFs of each PF on $node" has_vfs "$node" "$1"
    done
    eventually 60 "network attachments of the SriovNetworks" \
        kubectl get -n demo network-attachment-definition sriovnet1 sriovnet2 > /dev/null
}

# The user's network attachment of a bond, in demo.
bond_net1() { kubectl apply -f "$TOP/examples/okd/40-bond.yaml" > /dev/null; }

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
  terminationGracePeriodSeconds: 0
  ${3:+nodeName: $3}
  containers:
    - name: main
      image: quay.io/openshift/origin-network-interface-bond-cni:4.0
      command: [sleep, infinity]
      resources:
        requests: &vfs {openshift.io/sriov_pf0: "1", openshift.io/sriov_pf1: "1"}
        limits: *vfs
YAML
}
# bonded NAME [NODE]: with the user's three networks.
bonded() { pod "$1" 'sriovnet1, sriovnet2, bond-net1' "${2:-}"; }

running() { # POD... of demo
    local name
    for name in "$@"; do
        kubectl wait -n demo "pod/$name" --for=jsonpath='{.status.phase}'=Running --timeout=120s > /dev/null || {
            kubectl describe -n demo "pod/$name" >&2
            fail "pod $name does not run"
        }
    done
}
node_of() { kubectl get -n demo "pod/$1" -o 'jsonpath={.spec.nodeName}'; }
in_pod() { # POD COMMAND...
    local name=$1
    shift
    kubectl exec -n demo "$name" -- "$@"
}

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
    on "$1" find /var/lib/cni/podbond /var/lib/cni/networks -type f -not -name 'lock*' -not -name 'last_reserved_ip*' \
        -not -path '*/networks/pods/*'
}
home() { # NODE VFS_BEFORE
    [ "$(vfs "$1")" = "$2" ] && [ -z "$(remembered "$1")" ]
}

# all_at_home, and later all_home_again: on every node the VFs are as they were, and nothing is remembered.
declare -A AT_HOME
at_home() { AT_HOME[$1]=$(vfs "$1"); }
all_at_home() {
    local node
    for node in $(nodes); do at_home "$node"; done
}
all_home() {
    local node
    for node in $(nodes); do home "$node" "${AT_HOME[$node]}" || return 1; done
}
all_home_again() {
    local node
    for _ in $(seq 1 90); do
        ! all_home || return 0
        sleep 1
    done
    for node in $(nodes); do
        diff <(echo "${AT_HOME[$node]}") <(vfs "$node") >&2 || true
        remembered "$node" >&2
    done
    fail "not all VFs are home as they were"
}
# What the pods of a kind are called: kind label value.
pods_of() { kubectl get pods -n demo -l "app=$1" -o 'jsonpath={.items[*].metadata.name}'; }
none_of() { [ -z "$(pods_of "$1")" ]; }

# template NAME: the part of a workload below spec.template, for pods with the user's bond, indented by two.
template() {
    cat <<YAML
  template:
    metadata:
      labels: {app: $1}
      annotations: {k8s.v1.cni.cncf.io/networks: 'sriovnet1, sriovnet2, bond-net1'}
    spec:
      terminationGracePeriodSeconds: 0
      ${2:-}
      containers:
        - name: main
          image: quay.io/openshift/origin-network-interface-bond-cni:4.0
          command: [bash, -c, '${3:-sleep infinity}']
          resources:
            limits: {openshift.io/sriov_pf0: "1", openshift.io/sriov_pf1: "1"}
YAML
}
has_bond() { in_pod "$1" grep -q '^MII Status: up' /proc/net/bonding/bond0; }

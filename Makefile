# The front door. Each target does all the set-up it needs.
.PHONY: demo see test test-kubernetes cluster test-cluster soak fuzz mutation parity bench failover dist image \
  release test-release

ROUNDS ?= 7

# A whole Kubernetes cluster in the lab, with Podbond installed by its chart (docs/cluster.md): a shell with
# kubectl, or with `make cluster -- COMMAND ARGUMENT...` one command. NODES=2 for two nodes, CONTAINERD=2 for
# containerd 2 on them. Beside the Go peers: make cluster PEER=.../bond PEER_SRIOV=.../sriov -- lab/cluster/bench
# To make, the words behind it are targets; here they have nothing to do.
# A command with quotes or an = in it goes the straight way: lab/cluster/run -- COMMAND ARGUMENT...
ifeq (cluster,$(firstword $(MAKECMDGOALS)))
MAKEFLAGS += --silent
COMMAND := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
export PEER PEER_SRIOV
cluster:
	lab/cluster/run $(if $(NODES),--nodes $(NODES)) $(if $(CONTAINERD),--containerd $(CONTAINERD)) $(if $(COMMAND),-- $(COMMAND))
%: ; @:
else

# A pod's bond over two SR-IOV NICs survives a dead PF, in a virtual machine on this one.
demo: dist
	lab/run --timeout 600 -- demo/run

# A cut cable as an agent's status, its metrics, a real Prometheus' alerts and the map show it; leaves the
# map as target/see/map.html.
see: dist
	see/run

# Everything: native tests, then the same promises against a real kernel and real NIC drivers.
test:
	testing/run

# The operator against a real etcd and a real kube-apiserver, built once through the Go toolchain.
test-kubernetes:
	operator/test-cluster/run

# An hour of a node in use, hostile tenants and a killed agent included; SOAK_SECONDS for another time.
# `make test` has five minutes of it.
soak:
	testing/soak

# An hour of fuzzing; FUZZ_SECONDS for another time. `make test` has its inputs from a seed, since what
# chance finds must not decide about an unrelated change.
fuzz:
	fuzz/run $(or $(FUZZ_SECONDS),3600)

# Changes the pure code in some thousand places, and fails where too few are noticed by a test.
mutation:
	testing/mutation

# What calls cost, in the lab: against the least that the kernel must be asked for, and, with
# PEER=/path/to/bond PEER_SRIOV=/path/to/sriov, against the Go plugins (docs/performance.md). Ends with a
# verdict, and fails where a bar of bench/bars is not met. A quick look: make bench ROUNDS=3 PARTS=rows
bench: dist
	bench/build
	lab/run --parallel --pfs 4 --timeout 7200 --env ROUNDS=$(ROUNDS) --env ONESHOT=$(ONESHOT) --env PEER=$(abspath $(PEER)) \
	  --env PEER_SRIOV=$(abspath $(PEER_SRIOV)) -- bench/run $(PARTS)

# What failovers cost traffic, in the lab; fails where active-backup loses more than the detection
# of the dead link allows (docs/failover.md). Then what is dead behind a live carrier (docs/uplink.md).
failover: dist
	failover/build
	lab/run --parallel --timeout 1800 -- failover/run
	lab/run --parallel --switches 2 --timeout 1800 -- failover/run uplinks
	lab/run --switches 2 --timeout 1800 -- failover/run faults

# Ours compared with bond-cni and sriov-cni, call by call: make parity PEER=.../bond PEER_SRIOV=.../sriov
parity: dist
	parity/run

# OCI image archives, made without a container engine: dist/podbond-image.tar with the agent, the
# plugins' shim and the podbond command, dist/podbond-operator-image.tar with the operator.
image: dist
	packaging/operator
	packaging/image agent operator

# dist/opt: both CNI plugins and the podbond command with a Java runtime of their own.
dist:
	packaging/dist

# dist/release: what a user installs without building, with checksums (docs/release.md). ARM64=1 for
# ARM machines too.
release:
	packaging/release $(if $(ARM64),arm64)

# Makes the release of the commit three times, in two clones, and fails where a byte differs.
test-release:
	packaging/test-release

# What only the whole can show, as stories of some minutes, STORIES=... for others than the short ones. ALL=1
# for all of them, in three clusters.
test-cluster:
	$(if $(ALL),lab/cluster/all $(CONTAINERD),lab/cluster/run $(if $(NODES),--nodes $(NODES)) $(if $(CONTAINERD),--containerd $(CONTAINERD)) -- lab/cluster/test $(STORIES))
endif

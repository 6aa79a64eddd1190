"""Objects of a small cluster: n1 has lost a PF, n2 is well, and the agent of n7 is silent."""

NOW = 1795997652  # 2026-11-30T00:14:12Z


def agent(node, ready=True, namespace="podbond"):
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"podbond-agent-{node}",
            "namespace": namespace,
            "labels": {"app.kubernetes.io/name": "podbond-agent"},
        },
        "spec": {"nodeName": node},
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": str(ready)}]},
    }


def member(name, pf, state="up", vf="02.0"):
    bus = {"ens1f0": "3b", "ens2f0": "5e", "ens3f0": "86"}[pf]
    return {
        "name": name,
        "pciAddress": f"0000:{bus}:{vf}",
        "pf": pf,
        "pfPciAddress": f"0000:{bus}:00.0",
        "driver": "iavf",
        "state": state,
    }


def survives(members):
    """As an agent tells from PCI addresses and, of ens3f0, from a serial number."""
    pfs = {one["pfPciAddress"] for one in members}
    if len(members) == 1:
        return [{"failure": one, "answer": "No", "how": "Members"} for one in ("cable", "port", "card", "switch")]
    if len(pfs) == 1:
        return [
            {"failure": one, "answer": "No", "how": "PCIAddress", "shared": members[0]["pfPciAddress"]}
            for one in ("cable", "port", "card", "switch")
        ]
    card = ("Yes", "SerialNumber") if len(pfs) > 2 else ("Probably", "PCIAddress")
    return [
        {"failure": "cable", "answer": "Yes", "how": "PCIAddress"},
        {"failure": "port", "answer": "Yes", "how": "PCIAddress"},
        {"failure": "card", "answer": card[0], "how": card[1]},
    ]


def bond(pod, members, health="Healthy", namespace="demo", since="2026-11-27T00:14:12Z", **further):
    up = sum(one["state"] == "up" for one in members)
    return {
        "namespace": namespace,
        "pod": pod,
        "podUID": f"uid-{pod}",
        "container": "0123456789ab",
        "bond": "bond0",
        "network": "demo/storage",
        "mode": "active-backup",
        "health": health,
        "since": since,
        "configured": len(members),
        "up": up,
        "members": members,
        "survives": survives(members),
        **further,
    }


def pf(name, carrier=True, members=1, **further):
    """Of a PF whose carrier its agent does not know, for which None stands, a report has no word of it."""
    bus = {"ens1f0": "3b", "ens2f0": "5e", "ens3f0": "86"}[name]
    known = {} if carrier is None else {"carrier": carrier}
    return {"name": name, "pciAddress": f"0000:{bus}:00.0", **known, "members": members, **further}


def report(node, pfs, bonds, omitted=0, storm=None, **summary):
    counts = {health: sum(one["health"] == health for one in bonds) for health in ("Healthy", "Degraded", "Down")}
    return {
        "apiVersion": "podbond.dev/v1alpha1",
        "kind": "BondNodeState",
        "metadata": {"name": node},
        "status": {
            "observedAgent": {"version": "0.1.0"},
            "summary": {
                "bonds": len(bonds),
                "healthy": counts["Healthy"],
                "degraded": counts["Degraded"],
                "down": counts["Down"],
                **summary,
            },
            "pfs": pfs,
            **({} if storm is None else {"uplinkStorm": storm}),
            "bonds": bonds,
            "omitted": omitted,
        },
    }


CAUSE = "PF ens1f0 (0000:3b:00.0) has no carrier"


def n1():
    return report(
        "n1",
        [
            pf("ens1f0", carrier=False, members=3, neighbour="spine-1 (00:1c:73:aa:bb:01), port Ethernet1/1"),
            pf("ens2f0", neighbour="unknown: several devices speak LLDP here"),
        ],
        [
            bond(
                "batch-0",
                [member("net1", "ens1f0", "down", "02.1"), member("net2", "ens1f0", "down", "02.2")],
                "Down",
                "jobs",
                "2026-11-30T00:10:00Z",
                network="jobs/burst",
                cause=CAUSE,
                problems=["bond has no carrier", "member net1 has no link", "member net2 has no link"],
            ),
            bond(
                "web-1",
                [member("net1", "ens1f0", "down"), member("net2", "ens2f0")],
                "Degraded",
                since="2026-11-30T00:10:00Z",
                active="net2",
                cause=CAUSE,
                problems=["member net1 has no link"],
            ),
        ],
    )


def n2():
    return report(
        "n2",
        [pf("ens1f0", members=3), pf("ens2f0", members=2), pf("ens3f0", carrier=None)],
        [
            bond(
                "store-0",
                [member("net1", "ens1f0", vf="02.1"), member("net2", "ens2f0", vf="02.1"), member("net3", "ens3f0")],
                mode="802.3ad",
                network="demo/backup",
                lacpPartner="00:1c:73:aa:bb:cc",
                since="2026-10-01T00:14:12Z",
            ),
            bond("web-0", [member("net1", "ens1f0"), member("net2", "ens2f0")], active="net1"),
            bond(
                "web-2",
                [member("net1", "ens1f0", vf="02.2")],
                active="net1",
                since="2026-11-30T00:14:02Z",
            ),
        ],
    )


UPLINK = "lacp: LACP of the host's bond up0: the partner is not in sync"


def n3():
    """The switch behind ens1f0 is dead, and its cable has a link: web-3 has left it, the others have no other way."""
    held = f"the uplink of PF ens1f0 (0000:3b:00.0) is bad, {UPLINK}"
    return report(
        "n3",
        [
            pf("ens1f0", members=3, upstream="bad", upstreamReason=UPLINK),
            pf("ens2f0", upstream="good"),
            pf("ens3f0", members=2),
        ],
        [
            bond(
                "web-3",
                [member("net1", "ens1f0", "held"), member("net2", "ens2f0")],
                "Degraded",
                since="2026-11-30T00:10:00Z",
                active="net2",
                cause=held,
                problems=[f"member net1 is held back: {held}"],
            ),
            bond("lacp-3", [member("net1", "ens1f0", vf="02.1"), member("net2", "ens3f0")], mode="802.3ad"),
            bond("one-3", [member("net1", "ens1f0", vf="02.2")], active="net1"),
        ],
    )


def bad_uplink():
    """The cluster of one node whose uplink is bad."""
    return [
        namespace("demo"),
        agent("n3"),
        n3(),
        pod("web-3", "n3", "storage"),
        pod("lacp-3", "n3", "storage"),
        attachment("storage"),
        bond_network("storage", condition("Ready", "True", "BondReady", "3 nodes can serve the bond")),
    ]


def n7():
    return report(
        "n7",
        [pf("ens1f0"), pf("ens2f0")],
        [bond("db-0", [member("net1", "ens1f0"), member("net2", "ens2f0")], mode="802.3ad")],
    )


def pod(name, node, networks=None, attached=True, conditions=(), namespace="demo", phase="Running"):
    annotations = {}
    if networks is not None:
        annotations["k8s.v1.cni.cncf.io/networks"] = networks
    if attached:
        annotations["k8s.v1.cni.cncf.io/network-status"] = "[]"
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "annotations": annotations},
        "spec": {"nodeName": node} if node else {},
        "status": {"phase": phase, "conditions": list(conditions)},
    }


def namespace(name):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def condition(kind, status, reason="", message=""):
    return {"type": kind, "status": status, "reason": reason, "message": message}


def event(pod, reason, message, last="2026-11-30T00:10:03Z", kind="Warning", namespace="demo"):
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{pod}.{reason}", "namespace": namespace},
        "involvedObject": {"kind": "Pod", "name": pod, "namespace": namespace},
        "type": kind,
        "reason": reason,
        "message": message,
        "lastTimestamp": last,
    }


def attachment(name, namespace="demo"):
    return {
        "apiVersion": "k8s.cni.cncf.io/v1",
        "kind": "NetworkAttachmentDefinition",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"config": "{}"},
    }


def bond_network(name, *conditions, namespace="demo"):
    return {
        "apiVersion": "podbond.dev/v1alpha1",
        "kind": "BondNetwork",
        "metadata": {"name": name, "namespace": namespace},
        "status": {"conditions": list(conditions)},
    }


def claiming(pod, *made, requested=None):
    """The pod with claims, each as the name within the pod, the template, and the ResourceClaim or None."""
    pod["spec"]["resourceClaims"] = [{"name": name, "resourceClaimTemplateName": template} for name, template, _ in made]
    pod["status"]["resourceClaimStatuses"] = [
        {"name": name, "resourceClaimName": claim} for name, _, claim in made if claim is not None
    ]
    if requested is not None:
        pod["status"]["extendedResourceClaimStatus"] = {"requestMappings": [], "resourceClaimName": requested}
    return pod


VF_DRIVER = "sriovnetwork.k8snetworkplumbingwg.io"


def claim(name, *devices, namespace="demo", pool="n2"):
    """With a device for each member, or, without any, not allocated."""
    results = [
        {"request": f"member-{number}", "driver": VF_DRIVER, "pool": pool, "device": device}
        for number, device in enumerate(devices, 1)
    ]
    return {
        "apiVersion": "resource.k8s.io/v1",
        "kind": "ResourceClaim",
        "metadata": {"name": name, "namespace": namespace},
        "status": {"allocation": {"devices": {"results": results}}} if results else {},
    }


def slice_of(node, generation, *devices):
    """Each device as its name, its PCI address, that of its PF, and its NUMA node, as far as they are known."""
    names = "resource.kubernetes.io/pciBusID", f"{VF_DRIVER}/pfPciAddress", "dra.net/numaNode"
    return {
        "apiVersion": "resource.k8s.io/v1",
        "kind": "ResourceSlice",
        "metadata": {"name": f"{node}-{generation}"},
        "spec": {
            "driver": VF_DRIVER,
            "nodeName": node,
            "pool": {"name": node, "generation": generation, "resourceSliceCount": 1},
            "devices": [
                {
                    "name": device,
                    "attributes": {
                        name: {"int" if isinstance(value, int) else "string": value} for name, value in zip(names, known)
                    },
                }
                for device, *known in devices
            ],
        },
    }


def cluster():
    return [
        namespace("demo"),
        agent("n1"),
        agent("n2"),
        agent("n7", ready=False),
        n1(),
        n2(),
        n7(),
        pod(
            "web-1",
            "n1",
            "demo/sriovnet1@storage-1, demo/sriovnet2@storage-2, demo/storage@storage",
            conditions=[
                condition("Ready", "True"),
                condition("podbond.dev/BondUp", "True"),
                condition("podbond.dev/BondRedundant", "False", "MemberDown", "bond0 runs on one member of 2"),
            ],
        ),
        event("web-1", "RedundancyLost", f"bond0 runs on one member of 2: {CAUSE}"),
        attachment("sriovnet1"),
        attachment("sriovnet2"),
        attachment("storage"),
        bond_network(
            "storage",
            condition("Ready", "True", "BondReady", "2 nodes can serve the bond"),
            condition("Degraded", "False", "AsExpected", "nothing stands against the bond"),
        ),
    ]

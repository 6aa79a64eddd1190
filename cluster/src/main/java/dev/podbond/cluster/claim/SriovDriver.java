package dev.podbond.cluster.claim;

/// The names that the driver of SR-IOV devices, dra-driver-sriov, gives to what it knows of a VF
/// (its `pkg/consts`).
public final class SriovDriver {
  /// The driver, and its DeviceClass unless somebody makes another one.
  public static final String NAME = "sriovnetwork.k8snetworkplumbingwg.io";

  /// The domain of what Multus reads.
  static final String MULTUS = "k8s.cni.cncf.io";

  /// Within that domain: which networks the VF is for, as in the annotation of a network
  /// attachment.
  static final String RESOURCE_NAME = "resourceName";

  static final String PF = NAME + "/pfPciAddress";

  /// Empty where the driver does not know it.
  static final String PCIE_ROOT = "resource.kubernetes.io/pcieRoot";

  /// -1 where the driver does not know it.
  static final String NUMA_NODE = "dra.net/numaNode";

  private SriovDriver() {}
}

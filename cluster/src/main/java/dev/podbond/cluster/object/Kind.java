package dev.podbond.cluster.object;

import java.util.Optional;
import java.util.stream.Stream;

/// The accepted kinds of objects, in the order in which to apply them.
public enum Kind {
  NAMESPACE("Namespace", "v1"),
  NODE("Node", "v1"),
  NODE_POLICY("SriovNetworkNodePolicy", "sriovnetwork.openshift.io/v1"),
  SRIOV_NETWORK("SriovNetwork", "sriovnetwork.openshift.io/v1"),
  NETWORK_ATTACHMENT("NetworkAttachmentDefinition", "k8s.cni.cncf.io/v1"),
  POD("Pod", "v1"),
  REPLICA_SET("ReplicaSet", "apps/v1"),
  DEPLOYMENT("Deployment", "apps/v1"),
  STATEFUL_SET("StatefulSet", "apps/v1"),
  DAEMON_SET("DaemonSet", "apps/v1"),
  JOB("Job", "batch/v1"),
  CRON_JOB("CronJob", "batch/v1");

  private final String text;
  private final String apiVersion;

  Kind(String text, String apiVersion) {
    this.text = text;
    this.apiVersion = apiVersion;
  }

  /// The kind with this name in YAML.
  public static Optional<Kind> of(String text) {
    return Stream.of(values()).filter(kind -> kind.text.equals(text)).findFirst();
  }

  /// Whether its objects have no namespace.
  public boolean isClusterScoped() {
    return this == NAMESPACE || this == NODE;
  }

  /// The only accepted `apiVersion`.
  public String apiVersion() {
    return apiVersion;
  }

  @Override
  public String toString() {
    return text;
  }
}

package dev.podbond.operator;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Objects as large as an API server takes them, and some that are just small enough to be read.
final class HostileObjects {
  /// Objects that a tenant stored before the operator started; the operator lists all of them.
  static final int STORED = 60;

  private HostileObjects() {}

  static String attachment(int number) {
    return """
    {"apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
     "metadata": {"name": "n%d", "namespace": "evil", "resourceVersion": "1", "uid": "n%1$d",
      "annotations": {"a": "%s"}, "labels": {%s}},
     "spec": {"config": "%s"}}
    """
        .formatted(number, "a".repeat(250_000), labels(3000), "x".repeat(1_000_000));
  }

  static String pod(int number) {
    return """
    {"metadata": {"name": "p%d", "namespace": "evil", "resourceVersion": "1", "uid": "p%1$d",
      "annotations": {"a": "%s"}}, "spec": {"nodeName": "n", "containers": []}}
    """
        .formatted(number, "x".repeat(250_000));
  }

  static String bond(int number) {
    String annotation = "x".repeat(number < STORED ? 250_000 : 0);
    String ipam = number < STORED ? growing(number) : "\"" + "x".repeat(64_000) + "\",";
    return """
    {"apiVersion": "podbond.dev/v1alpha1", "kind": "BondNetwork",
     "metadata": {"name": "b%d", "namespace": "evil", "resourceVersion": "1", "uid": "b%1$d",
      "annotations": {"a": "%s"}},
     "spec": {"mode": "active-backup", "members": [], "ipam": {"a": [%s0]}}}
    """
        .formatted(number, annotation, ipam);
  }

  static String sriov(String kind, int number) {
    return """
    {"apiVersion": "sriovnetwork.openshift.io/v1", "kind": "%s",
     "metadata": {"name": "s%d", "namespace": "evil", "resourceVersion": "1", "uid": "s%2$d"},
     "spec": {"resourceName": "pool", "a": [%s0]}}
    """
        .formatted(kind, number, growing(number));
  }

  /// Every second one is just small enough to be read.
  private static String growing(int number) {
    return "[],".repeat(number % 2 == 0 ? 300_000 : 1900);
  }

  private static String labels(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"l%d\": \"\"".formatted(i))
        .collect(Collectors.joining(","));
  }

  /// The inside of an object of many empty objects.
  static String members(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"%x\":{}".formatted(i))
        .collect(Collectors.joining(","));
  }
}

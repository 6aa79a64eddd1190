package dev.podbond.cluster.sriov;

/// The length of names, which whoever wrote an object may not have kept to.
final class ObjectNames {
  /// Of the name of an object (RFC 1123 subdomain); those of namespaces and resources are shorter.
  private static final int MAX = 253;

  private ObjectNames() {}

  /// Refuses text in the place of a name that is longer than any name of Kubernetes.
  static void require(String... texts) {
    for (String text : texts) {
      if (text.length() > MAX) {
        throw new IllegalArgumentException(
            "a name in it has " + text.length() + " characters: it has at most " + MAX);
      }
    }
  }
}

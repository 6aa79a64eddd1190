package dev.podbond.cluster.sriov;

/// The length of names; the author of an object may have ignored the limit.
final class ObjectNames {
  /// The limit for an object's name (RFC 1123 subdomain); those for namespaces and resources are
  /// lower.
  private static final int MAX = 253;

  private ObjectNames() {}

  /// Refuses texts that are longer than any name of Kubernetes.
  static void require(String... texts) {
    for (String text : texts) {
      if (text.length() > MAX) {
        throw new IllegalArgumentException(
            "a name in it has " + text.length() + " characters: it has at most " + MAX);
      }
    }
  }
}

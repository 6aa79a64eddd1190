package dev.podbond.cluster.object;

import java.util.Comparator;
import java.util.regex.Pattern;

/// The identity of an object.
///
/// @param namespace "" for a Namespace itself
public record ObjectKey(Kind kind, String namespace, String name) implements Comparable<ObjectKey> {
  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::kind)
          .thenComparing(ObjectKey::namespace)
          .thenComparing(ObjectKey::name);

  private static final Pattern DNS_NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int MAX_NAME = 253;

  /// Whether Kubernetes accepts this as the name of an object (RFC 1123 subdomain). Such a name is
  /// never a path, and has no character with a special meaning in file names.
  public static boolean isName(String text) {
    return text.length() <= MAX_NAME && DNS_NAME.matcher(text).matches();
  }

  /// `demo/bondpod1`, or only the name if there is no namespace.
  public String path() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return kind + " " + path();
  }
}

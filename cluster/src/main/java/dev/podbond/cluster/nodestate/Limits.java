package dev.podbond.cluster.nodestate;

import dev.podbond.json.Printable;
import java.util.Optional;

/// How much a BondNodeState says at most. Pods choose the names in it, and how much there is to say
/// of them; the API server stores an object of at most some 1.5 MiB. The schema of the kind has the
/// same limits.
final class Limits {
  static final int MOST_PFS = 64;
  static final int MOST_BONDS = 512;
  static final int MOST_MEMBERS = 8;
  static final int MOST_PROBLEMS = 4;

  /// Of the JSON of all bonds together, in UTF-8. An ordinary bond has some 900.
  static final int MOST_BOND_BYTES = 768 * 1024;

  static final int VERSION_CHARS = 64;

  /// Of what Kubernetes gives names to.
  static final int OBJECT_NAME_CHARS = 253;

  /// A namespace, a slash and the name of a NetworkAttachmentDefinition.
  static final int NETWORK_CHARS = 320;

  static final int UID_CHARS = 64;
  static final int CONTAINER_CHARS = 64;

  /// The kernel's names have 15 octets, each of which may need a number to be shown.
  static final int INTERFACE_CHARS = 96;

  static final int ADDRESS_CHARS = 32;
  static final int DRIVER_CHARS = 64;
  static final int MODE_CHARS = 32;
  static final int SENTENCE_CHARS = 256;

  private static final String CUT = "...";

  private Limits() {}

  /// The text in characters that have a shape, so that it commands no terminal and is stored as it
  /// is, and with at most so many of them.
  static String text(String text, int mostChars) {
    // More would be cut off again: a character becomes one or more.
    String shown = Printable.line(text.length() > mostChars ? head(text, mostChars + 1) : text);
    return shown.length() > mostChars ? head(shown, mostChars - CUT.length()) + CUT : shown;
  }

  static Optional<String> text(Optional<String> text, int mostChars) {
    return text.filter(some -> !some.isEmpty()).map(some -> text(some, mostChars));
  }

  /// Without half a character at its end.
  private static String head(String text, int chars) {
    return text.substring(0, Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars);
  }
}

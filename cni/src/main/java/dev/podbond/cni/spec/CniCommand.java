package dev.podbond.cni.spec;

import java.util.Arrays;
import java.util.Optional;

/// A verb of the CNI protocol, as `CNI_COMMAND` spells it.
public enum CniCommand {
  /// Attach a container to a network.
  ADD,
  /// Detach it; succeeds also if it is detached already.
  DEL,
  /// See whether an attachment is as ADD left it (0.4.0).
  CHECK,
  /// Free what no listed attachment of a network holds (1.1.0).
  GC,
  /// Tell whether ADD could be served (1.1.0).
  STATUS,
  /// Tell the supported versions of the specification.
  VERSION;

  /// The verb of exactly this spelling.
  public static Optional<CniCommand> of(String text) {
    return Arrays.stream(values()).filter(command -> command.name().equals(text)).findFirst();
  }

  /// True for the verbs about one container: they need `CNI_CONTAINERID` and `CNI_IFNAME`.
  public boolean concernsAttachment() {
    return switch (this) {
      case ADD, DEL, CHECK -> true;
      case GC, STATUS, VERSION -> false;
    };
  }

  /// True for ADD and CHECK; DEL must work when the network namespace is gone.
  public boolean needsNetns() {
    return switch (this) {
      case ADD, CHECK -> true;
      case DEL, GC, STATUS, VERSION -> false;
    };
  }
}

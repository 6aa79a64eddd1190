package dev.podbond.bonding.change;

import dev.podbond.bonding.facts.LinkSetting;
import java.util.Objects;

/// The kernel refused a change, or its answer was lost.
public final class ChangeFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Who reported the failure.
  private enum Source {
    KERNEL,
    US,
    NOBODY
  }

  private final transient Change change;
  private final String errno;
  private final String reason;
  private final Source source;

  /// The kernel refused.
  ///
  /// @param errno the symbolic error, such as `EADDRNOTAVAIL`; "" if there was none
  /// @param reason the kernel's words: the text of the errno and the extended acknowledgement
  public ChangeFailedException(Change change, String errno, String reason) {
    this(change, errno, reason, Source.KERNEL);
  }

  private ChangeFailedException(Change change, String errno, String reason, Source source) {
    super("failed to " + change + ": " + reason);
    this.change = change;
    this.errno = errno;
    this.reason = reason;
    this.source = source;
  }

  /// The kernel's answer did not arrive: the change may have been made.
  public static ChangeFailedException unanswered(Change change, String errno, String reason) {
    return new ChangeFailedException(change, errno, reason, Source.NOBODY);
  }

  /// We refused a change that the kernel would refuse, or put a half-made change back.
  ///
  /// @param errno the kernel's error, real or expected
  public static ChangeFailedException refused(Change change, String errno, String reason) {
    return new ChangeFailedException(change, errno, reason, Source.US);
  }

  /// The same failure with an addition to its message.
  public ChangeFailedException with(String more) {
    return new ChangeFailedException(change, errno, reason + more, source);
  }

  /// Whether the kernel refused, so that nothing was changed.
  public boolean isAnswered() {
    return source != Source.NOBODY;
  }

  /// Whether the driver is busy, so that the same change may succeed a little later: drivers answer
  /// so while they reset a VF (iavf and ice EBUSY; i40e EAGAIN; ixgbevf ENETDOWN when the VF is set
  /// up).
  public boolean isBusy() {
    if (source != Source.KERNEL) {
      return false;
    }
    return switch (errno) {
      case "EBUSY", "EAGAIN" ->
          switch (change) {
            case Change.SetVf _, Change.SetMac _, Change.SetMtu _, Change.Enslave _ -> true;
            case Change.Tune tune -> tune.setting() != LinkSetting.XDP;
            case Change.SetAdminState set -> set.up();
            default -> false;
          };
      case "ENETDOWN" ->
          switch (change) {
            case Change.Enslave _ -> true;
            case Change.SetAdminState set -> set.up();
            default -> false;
          };
      default -> false;
    };
  }

  /// Never null, unlike other exceptions' messages.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  public Change change() {
    return change;
  }

  public String errno() {
    return errno;
  }

  public String reason() {
    return reason;
  }

  /// Whether the object to be added exists already.
  public boolean isThereAlready() {
    return errno.equals("EEXIST");
  }

  /// Whether the object to be changed or removed does not exist; a removal counts that as success.
  /// An unknown PF does not mean that the VF is gone.
  public boolean isMissing() {
    return switch (errno) {
      case "ENODEV", "ENOENT", "ESRCH" -> !(change instanceof Change.SetVf);
      case "ENXIO" -> change instanceof Change.SetVf;
      case "EADDRNOTAVAIL" -> change instanceof Change.RemoveAddress;
      default -> false;
    };
  }
}

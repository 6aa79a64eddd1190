package dev.podbond.bonding.change;

import java.util.Objects;

/// The kernel refused a change, or its answer was lost.
public final class ChangeFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Change change;
  private final String errno;
  private final String reason;
  private final boolean answered;

  /// @param errno the symbolic error, as `EADDRNOTAVAIL`; "" where there was none
  /// @param reason the kernel's words: the text of the errno and the extended acknowledgement
  public ChangeFailedException(Change change, String errno, String reason) {
    this(change, errno, reason, true);
  }

  private ChangeFailedException(Change change, String errno, String reason, boolean answered) {
    super("failed to " + change + ": " + reason);
    this.change = change;
    this.errno = errno;
    this.reason = reason;
    this.answered = answered;
  }

  /// The kernel was asked and its answer did not arrive: the change may have been made.
  public static ChangeFailedException unanswered(Change change, String errno, String reason) {
    return new ChangeFailedException(change, errno, reason, false);
  }

  /// Whether the kernel said no, so that nothing was changed.
  public boolean isAnswered() {
    return answered;
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

  /// Whether what was to be added exists.
  public boolean isThereAlready() {
    return errno.equals("EEXIST");
  }

  /// Whether what was to be changed or removed does not exist, which ends a removal well.
  public boolean isMissing() {
    return switch (errno) {
      case "ENODEV", "ENOENT", "ESRCH" -> true;
      case "EADDRNOTAVAIL" -> change instanceof Change.RemoveAddress;
      default -> false;
    };
  }
}

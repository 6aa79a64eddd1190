package dev.podbond.cni.spec;

import java.io.Serial;
import java.util.Objects;

/// A failure that a CNI plugin reports to its caller as an error object.
public sealed class CniException extends Exception permits PluginMissingException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient CniError error;

  /// A failure with its error object.
  public CniException(CniError error) {
    super(error.toString());
    this.error = error;
  }

  /// A failure without details.
  public CniException(CniErrorCode code, String msg) {
    this(new CniError(code, msg));
  }

  /// A failure with details.
  public CniException(CniErrorCode code, String msg, String details) {
    this(new CniError(code, msg, details));
  }

  /// A failure with its cause.
  public CniException(CniErrorCode code, String msg, Throwable cause) {
    super(msg, cause);
    this.error = new CniError(code, msg);
  }

  /// Never null, unlike other exceptions' messages.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /// The error object to print.
  public CniError error() {
    return error;
  }

  /// The code of the error.
  public CniErrorCode code() {
    return error.code();
  }

  /// This failure with a context before its message, as in `IPAM host-local ADD: …`; it keeps code
  /// and details, and this failure becomes the cause.
  public CniException inContext(String context) {
    CniException wrapped =
        new CniException(new CniError(error.code(), context + ": " + error.msg(), error.details()));
    wrapped.initCause(this);
    return wrapped;
  }
}

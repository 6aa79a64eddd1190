package dev.podbond.bonding.preflight;

/// One finding from before anything was touched.
///
/// @param subject the object: a link, a VF with its PF, an option, the bond
/// @param message what was found, why it cannot work or is unwise, and what to do
public record Finding(Severity severity, String subject, String message) {
  static Finding refusal(String subject, String message) {
    return new Finding(Severity.REFUSAL, subject, message);
  }

  static Finding warning(String subject, String message) {
    return new Finding(Severity.WARNING, subject, message);
  }

  @Override
  public String toString() {
    return subject + ": " + message;
  }
}

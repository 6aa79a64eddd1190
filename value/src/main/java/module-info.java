/// The values that all modules share: addresses, names, VLANs, the identity of an attachment.
///
/// Each is valid once it exists, reads itself from text and prints itself in one spelling. This
/// module needs only the JDK.
@org.jspecify.annotations.NullMarked
module dev.podbond.value {
  requires static org.jspecify;

  exports dev.podbond.value;
}

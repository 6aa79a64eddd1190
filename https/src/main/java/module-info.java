/// An HTTPS server for a port that everybody in a cluster can reach, and the certificates that it
/// presents. It stands on the JDK's sockets alone.
@org.jspecify.annotations.NullMarked
module dev.podbond.https {
  requires static org.jspecify;

  exports dev.podbond.https.certificate;
  exports dev.podbond.https.serve;
}

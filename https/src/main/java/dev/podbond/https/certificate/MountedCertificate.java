package dev.podbond.https.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/// A certificate that another program renews and kubelet mounts; it is read again when its file
/// changes.
public final class MountedCertificate implements PresentedCertificate {
  private final Path directory;
  private final ClientAuthority clients;
  private FileTime read;
  private SSLContext context;
  private Instant end;

  /// Reads the certificate for the first time.
  ///
  /// @param directory with tls.crt and tls.key
  /// @param clients the clients that may connect
  public MountedCertificate(Path directory, ClientAuthority clients)
      throws GeneralSecurityException, IOException {
    this.directory = directory;
    this.clients = clients;
    this.read = modified();
    this.context = ServerCertificate.context(directory, clients);
    this.end = ServerCertificate.end(directory);
  }

  @Override
  public synchronized SSLContext get() {
    try {
      FileTime now = modified();
      if (!now.equals(read)) {
        context = ServerCertificate.context(directory, clients);
        end = ServerCertificate.end(directory);
        read = now;
      }
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      // What is no certificate at all ends in a RuntimeException of the JDK's parsers.
      System.getLogger(MountedCertificate.class.getName())
          .log(System.Logger.Level.ERROR, "cannot read the certificate in " + directory, e);
    }
    return context;
  }

  @Override
  public synchronized boolean isValid() {
    get();
    return Instant.now().isBefore(end);
  }

  private FileTime modified() throws IOException {
    return Files.getLastModifiedTime(directory.resolve("tls.crt"));
  }
}

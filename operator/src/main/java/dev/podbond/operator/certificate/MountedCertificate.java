package dev.podbond.operator.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// A certificate that cert-manager renews and kubelet mounts: read again when its file is another.
public final class MountedCertificate implements Supplier<SSLContext> {
  private final Path directory;
  private FileTime read;
  private SSLContext context;

  /// Stopped until it is started.
  ///
  /// @param directory with tls.crt and tls.key
  public MountedCertificate(Path directory) throws GeneralSecurityException, IOException {
    this.directory = directory;
    this.read = modified();
    this.context = ServerCertificate.context(directory);
  }

  @Override
  public synchronized SSLContext get() {
    try {
      FileTime now = modified();
      if (!now.equals(read)) {
        context = ServerCertificate.context(directory);
        read = now;
      }
    } catch (GeneralSecurityException | IOException e) {
      System.getLogger(MountedCertificate.class.getName())
          .log(System.Logger.Level.ERROR, "cannot read the certificate in " + directory, e);
    }
    return context;
  }

  private FileTime modified() throws IOException {
    return Files.getLastModifiedTime(directory.resolve("tls.crt"));
  }
}

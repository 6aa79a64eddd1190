package dev.podbond.https.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/// A certificate that another program renews and kubelet mounts; it is read again when its files
/// change. What cannot be read, or does not fit together, leaves the last good one in use, and is
/// read again when the files change again, or a minute later. The log has one line for it.
public final class MountedCertificate implements PresentedCertificate {
  /// The reason may be one that passes, as too many open files.
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final Path directory;
  private final ClientAuthority clients;
  private final Clock clock;
  private final Consumer<String> log;
  private Written seen;
  private SSLContext context;
  private Instant end;
  private Optional<Instant> retry = Optional.empty();
  private String said = "";
  private boolean saidThatItExpired;

  /// When the two files were written; empty for one that cannot be looked at.
  private record Written(Optional<FileTime> certificate, Optional<FileTime> key) {}

  /// Reads the certificate for the first time.
  ///
  /// @param directory with tls.crt and tls.key
  /// @param clients the clients that may connect
  /// @throws GeneralSecurityException if there is no certificate in them, or the key is another's
  public MountedCertificate(Path directory, ClientAuthority clients)
      throws GeneralSecurityException, IOException {
    this(directory, clients, Clock.systemUTC(), MountedCertificate::warn);
  }

  MountedCertificate(Path directory, ClientAuthority clients, Clock clock, Consumer<String> log)
      throws GeneralSecurityException, IOException {
    this.directory = directory;
    this.clients = clients;
    this.clock = clock;
    this.log = log;
    this.seen = written();
    this.context = ServerCertificate.context(directory, clients);
    this.end = ServerCertificate.end(directory);
  }

  private static void warn(String sentence) {
    System.getLogger(MountedCertificate.class.getName()).log(System.Logger.Level.WARNING, sentence);
  }

  @Override
  public synchronized SSLContext get() {
    Written now = written();
    if (!now.equals(seen) || retry.filter(clock.instant()::isAfter).isPresent()) {
      seen = now;
      renew();
    }
    if (!saidThatItExpired && !clock.instant().isBefore(end)) {
      saidThatItExpired = true;
      log.accept(
          "the certificate in "
              + directory
              + " expired at "
              + end
              + ", and clients that verify it refuse it; renew the Secret");
    }
    return context;
  }

  private void renew() {
    try {
      SSLContext read = ServerCertificate.context(directory, clients);
      end = ServerCertificate.end(directory);
      context = read;
      retry = Optional.empty();
      said = "";
      saidThatItExpired = false;
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      // What is no certificate at all ends in a RuntimeException of the JDK's parsers.
      retry = Optional.of(clock.instant().plus(RETRY));
      sayOnce(
          "the certificate in "
              + directory
              + " has changed and cannot be used, so the one before it stays: "
              + reason(e)
              + "; mend the Secret");
    }
  }

  private void sayOnce(String sentence) {
    if (!sentence.equals(said)) {
      said = sentence;
      log.accept(sentence);
    }
  }

  private static String reason(Exception failure) {
    return failure instanceof NoSuchFileException gone
        ? gone.getFile() + " is not there"
        : String.valueOf(failure.getMessage());
  }

  @Override
  public synchronized boolean isValid() {
    get();
    return clock.instant().isBefore(end);
  }

  private Written written() {
    return new Written(written("tls.crt"), written("tls.key"));
  }

  private Optional<FileTime> written(String file) {
    try {
      return Optional.of(Files.getLastModifiedTime(directory.resolve(file)));
    } catch (IOException _) {
      // Whoever reads it says why.
      return Optional.empty();
    }
  }
}

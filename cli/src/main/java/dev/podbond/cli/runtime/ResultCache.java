package dev.podbond.cli.runtime;

import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.json.JsonException;
import dev.podbond.value.AttachmentKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The results of past ADDs, in files `results/<network>-<container id>-<interface>` as the Go
/// library keeps them below `/var/lib/cni`. A file is replaced as a whole or not at all.
///
/// @param directory the directory above `results`; made when needed
public record ResultCache(Path directory) {

  void put(CachedAttachment cached) throws CniException {
    Path file = file(cached.network(), cached.id());
    try {
      Files.createDirectories(
          results(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      // A leading dot keeps readers of the directory from taking the unfinished file for a result.
      Path unfinished =
          Files.createTempFile(
              results(),
              ".unfinished-",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        write(unfinished, cached.toJson().toString());
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /// The cached attachment.
  ///
  /// @throws CniException with code 6 if the file is corrupt, with code 5 if it cannot be read
  Optional<CachedAttachment> get(String network, AttachmentKey id) throws CniException {
    Path file = file(network, id);
    try {
      return Files.exists(file)
          ? Optional.of(CachedAttachment.parse(Files.readAllBytes(file)))
          : Optional.empty();
    } catch (JsonException | InvalidPathException e) {
      throw new CniException(
          CniErrorCode.DECODING_FAILURE, "corrupt cache file " + file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  /// All cached attachments of a network. Corrupt files and those of other kinds are passed over:
  /// nothing can be freed from what cannot be read.
  List<CachedAttachment> ofNetwork(String network) throws CniException {
    if (!Files.isDirectory(results())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(results())) {
      List<CachedAttachment> found = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        parsed(file).filter(cached -> cached.network().equals(network)).ifPresent(found::add);
      }
      return found;
    } catch (IOException e) {
      throw failed("list", results(), e);
    }
  }

  private static Optional<CachedAttachment> parsed(Path file) {
    try {
      return Optional.of(CachedAttachment.parse(Files.readAllBytes(file)));
    } catch (JsonException | InvalidPathException | IOException _) {
      return Optional.empty();
    }
  }

  void remove(String network, AttachmentKey id) throws CniException {
    Path file = file(network, id);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("remove", file, e);
    }
  }

  private Path file(String network, AttachmentKey id) {
    return results().resolve(network + "-" + id.containerId() + "-" + id.ifname());
  }

  private Path results() {
    return directory.resolve("results");
  }

  private static CniException failed(String what, Path file, IOException e) {
    return new CniException(
        CniErrorCode.IO_FAILURE, "cannot " + what + " result cache " + file + ": " + e, e);
  }
}

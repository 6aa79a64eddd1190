package dev.podbond.cli.runtime;

import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.json.JsonException;
import dev.podbond.node.state.DurableFile;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// The results of past ADDs, in files `results/<network>-<container id>-<interface>` as the Go
/// library keeps them below `/var/lib/cni`. A file is replaced as a whole or not at all.
///
/// @param directory the directory above `results`; created when needed
public record ResultCache(Path directory) {

  void put(CachedAttachment cached) throws CniException {
    Path file = file(cached.network(), cached.id());
    try {
      new DurableFile(file).replace(cached.toJson().toString());
    } catch (IOException e) {
      throw failed("write", file, e);
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
        CniErrorCode.IO_FAILURE,
        "cannot " + what + " result cache " + file + ": " + IoReason.of(e),
        e);
  }
}

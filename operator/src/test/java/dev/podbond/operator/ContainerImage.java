package dev.podbond.operator;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An OCI image archive with one layer, unpacked.
///
/// @param environment as `NAME=VALUE`
record ContainerImage(Path rootfs, String user, List<String> entrypoint, List<String> environment) {
  /// Unpacked once for all classes: a container of it writes nothing there.
  private static final class Operator {
    static final ContainerImage IMAGE =
        unpack(Path.of(System.getProperty("podbond.operator-image")), emptied("target/operator"));
  }

  /// The operator's.
  static ContainerImage ofOperator() {
    return Operator.IMAGE;
  }

  static ContainerImage unpack(Path archive, Path directory) {
    try {
      Path layout = Files.createDirectories(directory.resolve("layout"));
      Path rootfs = Files.createDirectories(directory.resolve("rootfs"));
      tar("-xf", archive.toString(), "-C", layout.toString());
      JsonObject index = read(layout.resolve("index.json"));
      JsonObject manifest =
          read(blob(layout, LenientObject.objects(index, "manifests").getFirst()));
      for (JsonObject layer : LenientObject.objects(manifest, "layers")) {
        tar("-xzf", blob(layout, layer).toString(), "-C", rootfs.toString());
      }
      JsonObject config =
          LenientObject.object(
              read(blob(layout, LenientObject.object(manifest, "config"))), "config");
      return new ContainerImage(
          rootfs,
          LenientObject.text(config, "User").orElse("0:0"),
          LenientObject.texts(config, "Entrypoint"),
          LenientObject.texts(config, "Env"));
    } catch (IOException | JsonException e) {
      throw new AssertionError("no image in " + archive + ": run make image", e);
    }
  }

  /// What an earlier run left is another image's.
  private static Path emptied(String directory) {
    TestCluster.Output output = TestCluster.run(List.of("rm", "-rf", directory), "");
    if (output.status() != 0) {
      throw new AssertionError("rm: " + output.text());
    }
    return Path.of(directory).toAbsolutePath();
  }

  private static Path blob(Path layout, JsonObject descriptor) {
    String digest = LenientObject.text(descriptor, "digest").orElseThrow();
    return layout.resolve("blobs").resolve(digest.replace(':', '/'));
  }

  private static JsonObject read(Path file) throws IOException, JsonException {
    return Json.parseObject(Files.readAllBytes(file));
  }

  private static void tar(String... arguments) {
    List<String> command = new ArrayList<>(List.of("tar"));
    command.addAll(List.of(arguments));
    TestCluster.Output output = TestCluster.run(command, "");
    if (output.status() != 0) {
      throw new AssertionError("tar: " + output.text());
    }
  }
}

package dev.podbond.agent.serve;

import dev.podbond.agent.wire.HostSight;
import dev.podbond.ipam.HostView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/// The host of a shim. The agent may be in a container: the host's executables are not among its
/// files, and a path may lead it elsewhere than the host.
///
/// @param sight what the shim said
public record ShimHost(HostSight sight) implements HostView {
  @Override
  public boolean hasPlugin(String type, Map<String, String> env) {
    return sight.plugins().contains(type);
  }

  /// Only the directory of which the shim spoke: it is ours if it has the same numbers. If there is
  /// none yet, the one above it must be ours, and there must be none for us either.
  @Override
  public boolean shares(Path directory) {
    return sight.addresses().filter(seen -> shares(directory, seen)).isPresent();
  }

  private static boolean shares(Path directory, HostSight.SeenDirectory seen) {
    try {
      Path path = Path.of(seen.path());
      boolean isAbove = path.equals(directory.getParent()) && Files.notExists(directory);
      if (!path.equals(directory) && !isAbove) {
        return false;
      }
      Map<String, Object> ours = Files.readAttributes(path, "unix:dev,ino");
      return Objects.equals(ours.get("dev"), seen.device())
          && Objects.equals(ours.get("ino"), seen.inode());
    } catch (IOException | InvalidPathException _) {
      return false;
    }
  }
}

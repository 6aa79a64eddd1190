package dev.podbond.cni.exec;

import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.PluginMissingException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The directories of plugin executables, as `CNI_PATH` lists them.
///
/// @param directories searched in this order
public record PluginPath(List<Path> directories) {

  /// Copies the list.
  public PluginPath {
    directories = List.copyOf(directories);
  }

  /// The directories of `CNI_PATH`; an empty list if it is not set.
  public static PluginPath of(Map<String, String> env) {
    return new PluginPath(
        Arrays.stream(env.getOrDefault("CNI_PATH", "").split(File.pathSeparator, -1))
            .filter(directory -> !directory.isEmpty())
            .map(Path::of)
            .toList());
  }

  /// The first executable regular file of this name.
  ///
  /// @throws CniException with code 7 if the type is empty or a path, with code 999 and the type
  ///   and directories if there is no such file
  public Path find(String type) throws CniException {
    if (type.isEmpty()) {
      throw new CniException(CniErrorCode.INVALID_CONFIG, "no plugin name provided");
    }
    if (type.contains("/") || type.contains("\0")) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          "invalid plugin name: \"" + type + "\"",
          "a type is the name of a file, not a path");
    }
    return directories.stream()
        .map(directory -> directory.resolve(type))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElseThrow(() -> notFound(type));
  }

  /// The failure to find a plugin.
  public PluginMissingException notFound(String type) {
    return new PluginMissingException(
        "failed to find plugin \"" + type + "\" in path " + directories,
        "put the executable into one of the directories of CNI_PATH");
  }

  @Override
  public String toString() {
    return String.join(File.pathSeparator, directories.stream().map(Path::toString).toList());
  }
}

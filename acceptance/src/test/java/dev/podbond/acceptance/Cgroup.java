package dev.podbond.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A control group (cgroup v2) in which processes are short of memory and CPU.
final class Cgroup implements AutoCloseable {
  private static final Path ROOT = Path.of("/run/cgroup");

  private final Path directory;

  private Cgroup(Path directory) {
    this.directory = directory;
  }

  /// @param memoryBytes more is killed
  /// @param cpuPercent of one processor
  static Cgroup limited(String name, long memoryBytes, int cpuPercent) throws IOException {
    if (!Files.exists(ROOT.resolve("cgroup.procs"))) {
      Files.createDirectories(ROOT);
      Shell.run(List.of("mount", "-t", "cgroup2", "none", ROOT.toString()));
    }
    Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+memory +cpu");
    Path directory = Files.createDirectory(ROOT.resolve(name));
    Files.writeString(directory.resolve("memory.max"), Long.toString(memoryBytes));
    Files.writeString(directory.resolve("cpu.max"), cpuPercent * 1000 + " 100000");
    return new Cgroup(directory);
  }

  /// A command that executes another one in the group.
  List<String> executing(Path executable) {
    return List.of(
        "sh",
        "-c",
        "echo 0 >$0/cgroup.procs && exec $1",
        directory.toString(),
        executable.toString());
  }

  /// How often the kernel killed a process of the group for its memory.
  long kills() throws IOException {
    return Files.readAllLines(directory.resolve("memory.events")).stream()
        .filter(line -> line.startsWith("oom_kill "))
        .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
        .sum();
  }

  @Override
  public void close() throws IOException {
    Files.delete(directory);
  }
}

package dev.podbond.netlink.thread;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// For tests: the check that no thread of this process was left in a foreign network namespace.
public final class ThreadNetns {
  /// A thread that is not where the process is.
  ///
  /// @param threadId the kernel's thread id
  /// @param name the thread's name, as far as the kernel keeps it
  /// @param netns where it is, such as `net:[4026532208]`
  public record Stray(long threadId, String name, String netns) {}

  private static final Path PROCESS = Path.of("/proc/self");

  private ThreadNetns() {}

  /// The threads whose network namespace differs from that of the process's first thread.
  ///
  /// Empty at any time except for the microseconds in which the netns thread opens something.
  ///
  /// @throws IOException if `/proc` cannot be read
  public static List<Stray> strays() throws IOException {
    String home = Files.readSymbolicLink(PROCESS.resolve("ns/net")).toString();
    List<Stray> strays = new ArrayList<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(PROCESS.resolve("task"))) {
      for (Path task : tasks) {
        try {
          String netns = Files.readSymbolicLink(task.resolve("ns/net")).toString();
          if (!netns.equals(home)) {
            long threadId = Long.parseLong(String.valueOf(task.getFileName()));
            String name = Files.readString(task.resolve("comm")).strip();
            strays.add(new Stray(threadId, name, netns));
          }
        } catch (NoSuchFileException e) {
          // The thread ended between the listing and the look.
        }
      }
    }
    return List.copyOf(strays);
  }
}

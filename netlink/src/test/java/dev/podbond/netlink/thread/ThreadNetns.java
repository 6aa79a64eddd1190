package dev.podbond.netlink.thread;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// For tests: checks that no thread of this process was left in a foreign network namespace.
public final class ThreadNetns {
  /// A thread whose network namespace is not that of the process.
  ///
  /// @param threadId the kernel's thread id
  /// @param name the thread's name, cut by the kernel to 15 bytes
  /// @param netns its namespace, such as `net:[4026532208]`
  public record Stray(long threadId, String name, String netns) {}

  private static final Path PROCESS = Path.of("/proc/self");

  private ThreadNetns() {}

  /// The threads whose network namespace differs from that of the process's first thread.
  ///
  /// The list is empty except for the microseconds in which the netns thread opens something.
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
          // The thread ended after the listing.
        }
      }
    }
    return List.copyOf(strays);
  }
}

package dev.podbond.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A pod: here a fresh named network namespace.
final class Pod implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;
  private final Iproute2 ip;

  private Pod(String name) {
    this.name = name;
    this.ip = Iproute2.of(name);
  }

  static Pod create() throws IOException {
    String name = "pod" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    Shell.run(List.of("ip", "netns", "add", name));
    return new Pod(name);
  }

  String name() {
    return name;
  }

  Path netns() {
    return Path.of("/run/netns", name);
  }

  Iproute2 ip() {
    return ip;
  }

  /// Adds dummy links, each with a MAC of its own.
  Pod withDummies(String... names) throws IOException {
    for (String dummy : names) {
      ip.run("link add " + dummy + " type dummy");
    }
    return this;
  }

  /// Runs a command inside.
  String exec(String... command) throws IOException {
    return Shell.run(inside(command));
  }

  Shell.Finished attempt(String... command) throws IOException {
    return Shell.attempt(inside(command));
  }

  private List<String> inside(String... command) {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
    words.addAll(List.of(command));
    return words;
  }

  /// The driver's own report on a bond.
  String report(String bond) throws IOException {
    return exec("cat", "/proc/net/bonding/" + bond);
  }

  /// Deletes the namespace. The kernel then deletes its links or returns them to the host, in its
  /// own time.
  void destroy() throws IOException {
    Shell.attempt(List.of("ip", "netns", "delete", name));
  }

  @Override
  public void close() throws IOException {
    destroy();
  }
}

package dev.podbond.netlink.rtnl;

import dev.podbond.netlink.netns.NamedNetns;
import dev.podbond.netlink.netns.Netns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/// A network namespace for one test. iproute2 checks independently what the module did.
record FreshNetns(String name, Rtnetlink net) implements AutoCloseable {
  static FreshNetns create(String suffix) throws IOException {
    String name = "podbond-test-" + ProcessHandle.current().pid() + "-" + suffix;
    return new FreshNetns(name, Rtnetlink.open(Netns.of(NamedNetns.create(name))));
  }

  Netns netns() {
    return net.netns();
  }

  /// The output of `ip` with these arguments inside the namespace.
  String ip(String... arguments) throws Exception {
    String[] command =
        Stream.concat(Stream.of("ip", "-n", name), Arrays.stream(arguments)).toArray(String[]::new);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + " failed: " + output);
    }
    return output;
  }

  /// The same as compact JSON, with `-d`.
  String ipJson(String... arguments) throws Exception {
    return ip(
        Stream.concat(Stream.of("-d", "-j"), Arrays.stream(arguments)).toArray(String[]::new));
  }

  @Override
  public void close() {
    net.close();
    try {
      NamedNetns.delete(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

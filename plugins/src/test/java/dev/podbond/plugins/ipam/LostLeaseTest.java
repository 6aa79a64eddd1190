package dev.podbond.plugins.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LostLeaseTest {
  @TempDir Path directory;

  private static JsonObject network(String ipam) {
    try {
      return Json.parseObject("{\"name\": \"n\", \"ipam\": " + ipam.replace('\'', '"') + "}");
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }

  private JsonObject withSocket() {
    return network(
        "{'type': 'dhcp', 'daemonSocketPath': '%s'}".formatted(directory.resolve("dhcp.sock")));
  }

  @Test
  void withoutADaemonALeaseIsLost() throws IOException {
    assertThat(LostLease.of(withSocket()).orElseThrow()).contains("dhcp.sock", "run out");
    Files.createFile(directory.resolve("dhcp.sock"));
    assertThat(LostLease.of(withSocket())).as("a file that a dead daemon left").isPresent();
  }

  @Test
  void aDaemonThatIsThereMayStillReleaseIt() throws IOException {
    try (ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      daemon.bind(UnixDomainSocketAddress.of(directory.resolve("dhcp.sock")));
      assertThat(LostLease.of(withSocket())).isEmpty();
    }
    assertThat(LostLease.of(withSocket())).as("it is dead").isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'type': 'whereabouts'}", "{'type': 5}", "{}", "5", "'dhcp'"})
  void whatIsNoLeaseIsNotLost(String ipam) {
    assertThat(LostLease.of(network(ipam))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\\u0000b",
        "/x/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
      })
  void aSocketThatCannotBeIsNone(String path) {
    assertThat(LostLease.of(network("{'type': 'dhcp', 'daemonSocketPath': '" + path + "'}")))
        .isPresent();
  }
}

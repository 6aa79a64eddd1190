package dev.podbond.cni.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cni.fixture.Scripts;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.plugin.NetworkInvocation;
import dev.podbond.cni.spec.CniArgs;
import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.cni.spec.PluginMissingException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpamTest {

  private static final String CONFIG =
      "{ \"cniVersion\":\"1.1.0\", \"name\":\"n\",\"ipam\":{\"type\":\"host-local\"} }";

  @TempDir Path dir;

  private final PluginExec exec =
      new PluginProcess(Duration.ofSeconds(30), OutputStream.nullOutputStream());

  @BeforeEach
  void installIpam() throws Exception {
    Scripts.recorder(dir, "host-local");
    answer("{\"ips\":[{\"address\":\"10.0.0.5/24\"}]}");
  }

  private void answer(String result) throws Exception {
    Files.writeString(dir.resolve("host-local.result"), result);
  }

  private void fail(String verb) throws Exception {
    Files.writeString(
        dir.resolve("host-local." + verb + ".error"),
        "{\"code\":11,\"msg\":\"no addresses left\",\"details\":\"in 10.0.0.0/24\"}");
  }

  private String calls() throws Exception {
    return Files.readString(dir.resolve("calls"));
  }

  private Ipam ipam() throws Exception {
    return Ipam.of(NetworkConfig.parse(CONFIG), exec).orElseThrow();
  }

  private Map<String, String> env() {
    return Map.of(
        "CNI_COMMAND",
        "ADD",
        "CNI_PATH",
        dir.toString(),
        "CNI_IFNAME",
        "bond0",
        "TRACEPARENT",
        "t");
  }

  private Invocation invocation() throws Exception {
    return new Invocation(
        CniCommand.ADD,
        "c",
        Optional.of(Path.of("/run/netns/x")),
        "bond0",
        new CniArgs(""),
        NetworkConfig.parse(CONFIG),
        CniVersion.V1_1_0,
        env());
  }

  private NetworkInvocation network(CniCommand command) throws Exception {
    return new NetworkInvocation(command, NetworkConfig.parse(CONFIG), CniVersion.V1_1_0, env());
  }

  @Test
  void addGetsTheSameStdinAndEnvironmentAndGivesTheAddresses() throws Exception {
    CniResult result = ipam().add(invocation());

    assertThat(result.ips()).hasSize(1);
    assertThat(result.ips().getFirst().address()).hasToString("10.0.0.5/24");
    assertThat(Files.readString(dir.resolve("host-local.ADD.stdin"))).isEqualTo(CONFIG);
    assertThat(Files.readString(dir.resolve("host-local.ADD.env")))
        .contains("CNI_IFNAME=bond0\n", "TRACEPARENT=t\n", "CNI_COMMAND=ADD\n");
    assertThat(calls()).isEqualTo("ADD host-local\n");
  }

  @Test
  void anAddThatFailsIsFollowedByDelAndKeepsItsError() throws Exception {
    fail("ADD");

    assertThatThrownBy(() -> ipam().add(invocation()))
        .isInstanceOfSatisfying(
            CniException.class,
            e -> {
              assertThat(e.error().msg()).isEqualTo("IPAM host-local ADD: no addresses left");
              assertThat(e.error().details()).isEqualTo("in 10.0.0.0/24");
              assertThat(e.code().value()).isEqualTo(11);
              assertThat(e.getSuppressed()).isEmpty();
            });
    assertThat(calls()).isEqualTo("ADD host-local\nDEL host-local\n");
  }

  @Test
  void aDelThatFailsAfterAFailedAddIsSuppressedIntoIt() throws Exception {
    fail("ADD");
    fail("DEL");

    assertThatThrownBy(() -> ipam().add(invocation()))
        .hasMessageContaining("IPAM host-local ADD")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void anAddWithoutAddressesIsUndone() throws Exception {
    answer("{\"ips\":[]}");

    assertThatThrownBy(() -> ipam().add(invocation()))
        .hasMessageContaining("IPAM plugin returned missing IP config");
    assertThat(calls()).isEqualTo("ADD host-local\nDEL host-local\n");
  }

  @Test
  void anAddThatAnswersNonsenseIsUndone() throws Exception {
    answer("potato");

    assertThatThrownBy(() -> ipam().add(invocation()))
        .hasMessageContaining("cannot decode the result");
    assertThat(calls()).isEqualTo("ADD host-local\nDEL host-local\n");
  }

  @Test
  void theOtherVerbsAreForwardedAndTheirErrorsPassedOn() throws Exception {
    ipam().check(invocation());
    ipam().del(invocation());
    ipam().status(network(CniCommand.STATUS));
    ipam().gc(network(CniCommand.GC));

    assertThat(calls())
        .isEqualTo("CHECK host-local\nDEL host-local\nSTATUS host-local\nGC host-local\n");
    fail("GC");
    assertThatThrownBy(() -> ipam().gc(network(CniCommand.GC)))
        .hasMessageContaining("no addresses left");
  }

  @Test
  void aMissingIpamPluginIsNamedWithTheDirectories() throws Exception {
    Files.delete(dir.resolve("host-local"));

    assertThatThrownBy(() -> ipam().del(invocation()))
        .hasMessageContaining("failed to find plugin \"host-local\" in path [" + dir + "]")
        .hasCauseInstanceOf(PluginMissingException.class);
  }

  @Test
  void aConfigurationWithoutIpamHasNone() throws Exception {
    assertThat(Ipam.of(NetworkConfig.parse("{\"ipam\":{}}"), exec)).isEmpty();
  }
}

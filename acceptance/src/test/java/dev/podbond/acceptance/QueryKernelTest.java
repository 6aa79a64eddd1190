package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the agent tells of bonds over real NICs, and whom: a process without any right, too.
class QueryKernelTest extends VfTest {
  private static AgentProcess agent;

  /// One for all: its start takes longer than most tests here.
  @BeforeAll
  static void startAgent(@TempDir Path scratch) throws Exception {
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    agent = AgentProcess.start(scratch);
  }

  @AfterAll
  static void stopAgent() throws Exception {
    agent.close();
  }

  /// One attachment that makes the whole bond.
  private PluginCall bondOfVfs() throws Exception {
    List<Vf> vfs = firstVfs();
    return bond(
        """
        'failOverMac': 0,
        'links': [{'deviceID': '%s', 'name': 'net1', 'mac': '02:00:00:00:03:01', 'trust': 'on'},
                  {'deviceID': '%s', 'name': 'net2', 'mac': '02:00:00:00:03:02', 'trust': 'on'}]
        """
            .formatted(vfs.get(0).pci(), vfs.get(1).pci()));
  }

  /// The `podbond` command of a process that has neither root's id nor a capability.
  private static Shell.Finished withoutRights(Path socket, String... arguments) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all",
                "--no-new-privs",
                Dist.podbond().toString()));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--socket", socket.toString()));
    return Shell.attempt(line);
  }

  /// @param heard how often it was told
  private record Listener(SocketChannel channel, AtomicInteger heard) {}

  private Listener listen() throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(agent.questions()));
    FrameChannel frames = new FrameChannel(channel, 1_000);
    frames.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "news"));
    AtomicInteger heard = new AtomicInteger();
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (Answer.of(frames.receive().frame()).exitCode() == 0) {
              heard.incrementAndGet();
            }
          } catch (IOException _) {
            // The test is over.
          }
        });
    return new Listener(channel, heard);
  }

  private static List<String> metrics() throws IOException {
    Shell.Finished finished = withoutRights(agent.questions(), "metrics");
    assertThat(finished.exitCode()).as(finished.output()).isZero();
    return finished.output().lines().toList();
  }

  /// The agent reads PFs once in a second.
  private static boolean pfIsShown(String value) throws IOException {
    return metrics().stream()
        .anyMatch(
            line -> line.startsWith("podbond_pf_up{pf=\"pf0\"") && line.endsWith(" " + value));
  }

  private String ofBond(String metric, String value) {
    return "%s{namespace=\"\",pod=\"%s\",bond=\"bond0\"} %s".formatted(metric, pod.name(), value);
  }

  private String ofMember(String metric, String member, String value) {
    return "%s{namespace=\"\",pod=\"%s\",bond=\"bond0\",member=\"%s\"} %s"
        .formatted(metric, pod.name(), member, value);
  }

  @Test
  void aProcessWithoutRightsMayAskAndNotCall() throws Exception {
    agent.run("ADD", bondOfVfs()).ok();
    Eventually.is("the bond is healthy", () -> agent.status().exitCode() == 0);

    assertThat(withoutRights(agent.questions(), "status").output()).contains("bond0", "net2 up");
    assertThat(metrics()).contains(ofBond("podbond_bond_up", "1"));
    Shell.Finished refused = withoutRights(agent.socket(), "status");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output())
        .contains("the agent cannot be asked on " + agent.socket(), "; ask as root");
    agent.run("DEL", bondOfVfs()).ok();
  }

  @Test
  void metricsAndHistoryFollowTheKernel() throws Exception {
    agent.run("ADD", bondOfVfs()).ok();
    awaitMembersUp();
    Eventually.is(
        "both members are shown up",
        () -> metrics().contains(ofBond("podbond_bond_members_up", "2")));
    Vf first = firstVfs().getFirst();
    assertThat(metrics())
        .contains(ofBond("podbond_bond_members_configured", "2"))
        .anyMatch(line -> line.matches("podbond_cni_calls_total\\{command=\"ADD\"} [1-9].*"))
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("podbond_member_info{")
                .contains("pci_address=\"" + first.pci() + "\"", "pf=\"pf0\"", "driver=\"igbvf\""));
    Eventually.is("the PF is shown up", () -> pfIsShown("1"));

    Listener listener = listen();
    cable("pf0", "cut", "carrier");
    // The link's own news come before the bond's, which looks at its members from time to time.
    Eventually.is(
        "the lost member and its successor are shown",
        () ->
            metrics()
                .containsAll(
                    List.of(
                        ofBond("podbond_bond_up", "1"),
                        ofBond("podbond_bond_members_up", "1"),
                        ofMember("podbond_member_up", "net1", "0"),
                        ofMember("podbond_member_link_failures_total", "net1", "1"),
                        ofMember("podbond_member_active", "net2", "1"))));
    Eventually.is("the PF is shown down", () -> pfIsShown("0"));
    Eventually.is("whoever listens was told", () -> listener.heard().get() > 1);
    listener.channel().close();
    assertThat(pod.report("bond0")).contains("Link Failure Count: 1");
    Shell.Finished story = withoutRights(agent.questions(), "status", "bond0");
    assertThat(story.exitCode()).isEqualTo(1);
    assertThat(story.output())
        .contains("Degraded since ", "member net1 down: PF pf0 (", ") has no carrier");

    cable("pf0", "restore", "carrier");
    Eventually.is(
        "both members are shown up again",
        () -> metrics().contains(ofBond("podbond_bond_members_up", "2")));
    agent.run("DEL", bondOfVfs()).ok();
    Eventually.is(
        "the bond is shown no more",
        () -> metrics().stream().noneMatch(line -> line.startsWith("podbond_bond_up")));
  }

  @Test
  void trafficIsWhatTheKernelCounts() throws Exception {
    agent.run("ADD", bondOfVfs()).ok();
    awaitMembersUp();
    long before = transmittedBytes();
    List<String> lines = new ArrayList<>();
    Eventually.is(
        "the members' traffic is shown",
        () -> {
          lines.clear();
          lines.addAll(
              withoutRights(agent.questions(), "metrics", "--detail", "traffic")
                  .output()
                  .lines()
                  .toList());
          return lines.stream().filter(line -> line.contains("_bytes_total{")).count() == 4;
        });
    String labels = ofMember("podbond_member_transmit_bytes_total", "net1", "");
    assertThat(lines)
        .filteredOn(line -> line.startsWith(labels))
        .singleElement()
        .satisfies(line ->
            assertThat(Long.parseLong(line.substring(labels.length())))
                .isBetween(before, transmittedBytes()));
    agent.run("DEL", bondOfVfs()).ok();
  }

  private long transmittedBytes() throws IOException {
    Matcher count =
        Pattern.compile("\"tx\":\\{\"bytes\":(\\d+)")
            .matcher(pod.exec("ip", "-s", "-j", "link", "show", "net1"));
    assertThat(count.find()).isTrue();
    return Long.parseLong(count.group(1));
  }

  /// What the record says has to be there is counted, not what the kernel lists.
  @Test
  void aMemberThatLeftIsMissedThoughAnotherLinkIsInItsPlace() throws Exception {
    agent.run("ADD", bondOfVfs()).ok();
    awaitMembersUp();
    pod.exec("ip", "link", "set", "net1", "nomaster");
    pod.exec("ip", "link", "add", "dummy7", "type", "dummy");
    pod.exec("ip", "link", "set", "dummy7", "master", "bond0");
    Eventually.is(
        "it comes back by itself",
        () ->
            agent.log().contains("repaired ")
                && metrics().contains(ofBond("podbond_bond_members_up", "2")));
    assertThat(metrics()).noneSatisfy(line -> assertThat(line).contains("dummy7"));
    agent.run("DEL", bondOfVfs()).ok();
  }

  @Test
  void whoeverAsksWithoutEndHoldsUpNoCall() throws Exception {
    List<SocketChannel> askers = new ArrayList<>();
    try {
      // As many as the queue holds, and those that are answered.
      for (int i = 0; i < 64; i++) {
        askers.add(SocketChannel.open(UnixDomainSocketAddress.of(agent.questions())));
      }
      for (PluginCall call : Stream.of(bondOfVfs(), bondOfVfs()).toList()) {
        agent.run("ADD", call).ok();
        assertThat(agent.status().output()).contains("bond0");
        agent.run("DEL", call).ok();
      }
    } finally {
      for (SocketChannel asker : askers) {
        asker.close();
      }
    }
  }

  /// Each answer tells the carriers of the PFs, which the kernel reads under the lock that each
  /// call needs.
  @Test
  void whoeverAsksForMetricsWithoutEndHoldsUpNoCall() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger answers = new AtomicInteger();
    List<Thread> askers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      askers.add(Thread.ofVirtual().start(() -> askForMetrics(enough, answers)));
    }
    try {
      for (PluginCall call : List.of(bondOfVfs(), bondOfVfs())) {
        agent.run("ADD", call).ok();
        agent.run("DEL", call).ok();
      }
    } finally {
      enough.set(true);
      for (Thread asker : askers) {
        asker.join();
      }
    }
    assertThat(answers).hasPositiveValue();
  }

  private static void askForMetrics(AtomicBoolean enough, AtomicInteger answers) {
    while (!enough.get()) {
      try (FrameChannel asker =
          new FrameChannel(
              SocketChannel.open(UnixDomainSocketAddress.of(agent.questions())), Frame.MAX_BYTES)) {
        asker.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "metrics"));
        if (Answer.of(asker.receive().frame()).stdout().contains("podbond_cni_calls_total")) {
          answers.incrementAndGet();
        }
      } catch (IOException _) {
        // The agent may hang up on those who ask much.
      }
    }
  }
}

package dev.podbond.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.install.OwnDaemonSet.Presence;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.json.JsonObject;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.StateException;
import dev.podbond.value.AttachmentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeavingTest {
  private static final Presence GONE = new Presence.Gone("it is deleted");

  @TempDir Path plugins;
  @TempDir Path scratch;
  private Path source;
  private ShimInstallation shim;
  private AttachmentStore records;

  @BeforeEach
  void install() throws IOException {
    source = Files.writeString(scratch.resolve("shim"), "Podbond CNI plugin ");
    records = new AttachmentStore(scratch.resolve("state"));
    Files.writeString(plugins.resolve("podbond"), "somebody else's");
    shim = new ShimInstallation(plugins, List.of("podbond"));
    shim.install(source);
  }

  /// Leaves with these answers of the API server, one for each question; the last answer repeats.
  private String leave(Presence... answers) throws IOException, StateException {
    Deque<Presence> left = new ArrayDeque<>(List.of(answers));
    return leave(() -> left.size() > 1 ? left.pop() : left.getFirst());
  }

  private String leave(Supplier<Presence> presence) throws IOException, StateException {
    return new Leaving(shim, source, presence, records).leave();
  }

  private Attachment attachment(String netns, NetnsId id) {
    return Attachment.prepared(
            new AttachmentKey("c1", "net3"), "bond-net1", "bond", netns, JsonObject.of())
        .from(new Origin("/opt/cni/bin", "", id))
        .complete(List.of(), List.of());
  }

  private Attachment ofALivingPod() {
    return attachment("/proc/self/ns/net", NetnsId.UNKNOWN);
  }

  private void requireShim() {
    assertThat(plugins.resolve("podbond")).hasContent("Podbond CNI plugin ").isExecutable();
  }

  private void requireNoShim() {
    assertThat(plugins.resolve("podbond")).hasContent("somebody else's");
  }

  @Test
  void staysWhenAnotherAgentFollowsOrNobodyKnows() throws Exception {
    assertThat(leave(new Presence.Wanted())).isEqualTo("the shim stays: another agent follows");
    assertThat(leave(new Presence.Unknown("no answer"))).isEqualTo("the shim stays: no answer");
    requireShim();
  }

  @Test
  void staysWhileAPodHasAnAttachment() throws Exception {
    records.save(ofALivingPod());

    assertThat(leave(GONE)).isEqualTo("the shim stays: it is there for the deletion of c1/net3");
    requireShim();
  }

  /// The record only waits for an IPAM plugin that may never answer; no runtime waits for it.
  @Test
  void goesWhenOnlyVanishedPodsAreOnRecord() throws Exception {
    NetnsId ofAnotherBoot = new NetnsId("another boot", OptionalLong.of(7));
    for (Attachment vanished :
        List.of(
            attachment(scratch.resolve("none").toString(), NetnsId.UNKNOWN),
            attachment("/proc/self/ns/net", ofAnotherBoot))) {
      shim.install(source);
      records.save(vanished);
      assertThat(leave(GONE)).startsWith("removed the shim: ");
      requireNoShim();
    }
  }

  @Test
  void staysWhileARecordCannotBeRead() throws Exception {
    Files.createDirectories(scratch.resolve("state"));
    Files.writeString(scratch.resolve("state/c1:net1.json"), "no JSON");

    assertThat(leave(GONE)).startsWith("the shim stays: ").contains("damaged");
    requireShim();
  }

  @Test
  void goesWithTheDaemonSet() throws Exception {
    assertThat(leave(GONE))
        .isEqualTo("removed the shim: the DaemonSet is not wanted any more, because it is deleted");
    requireNoShim();
  }

  @Test
  void comesBackForAnAttachmentThatWasMadeMeanwhile() throws Exception {
    Deque<Boolean> first = new ArrayDeque<>(List.of(true));
    String outcome =
        leave(() -> {
          if (first.poll() == null) {
            requireNoShim();
            save(ofALivingPod());
          }
          return GONE;
        });

    assertThat(outcome)
        .isEqualTo("removed the shim and put it back: it is there for the deletion of c1/net3");
    requireShim();
  }

  private void save(Attachment attachment) {
    try {
      records.save(attachment);
    } catch (StateException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void comesBackForAnInstallationThatFoundItThere() throws Exception {
    assertThat(leave(GONE, new Presence.Wanted()))
        .isEqualTo("removed the shim and put it back: another agent follows");
    requireShim();
  }

  @Test
  void anAgentThatInstalledNoShimRemovesNone() {
    assertThat(Leaving.of(Map.of())).isEmpty();
    assertThat(Leaving.of(Map.of("PODBOND_PLUGIN_DIR", "/opt/cni/bin"))).isEmpty();
    assertThat(
            Leaving.of(
                Map.of(
                    "PODBOND_PLUGIN_DIR", "/opt/cni/bin", "PODBOND_PLUGIN_NAMES", "podbond bond")))
        .isPresent();
  }
}

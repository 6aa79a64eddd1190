package dev.podbond.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.install.OwnDaemonSet.Presence;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.AttachmentKey;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.json.JsonObject;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeavingTest {
  private static final AttachmentStore.Listing NOTHING =
      new AttachmentStore.Listing(List.of(), List.of());

  @TempDir Path plugins;
  @TempDir Path image;
  private ShimInstallation shim;

  @BeforeEach
  void install() throws IOException {
    shim = new ShimInstallation(plugins, List.of("podbond"));
    shim.install(Files.writeString(image.resolve("shim"), "Podbond CNI plugin "));
  }

  @Test
  void staysWhenAnotherAgentFollowsOrNobodyKnows() throws IOException {
    assertThat(Main.leave(shim, new Presence.Wanted(), NOTHING)).contains("another agent follows");
    assertThat(Main.leave(shim, new Presence.Unknown("no answer"), NOTHING)).contains("no answer");
    assertThat(plugins.resolve("podbond")).exists();
  }

  @Test
  void staysWhileAPodHasAnAttachment() throws IOException {
    Attachment attachment =
        new Attachment(
            new AttachmentKey("c1", "net3"),
            "bond-net1",
            "bond",
            "/run/netns/c1",
            JsonObject.of(),
            Phase.COMPLETE,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            new Origin("/opt/cni/bin", "", ""));

    assertThat(
            Main.leave(
                shim,
                new Presence.Gone("it is deleted"),
                new AttachmentStore.Listing(List.of(attachment), List.of())))
        .isEqualTo("the shim stays for the deletion of c1/net3");
    assertThat(plugins.resolve("podbond")).exists();
  }

  @Test
  void staysWhileARecordCannotBeRead() throws IOException {
    Stored.Damaged damaged = new Stored.Damaged(plugins.resolve("aside"), "no JSON");

    assertThat(
            Main.leave(
                shim,
                new Presence.Gone("it is deleted"),
                new AttachmentStore.Listing(List.of(), List.of(damaged))))
        .contains("damaged");
    assertThat(plugins.resolve("podbond")).exists();
  }

  @Test
  void goesWithTheDaemonSet() throws IOException {
    assertThat(Main.leave(shim, new Presence.Gone("it is deleted"), NOTHING))
        .contains("removed the shim", "it is deleted");
    assertThat(plugins).isEmptyDirectory();
  }
}

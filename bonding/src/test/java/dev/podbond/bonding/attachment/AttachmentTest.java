package dev.podbond.bonding.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.net.Route;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IpPrefix;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a record says of its attachment, and what a later phase changes in it.
class AttachmentTest {
  private static final Attachment MADE =
      Attachment.prepared(
              new AttachmentKey("c1", "net3"), "net", "bond", "/run/netns/pod", JsonObject.of())
          .withInterfaces(
              Optional.of(new BondNames("bond0", Optional.of("net3"))), Optional.empty())
          .from(new Origin("/opt/cni/bin", "K8S_POD_NAME=web", "b1"))
          .complete(
              List.of(IpPrefix.parse("10.1.0.2/24").orElseThrow()),
              List.of(Route.of(IpPrefix.parse("10.2.0.0/16").orElseThrow(), Optional.empty())));

  @Test
  void theAddressesAreOnTheTopmostInterface() {
    assertThat(MADE.withInterfaces(MADE.bond(), Optional.of("bond0.5")).addressed())
        .isEqualTo(LinkRef.pod("bond0.5"));
    assertThat(MADE.addressed()).isEqualTo(LinkRef.pod("bond0"));
    assertThat(MADE.withInterfaces(Optional.empty(), Optional.empty()).addressed())
        .isEqualTo(LinkRef.pod("net3"));
  }

  @Test
  void aRemovalChangesThePhaseAndNeedsNoRoutes() {
    Attachment removing = MADE.removing();
    assertThat(removing.phase()).isEqualTo(Phase.REMOVING);
    assertThat(MADE.routes()).isNotEmpty();
    assertThat(removing.routes()).isEmpty();
    assertThat(removing.toJson().without("phase").without("routes"))
        .isEqualTo(MADE.toJson().without("phase").without("routes"));
  }

  @Test
  void aRecordWhosePathLeadsElsewhereLosesItAndNothingElse() {
    Attachment orphan = MADE.withoutNetns();
    assertThat(orphan.netns()).isEmpty();
    assertThat(orphan.toJson().without("netns")).isEqualTo(MADE.toJson().without("netns"));
  }

  @Test
  void aNetworkIsShownAsTheBondNetworkThatItWasRenderedFrom() {
    assertThat(MADE.shownNetwork()).isEqualTo("net");
    for (String path : List.of("demo/net", "a/b.c-d", "0/1")) {
      assertThat(renderedFrom(path).shownNetwork()).isEqualTo(path);
      assertThat(renderedFrom(path).network()).as("as the runtime knows it").isEqualTo("net");
    }
    for (String none : List.of("", "net", "/net", "demo/", "a/b/c", "Demo/net", "demo/n\u001b")) {
      assertThat(renderedFrom(none).shownNetwork()).as(none).isEqualTo("net");
    }
  }

  private static Attachment renderedFrom(String path) {
    return Attachment.prepared(
        MADE.key(),
        MADE.network(),
        MADE.plugin(),
        MADE.netns(),
        JsonObject.of(RenderedFrom.FIELD, new JsonString(path)));
  }

  @Test
  void theIpamPluginKnowsItByTheRuntimesNameUnlessItWasGivenAnother() {
    assertThat(MADE.ipamIfname()).isEqualTo("net3");
    assertThat(MADE.from(new Origin("/opt/cni/bin", "", NetnsId.UNKNOWN, "eth1")).ipamIfname())
        .isEqualTo("eth1");
  }
}

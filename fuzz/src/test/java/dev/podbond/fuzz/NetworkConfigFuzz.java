package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.config.NameWish;
import dev.podbond.bonding.config.NodeSettings;
import dev.podbond.bonding.config.PodNetworks;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.config.Standing;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.plan.AttachmentRemoval;
import dev.podbond.bonding.plan.BondPlanner;
import dev.podbond.bonding.preflight.NameChoice;
import dev.podbond.bonding.preflight.Preflight;
import dev.podbond.cli.explain.AssumedFacts;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.StateException;
import dev.podbond.node.state.Stored;
import dev.podbond.value.AttachmentKey;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Network configurations. Each either is a bond or a VF whose plans touch only the links that it
/// names, or is refused with a message of bounded length.
class NetworkConfigFuzz {
  private static final Sandbox SANDBOX = Sandbox.make();
  private static final AttachmentKey KEY = new AttachmentKey("c1", "net3");
  private static final int LONGEST_REFUSAL_CHARS = 64 * 1024;

  @FuzzTest
  void bond(byte[] bytes) throws IOException, StateException {
    Optional<JsonObject> json = object(bytes);
    if (json.isEmpty()) {
      return;
    }
    try {
      BondConfig config =
          BondConfig.parse(json.get(), Optional.empty()).under(NodeSettings.DEFAULT);
      for (Standing standing : Standing.values()) {
        NameWish wish =
            NameWish.of(
                json.get(), KEY.ifname(), config.ifname(), new PodNetworks(standing, Set.of()));
        judge(json.get(), config, NameChoice.of(wish, config, AssumedFacts.of(config)).names());
      }
    } catch (InvalidConfigException e) {
      assertThat(e.getMessage()).hasSizeLessThan(LONGEST_REFUSAL_CHARS);
    }
  }

  @FuzzTest
  void vf(byte[] bytes) {
    Optional<JsonObject> json = object(bytes);
    if (json.isEmpty()) {
      return;
    }
    try {
      SriovConfig config = SriovConfig.parse(json.get(), Optional.empty());
      NodeFacts nothing = new NodeFacts(List.of(), Map.of(), Map.of());
      assertThat(Preflight.findings(config, KEY.ifname(), nothing)).isNotEmpty();
    } catch (InvalidConfigException e) {
      assertThat(e.getMessage()).hasSizeLessThan(LONGEST_REFUSAL_CHARS);
    }
  }

  private static Optional<JsonObject> object(byte[] bytes) {
    try {
      return Optional.of(Json.parseObject(bytes));
    } catch (JsonException _) {
      return Optional.empty();
    }
  }

  private static void judge(JsonObject json, BondConfig config, BondNames names)
      throws IOException, StateException {
    assertThat(KernelRules.hasOwnSysctls(names.name())).as(names.name()).isTrue();
    NodeFacts facts = AssumedFacts.of(config);
    var refusals = Preflight.refusals(Preflight.findings(config, names, facts), config.strict());
    Attachment record = BondPlanner.prepare(KEY, "/run/netns/pod", json, config, names, facts);
    if (refusals.isEmpty()) {
      touchesOnlyWhatItNames(BondPlanner.assemble(config, names, facts), names, facts);
      isKept(record);
      Expectation.of(record, config);
    }
    touchesOnlyWhatItNames(AttachmentRemoval.plan(record, facts), names, facts);
  }

  /// A written record can be read again. Otherwise nobody would know what to give back.
  private static void isKept(Attachment record) throws IOException, StateException {
    AttachmentStore store = new AttachmentStore(SANDBOX.inside());
    try {
      store.save(record);
      assertThat(store.load(KEY)).isEqualTo(new Stored.Found(record));
    } catch (StateException e) {
      assertThat(e.getMessage()).contains("could not be read again");
      assertThat(store.load(KEY)).isEqualTo(new Stored.Absent());
    }
    SANDBOX.checkAndEmpty();
  }

  private static void touchesOnlyWhatItNames(Plan plan, BondNames names, NodeFacts facts) {
    for (var step : plan.steps()) {
      switch (step.change()) {
        case Change.SetSysctl sysctl -> {
          assertThat(sysctl.place()).isEqualTo(Place.POD);
          String[] parts = sysctl.key().split("/", -1);
          assertThat(parts).as(sysctl.key()).hasSize(4);
          assertThat(KernelRules.hasOwnSysctls(parts[2])).as(sysctl.key()).isTrue();
        }
        case Change.Move move -> {
          assertThat(isThere(move.link(), facts)).as("%s", move).isTrue();
          assertThat(KernelRules.isInterfaceName(move.destination().name()))
              .as("%s", move)
              .isTrue();
        }
        case Change.CreateBond create ->
            assertThat(create.bond()).isEqualTo(LinkRef.pod(names.name()));
        case Change.Rename rename ->
            assertThat(KernelRules.isInterfaceName(rename.newName())).as("%s", rename).isTrue();
        default -> assertThat(step.change().toString()).doesNotContain("\n", "\033");
      }
    }
  }

  private static boolean isThere(LinkRef link, NodeFacts facts) {
    return facts.links().stream().anyMatch(found -> found.ref().equals(link))
        || link.place() == Place.POD;
  }
}

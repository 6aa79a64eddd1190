package dev.podbond.bonding.demotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.check.Comparison;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.model.World;
import dev.podbond.bonding.plan.Repair;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.value.PciAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Attachments of every kind of which a member is demoted are looked after, checked and removed as
/// others: properties of random worlds, each named by its seed.
final class DemotedAttachmentTest {
  private static final long[] SEEDS = RandomWorlds.seeds(150);
  private static final PciAddress BAD = new PciAddress(0, 0xba, 0, 0);
  private static final PciAddress WELL = new PciAddress(0, 1, 0, 0);

  /// A finished bond whose first or last member is on a PF with a bad uplink. The last one may be
  /// the primary.
  private record Made(World world, Attachment attachment, boolean isLastBad) {
    static Made of(long seed) throws ChangeFailedException {
      World world = RandomWorlds.of(seed);
      return new Made(world, world.add(new Execution(world.kernel())), seed % 2 == 1);
    }

    List<ConfiguredMember> members() {
      List<ConfiguredMember> members = new ArrayList<>();
      List<ConfiguredMember> all = ConfiguredMember.of(attachment);
      int bad = isLastBad ? all.size() - 1 : 0;
      for (ConfiguredMember member : all) {
        PciAddress pf = members.size() == bad ? BAD : WELL;
        members.add(member.on(Optional.of(new Pf("pf", Optional.of(pf))), Optional.empty()));
      }
      return members;
    }

    BondUse use() {
      return BondUse.of(attachment.key(), world.names().name(), members(), world.kernel().facts());
    }

    /// Empty if the bond has no other path.
    Optional<Demotion> demote() throws ChangeFailedException {
      Decision decision =
          Demotions.decide(
              use(),
              Map.of(BAD, new Reading.Bad("the partner is expired")),
              Optional.empty(),
              UplinkAction.DEMOTE,
              true,
              Instant.EPOCH);
      if (decision instanceof Decision.Demote(Demotion next, Plan plan)) {
        new Execution(world.kernel()).run(plan);
        return Optional.of(next);
      }
      return Optional.empty();
    }

    void restore(Demotion demotion) throws ChangeFailedException {
      if (Demotions.restore(use(), Optional.of(demotion))
          instanceof Decision.Restore(Optional<Demotion> left, Plan plan)) {
        new Execution(world.kernel()).run(plan);
        assertThat(left).isEmpty();
      }
    }

    Expectation expected() {
      return Expectation.of(attachment, world.config());
    }
  }

  @Test
  void checkAndRepairLeaveADemotedMemberAlone() throws ChangeFailedException {
    int demoted = 0;
    for (long seed : SEEDS) {
      Made made = Made.of(seed);
      Optional<Demotion> demotion = made.demote();
      if (demotion.isPresent()) {
        demoted++;
        assertThat(
                Comparison.differences(
                    made.expected().holding(demotion.get()), made.world().kernel().facts()))
            .as("seed %d", seed)
            .isEmpty();
        assertThat(
                Repair.ofBond(
                    demotion.get().withoutOutside(made.attachment()),
                    made.world().config(),
                    made.world().kernel().facts()))
            .as("seed %d", seed)
            .isEqualTo(Plan.NOTHING);
      }
    }
    assertThat(SEEDS.length < 100 || demoted > 20).as("%d are demoted", demoted).isTrue();
  }

  @Test
  void restoredItIsAsItWasMade() throws ChangeFailedException {
    for (long seed : SEEDS) {
      Made made = Made.of(seed);
      Optional<Demotion> demotion = made.demote();
      if (demotion.isPresent()) {
        made.restore(demotion.get());
        assertThat(Comparison.differences(made.expected(), made.world().kernel().facts()))
            .as("seed %d", seed)
            .isEmpty();
      }
    }
  }

  @Test
  void restoredAndRemovedItLeavesTheNodeAsItWas() throws ChangeFailedException {
    for (long seed : SEEDS) {
      List<String> start = RandomWorlds.of(seed).kernel().state();
      Made made = Made.of(seed);
      Optional<Demotion> demotion = made.demote();
      if (demotion.isPresent()) {
        made.restore(demotion.get());
        assertThat(made.world().remove(made.attachment())).as("seed %d", seed).isEmpty();
        assertThat(made.world().kernel().state()).as("seed %d", seed).isEqualTo(start);
      }
    }
  }

  /// Its pod is deleted meanwhile.
  @Test
  void removedWhileDemotedItLeavesTheNodeAsItWas() throws ChangeFailedException {
    for (long seed : SEEDS) {
      List<String> start = RandomWorlds.of(seed).kernel().state();
      Made made = Made.of(seed);
      Optional<Demotion> _ = made.demote();
      assertThat(made.world().remove(made.attachment())).as("seed %d", seed).isEmpty();
      assertThat(made.world().kernel().state()).as("seed %d", seed).isEqualTo(start);
    }
  }
}

package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.model.FaultyKernel;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.model.World;
import dev.podbond.value.PciAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The node can be restored, whatever happens to a bond while it is made: properties over random
/// worlds, each named by its seed.
class BondLifeTest {
  private static final long[] SEEDS = RandomWorlds.seeds(150);

  @Test
  void undoReturnsTheNodeToItsStartWhateverChangeFails() {
    for (long seed : SEEDS) {
      int changes = countChanges(RandomWorlds.of(seed), seed);
      for (int failing = 0; failing < changes; failing++) {
        World world = RandomWorlds.of(seed);
        List<String> start = world.kernel().state();
        Execution execution = new Execution(FaultyKernel.failingAfter(failing, world.kernel()));
        assertThatThrownBy(() -> world.add(execution)).isInstanceOf(ChangeFailedException.class);
        assertThat(execution.undo()).as("seed %d, failing change %d", seed, failing).isEmpty();
        assertThat(world.kernel().state())
            .as("seed %d, failing change %d", seed, failing)
            .isEqualTo(start);
      }
    }
  }

  /// Nobody knows then whether the change was made: the undo must handle both.
  @Test
  void aChangeWhoseAnswerIsLostIsTakenBackToo() {
    for (long seed : SEEDS) {
      int changes = countChanges(RandomWorlds.of(seed), seed);
      for (int unheard = 0; unheard < changes; unheard++) {
        for (boolean made : new boolean[] {true, false}) {
          World world = RandomWorlds.of(seed);
          List<String> start = world.kernel().state();
          Execution execution =
              new Execution(FaultyKernel.unheardAfter(unheard, made, world.kernel()));
          assertThatThrownBy(() -> world.add(execution)).isInstanceOf(ChangeFailedException.class);
          String name = "seed " + seed + ", unheard change " + unheard + ", made: " + made;
          assertThat(execution.undo()).as(name).isEmpty();
          assertThat(world.kernel().state()).as(name).isEqualTo(start);
        }
      }
    }
  }

  @Test
  void dismantlingReturnsTheNodeToItsStart() {
    for (long seed : SEEDS) {
      World world = RandomWorlds.of(seed);
      List<String> start = world.kernel().state();
      Attachment attachment = add(world, seed);
      assertDismantles(world, attachment, start, "seed " + seed);
    }
  }

  @Test
  void dismantlingReturnsTheNodeToItsStartAfterFailovers() {
    for (long seed : SEEDS) {
      World world = RandomWorlds.of(seed);
      List<String> start = world.kernel().state();
      Attachment attachment = add(world, seed);
      Random random = new Random(seed);
      for (int n = 0; n < 5; n++) {
        world.kernel().facts().links().stream()
            .filter(link -> link.member().isPresent())
            .forEach(link -> world.kernel().setCarrier(link.ref(), random.nextBoolean()));
      }
      assertDismantles(world, attachment, start, "seed " + seed);
    }
  }

  @Test
  void theRecordWrittenFirstIsEnoughToDismantleWhatAKilledAddLeft() {
    for (long seed : SEEDS) {
      int changes = countChanges(RandomWorlds.of(seed), seed);
      for (int killed = 0; killed < changes; killed++) {
        World world = RandomWorlds.of(seed);
        List<String> start = world.kernel().state();
        Attachment prepared = world.prepared();
        kill(world, killed);
        assertDismantles(world, prepared, start, "seed " + seed + ", killed after " + killed);
      }
    }
  }

  @Test
  void hardwareComesHomeAsItWasWhenThePodVanishesAtAnyMoment() {
    for (long seed : SEEDS) {
      int changes = countChanges(RandomWorlds.ofHardware(seed), seed);
      for (int killed = 0; killed <= changes; killed++) {
        World world = RandomWorlds.ofHardware(seed);
        List<String> start = world.kernel().lastingState();
        Attachment prepared = world.prepared();
        kill(world, killed);
        world.kernel().destroyPod(seed % 2 == 0);
        String name = "seed " + seed + ", killed after " + killed;
        assertThat(world.remove(prepared)).as(name).isEmpty();
        assertThat(world.kernel().lastingState()).as(name).isEqualTo(start);
      }
    }
  }

  /// The last look of a removal reads links by their names, without addresses and without the links
  /// that have names in place of those. It must not overlook anything.
  @Test
  void theLinksAloneShowWhetherAnythingIsLeftToDo() {
    for (long seed : SEEDS) {
      int changes = countChanges(RandomWorlds.ofHardware(seed), seed);
      for (int killed = 0; killed <= changes; killed++) {
        World world = RandomWorlds.ofHardware(seed);
        Attachment prepared = world.prepared();
        String name = "seed " + seed + ", killed after " + killed;
        kill(world, killed);
        assertThat(isNothingLeft(prepared, linksAlone(prepared, world.kernel().facts())))
            .as(name)
            .isEqualTo(isNothingLeft(prepared, world.kernel().facts()));
        world.kernel().destroyPod(seed % 2 == 0);
        assertThat(isNothingLeft(prepared, linksAlone(prepared, world.kernel().facts())))
            .as(name + ", without its pod")
            .isEqualTo(isNothingLeft(prepared, world.kernel().facts()));
        assertThat(world.remove(prepared)).as(name).isEmpty();
        assertThat(isNothingLeft(prepared, linksAlone(prepared, world.kernel().facts())))
            .as(name + ", removed")
            .isTrue();
      }
    }
  }

  private static boolean isNothingLeft(Attachment attachment, NodeFacts facts) {
    return AttachmentRemoval.plan(attachment, facts).isEmpty();
  }

  private static NodeFacts linksAlone(Attachment attachment, NodeFacts facts) {
    Set<String> names = new HashSet<>();
    names.add(attachment.addressed().name());
    attachment.vlan().ifPresent(names::add);
    attachment
        .bond()
        .ifPresent(bond -> {
          names.add(bond.name());
          bond.altName().ifPresent(names::add);
        });
    Set<PciAddress> devices = new HashSet<>();
    attachment.vfs().forEach(vf -> devices.add(vf.pci()));
    Stream.concat(
            attachment.members().stream(),
            attachment.vfs().stream().flatMap(vf -> vf.link().stream()))
        .forEach(link -> {
          names.add(link.podName());
          names.add(link.home().name());
          names.addAll(link.altNames());
          link.pci().ifPresent(devices::add);
        });
    return new NodeFacts(
        facts.links().stream()
            .filter(link ->
                names.stream().anyMatch(link::answersTo)
                    || link.pci().filter(devices::contains).isPresent()
                    || link.member().filter(member -> names.contains(member.bond())).isPresent())
            .map(LinkFixture::withoutAddresses)
            .toList(),
        facts.vfs(),
        Map.of());
  }

  private static Attachment add(World world, long seed) {
    try {
      return world.add(new Execution(world.kernel()));
    } catch (ChangeFailedException failure) {
      throw new AssertionError("seed " + seed + " with " + world.config(), failure);
    }
  }

  private static int countChanges(World world, long seed) {
    try {
      return world.countChanges();
    } catch (ChangeFailedException failure) {
      throw new AssertionError("seed " + seed + " with " + world.config(), failure);
    }
  }

  private static void kill(World world, int changes) {
    try {
      world.add(new Execution(FaultyKernel.killedAfter(changes, world.kernel())));
    } catch (FaultyKernel.Killed _) {
      // as meant
    } catch (ChangeFailedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static void assertDismantles(
      World world, Attachment attachment, List<String> start, String name) {
    assertThat(world.remove(attachment)).as(name).isEmpty();
    assertThat(world.kernel().state()).as(name).isEqualTo(start);
    assertThat(AttachmentRemoval.plan(attachment, world.kernel().facts()).steps())
        .as(name)
        .isEmpty();
  }
}

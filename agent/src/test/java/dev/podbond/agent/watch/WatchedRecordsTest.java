package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.facts.LinkTuning;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Whose VFs are, by the records of attachments.
final class WatchedRecordsTest {
  private static final PciAddress PF = new PciAddress(0, 1, 0, 0);
  private final WatchedRecords records = new WatchedRecords();

  private static PciAddress vf(int number) {
    return new PciAddress(0, 1, 2, number);
  }

  private static AttachmentKey key(String ifname) {
    return new AttachmentKey("c1", ifname);
  }

  private static Attachment of(String ifname, int... vfs) {
    return Attachment.prepared(key(ifname), "net", "sriov", "/run/netns/c1", JsonObject.of())
        .withTaken(
            List.of(),
            Arrays.stream(vfs)
                .mapToObj(number ->
                    new SavedVf(
                        new VfRef(PF.toString(), number, vf(number)),
                        Optional.empty(),
                        VfSettings.NONE,
                        VfSettings.NONE))
                .toList());
  }

  private static SavedLink link(String name, int vf) {
    return new SavedLink(
        LinkRef.pod(name),
        name,
        7,
        "",
        Set.of(),
        Optional.empty(),
        1500,
        true,
        Optional.of(vf(vf)),
        LinkTuning.UNKNOWN);
  }

  private void put(Attachment record) {
    WatchedRecords.Change _ =
        records.replace(record.key(), Optional.of(WatchedRecord.of(record, member -> member)));
  }

  @Test
  void whatAPodHasByItselfMayLoseItsLinkAndMembersOfBondsMayNot() {
    put(of("net1", 1).complete(List.of(), List.of()));
    put(of("net2", 2).complete(List.of(), List.of()));
    put(
        of("net3", 3)
            .withInterfaces(Optional.of(new BondNames("bond0", Optional.empty())), Optional.empty())
            .withTaken(List.of(link("net2", 2)), of("net3", 3).vfs())
            .complete(List.of(), List.of()));
    assertThat(records.attachedVfs().mayLose(vf(1))).isTrue();
    assertThat(records.attachedVfs().mayLose(vf(2))).as("another one's, in a bond").isFalse();
    assertThat(records.attachedVfs().mayLose(vf(3))).as("a bond's own").isFalse();
    assertThat(records.attachedVfs().mayLose(vf(4))).as("nobody's").isFalse();
  }

  @Test
  void whatIsBeingMadeOrRemovedIsNobodys() {
    put(of("net1", 1));
    assertThat(records.attachedVfs().mayLose(vf(1))).isFalse();
    put(of("net1", 1).complete(List.of(), List.of()));
    assertThat(records.attachedVfs().mayLose(vf(1))).isTrue();
    records.leaving(key("net1"));
    put(of("net1", 1).complete(List.of(), List.of()).removing());
    assertThat(records.attachedVfs().mayLose(vf(1))).isFalse();
  }
}

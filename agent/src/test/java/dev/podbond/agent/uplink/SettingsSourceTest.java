package dev.podbond.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.bonding.uplink.UplinkSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file of a node's owner, and what the cluster's UplinkMonitors set for the node, in a
/// directory as kubelet makes it of a ConfigMap.
final class SettingsSourceTest {
  @TempDir Path scratch;
  private Path own = Path.of("uplink.json");
  private Path cluster = Path.of("uplinks.json");
  private int writes;

  @BeforeEach
  void directories() throws Exception {
    own = Files.createDirectory(scratch.resolve("podbond")).resolve("uplink.json");
    cluster = Files.createDirectory(scratch.resolve("podbond-uplink")).resolve("uplinks.json");
  }

  private SettingsSource source() {
    return SettingsSource.of(own, Optional.of("n1"));
  }

  private void own(String content) throws Exception {
    Files.writeString(own, content);
    Files.setLastModifiedTime(own, FileTime.fromMillis(1_000L * ++writes));
  }

  /// A directory of another name, to which a link is turned in one step.
  private void publish(String text) throws Exception {
    Path data = Files.createDirectory(cluster.resolveSibling("..2026_" + ++writes));
    Files.writeString(data.resolve("uplinks.json"), text);
    Path link = cluster.resolveSibling("..data");
    Path next = cluster.resolveSibling("..data_tmp");
    Files.createSymbolicLink(next, data.getFileName());
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (!Files.isSymbolicLink(cluster)) {
      Files.createSymbolicLink(cluster, Path.of("..data/uplinks.json"));
    }
  }

  private static String part(String monitor, String nodes, String settings) {
    return "{\"name\":\"%s\",\"nodes\":\"%s\",\"settings\":%s}"
        .formatted(monitor, nodes, settings.replace('\'', '"'));
  }

  private static String parts(String... parts) {
    return "{\"monitors\":[" + String.join(",", parts) + "]}";
  }

  private static UplinkAction action(UplinkFile.Change change) {
    assertThat(change).isInstanceOf(UplinkFile.Change.Read.class);
    return ((UplinkFile.Change.Read) change).settings().action();
  }

  @Test
  void whatTheClusterSetsForThisNodeIsFollowedAndNothingElseIsTold() throws Exception {
    SettingsSource source = source();
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Same());
    publish(parts(part("all", "n0,n1", "{'action':'demote'}")));
    assertThat(action(source.look())).isEqualTo(UplinkAction.DEMOTE);
    assertThat(source).hasToString("the UplinkMonitor all for this node");
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Same());
    // Another node comes.
    publish(parts(part("all", "n0,n1,n2", "{'action':'demote'}"), part("edge", "n3", "{}")));
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Same());
    publish(parts(part("all", "n0,n1,n2", "{}")));
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Read(UplinkSettings.DEFAULT));
    publish(parts(part("all", "n0,n2", "{}")));
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Gone());
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Same());
    publish(parts(part("all", "n1", "{}")));
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Read(UplinkSettings.DEFAULT));
    // The ConfigMap is deleted: kubelet takes away the file of an optional one.
    Files.delete(cluster);
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Gone());
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Same());
  }

  @Test
  void theNodesOwnFileWinsForAsLongAsItIsThere() throws Exception {
    publish(parts(part("all", "n1", "{'action':'demote'}")));
    own("{\"action\": \"off\"}");
    SettingsSource source = source();
    assertThat(action(source.look())).isEqualTo(UplinkAction.OFF);
    assertThat(source).hasToString(own.toString());
    publish(parts(part("all", "n1", "{}")));
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Same());
    own("{");
    assertThat(source.look()).isInstanceOf(UplinkFile.Change.Broken.class);
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Same());
    // Without a look in between at which there is nothing.
    Files.delete(own);
    assertThat(action(source.look())).isEqualTo(UplinkAction.OBSERVE);
    assertThat(source).hasToString("the UplinkMonitor all for this node");
    own("{\"action\": \"off\"}");
    assertThat(action(source.look())).isEqualTo(UplinkAction.OFF);
    Files.delete(own);
    assertThat(action(source.look())).isEqualTo(UplinkAction.OBSERVE);
  }

  @Test
  void whoeverCannotLookAtTheOwnersFileDoesNotTakeAnother() throws Exception {
    publish(parts(part("all", "n1", "{'action':'demote'}")));
    Files.createSymbolicLink(own, own);
    SettingsSource source = source();
    assertThat(source.look()).isInstanceOf(UplinkFile.Change.Unseen.class);
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Same());
    Files.delete(own);
    assertThat(action(source.look())).isEqualTo(UplinkAction.DEMOTE);
  }

  @Test
  void whenTheOwnersFileGoesAndTheClustersIsBrokenThereIsNothingAndThenThat() throws Exception {
    own("{}");
    publish("{");
    SettingsSource source = source();
    assertThat(source.look()).isInstanceOf(UplinkFile.Change.Read.class);
    Files.delete(own);
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Gone());
    assertThat(source.look()).isInstanceOf(UplinkFile.Change.Broken.class);
    assertThat(source.look()).isEqualTo(new UplinkFile.Change.Same());
  }

  @Test
  void whatCannotBeUsedIsToldWithTheMonitor() throws Exception {
    publish("{\"monitors\":[{\"name\":\"all\",\"nodes\":\"n1\",\"problem\":\"downAfter is 0\"}]}");
    SettingsSource source = source();
    assertThat(source.look())
        .isEqualTo(
            new UplinkFile.Change.Broken(
                "the UplinkMonitor all for this node cannot be used: downAfter is 0"));
    // As of a release that knows more settings.
    publish(parts(part("all", "n1", "{'colour':'red'}")));
    assertThat(source.look())
        .isInstanceOfSatisfying(
            UplinkFile.Change.Broken.class,
            broken ->
                assertThat(broken.why())
                    .startsWith("the UplinkMonitor all for this node cannot be used: ")
                    .contains("colour is not known here"));
    publish("[]");
    assertThat(source.look()).isInstanceOf(UplinkFile.Change.Broken.class);
    publish("{\"x\":\"" + "x".repeat(600_000) + "\"}");
    assertThat(source.look())
        .isInstanceOfSatisfying(
            UplinkFile.Change.Broken.class,
            broken -> assertThat(broken.why()).contains("at most 524288 are allowed"));
  }

  /// The text for all nodes has room for more, and each member that is not known has a place in the
  /// log.
  @Test
  void ofANodesPartAsMuchIsReadAsOfAnOwnersFile() throws Exception {
    String many =
        IntStream.range(0, 19_000)
            .mapToObj(i -> "'unknown" + i + "':0")
            .collect(Collectors.joining(",", "{", "}"));
    SettingsSource source = source();
    publish(parts(part("all", "n1", many)));
    assertThat(broken(source.look()))
        .startsWith("the UplinkMonitor all for this node cannot be used: the document has ")
        .hasSizeLessThan(200);
    String words = String.join(",", Collections.nCopies(20, "'" + "x".repeat(4_000) + "'"));
    publish(parts(part("all", "n1", "{'signals':[" + words + "]}")));
    assertThat(broken(source.look()))
        .startsWith("the UplinkMonitor all for this node cannot be used: the document has ")
        .hasSizeLessThan(200);
  }

  private static String broken(UplinkFile.Change change) {
    assertThat(change).isInstanceOf(UplinkFile.Change.Broken.class);
    return ((UplinkFile.Change.Broken) change).why();
  }

  @Test
  void outsideOfAClusterNobodyLooksThere() throws Exception {
    publish(parts(part("all", "n1", "{}")));
    assertThat(SettingsSource.of(own, Optional.empty()).look())
        .isEqualTo(new UplinkFile.Change.Same());
    assertThat(SettingsSource.of(own).look()).isEqualTo(new UplinkFile.Change.Same());
  }
}

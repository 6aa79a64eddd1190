package dev.podbond.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cluster.object.NodeObject;
import dev.podbond.cluster.yaml.YamlObjects;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ThisNodeTest {
  private static final Optional<String> UNNAMED = Optional.empty();

  @Test
  void withoutAnythingSaidNoSelectorIsLookedAt() throws Exception {
    ThisNode node = ThisNode.of(UNNAMED, Map.of(), List.of(), "host");

    assertThat(node.isPassedBy(policy("{\"zone\":\"a\"}"))).isFalse();
  }

  @Test
  void aPolicyOfAnotherMachineIsPassedBy() throws Exception {
    ThisNode node = ThisNode.of(Optional.of("n1"), Map.of("zone", "a"), List.of(), "host");

    assertThat(node.isPassedBy(policy("{\"zone\":\"a\"}"))).isFalse();
    assertThat(node.isPassedBy(policy("{\"kubernetes.io/hostname\":\"n1\"}"))).isFalse();
    assertThat(node.isPassedBy(policy("{}"))).isFalse();
    assertThat(node.isPassedBy(policy("{\"zone\":\"b\"}"))).isTrue();
    assertThat(node.isPassedBy(policy("{\"kubernetes.io/hostname\":\"n2\"}"))).isTrue();
    assertThat(node.isPassedBy(policy("{\"zone\":\"a\",\"rack\":\"\"}"))).isTrue();
  }

  @Test
  void aNodeInTheFilesGivesItsLabels() throws Exception {
    List<NodeObject> nodes = List.of(node("n1", "a"), node("n2", "b"));

    ThisNode first = ThisNode.of(UNNAMED, Map.of(), nodes, "n1");
    ThisNode second = ThisNode.of(Optional.of("n2"), Map.of(), nodes, "n1");

    assertThat(first.isPassedBy(policy("{\"zone\":\"a\"}"))).isFalse();
    assertThat(second.isPassedBy(policy("{\"zone\":\"a\"}"))).isTrue();
    assertThat(second.isPassedBy(policy("{\"zone\":\"b\"}"))).isFalse();
  }

  @Test
  void ofNodesThatAreAllOthersOneHasToBeNamed() throws Exception {
    List<NodeObject> nodes = List.of(node("n2", "b"), node("n1", "a"));

    assertThatThrownBy(() -> ThisNode.of(UNNAMED, Map.of(), nodes, "host"))
        .hasMessage(
            "the files describe the nodes n1, n2, and this machine is called host; say with --node"
                + " which one it is");
  }

  @Test
  void otherKindsHaveNoSelectorThatCounts() throws Exception {
    ThisNode node = ThisNode.of(Optional.of("n1"), Map.of(), List.of(), "host");
    JsonObject pod =
        Json.parseObject("{\"kind\":\"Pod\",\"spec\":{\"nodeSelector\":{\"zone\":\"b\"}}}");

    assertThat(node.isPassedBy(pod)).isFalse();
  }

  private static JsonObject policy(String selector) throws Exception {
    return Json.parseObject(
        "{\"kind\":\"SriovNetworkNodePolicy\",\"spec\":{\"isRdma\":true,\"nodeSelector\":"
            + selector
            + "}}");
  }

  private static NodeObject node(String name, String zone) throws Exception {
    return (NodeObject)
        YamlObjects.read(
                "n.yaml",
                "{apiVersion: v1, kind: Node, metadata: {name: %s, labels: {zone: %s}}}"
                    .formatted(name, zone))
            .getFirst();
  }
}

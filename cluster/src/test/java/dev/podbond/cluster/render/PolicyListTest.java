package dev.podbond.cluster.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PolicyListTest {
  private static final Map<String, Map<String, String>> NODES =
      Map.of(
          "n1", Map.of("sriov", "true", "zone", "a"),
          "n2", Map.of("sriov", "true"),
          "n10", Map.of("sriov", "false"));

  @Test
  void namesTheNodesWhoseLabelsThePolicySelects() throws Exception {
    assertThat(isFor("{}", "n1")).isTrue();
    assertThat(isFor("{}", "n10")).isTrue();
    assertThat(isFor("{\"sriov\":\"true\"}", "n1")).isTrue();
    assertThat(isFor("{\"sriov\":\"true\"}", "n2")).isTrue();
    assertThat(isFor("{\"sriov\":\"true\"}", "n10")).isFalse();
    assertThat(isFor("{\"sriov\":\"true\",\"zone\":\"a\"}", "n2")).isFalse();
    assertThat(isFor("{\"sriov\":\"true\"}", "n")).isFalse();
    assertThat(isFor("{\"missing\":\"\"}", "n1")).isFalse();
  }

  @Test
  void isTheSameWhateverTheOrder() throws Exception {
    JsonObject first = policy("a", "{}");
    JsonObject second = policy("b", "{}");

    assertThat(PolicyList.of(List.of(second, first), NODES))
        .isEqualTo(PolicyList.of(List.of(first, second), NODES));
  }

  @Test
  void tellsWhichPolicyNodesWillPassBy() throws Exception {
    JsonObject good = policy("p", "{}");
    JsonObject rdma =
        Json.parseObject(
            good.toString().replace("\"resourceName\"", "\"isRdma\":true,\"resourceName\""));
    JsonObject newer =
        Json.parseObject(
            good.toString().replace("\"resourceName\"", "\"brandNew\":1,\"resourceName\""));

    assertThat(PolicyList.problem(good)).isEmpty();
    assertThat(PolicyList.problem(rdma).orElseThrow()).startsWith("spec.isRdma: RDMA devices are");
    assertThat(PolicyList.problem(newer).orElseThrow()).startsWith("unknown field spec.brandNew");
  }

  private static boolean isFor(String selector, String node) throws Exception {
    JsonObject list = PolicyList.of(List.of(policy("p", selector)), NODES);
    return PolicyList.isFor(LenientObject.objects(list, "items").getFirst(), node);
  }

  private static JsonObject policy(String name, String selector) throws Exception {
    return Json.parseObject(
        """
        {"apiVersion": "sriovnetwork.openshift.io/v1", "kind": "SriovNetworkNodePolicy",
         "metadata": {"name": "%s", "namespace": "sriov", "uid": "left out"},
         "spec": {"resourceName": "r", "nodeSelector": %s, "numVfs": 2, "nicSelector": {"pfNames": ["pf0"]}}}
        """
            .formatted(name, selector));
  }
}

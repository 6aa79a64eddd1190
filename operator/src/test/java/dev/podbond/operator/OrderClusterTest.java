package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// In whatever order objects come, change and go, the result is the same, even if the operator is
/// killed in between. One bond for each order, all side by side in one cluster.
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OrderClusterTest {
  private static final int WEBHOOK = TestCluster.freePort();
  private static final long SEED = Long.getLong("podbond.seed", 1);

  /// All orders of the five objects that make a bond; a sample of the others, which are more.
  private static final int ORDERS = 120;

  @TempDir static Path directory;
  private static TestCluster cluster;
  private static TestCluster.OperatorProcess operator;
  private static List<BondScene> scenes;

  private record Step(String name, Function<BondScene, String> yaml) {}

  private static final List<Step> MAKING =
      List.of(
          new Step("policies", BondScene::policiesYaml),
          new Step("networks", BondScene::networksYaml),
          new Step("attachments", BondScene::attachmentsYaml),
          new Step("node", BondScene::nodeYaml),
          new Step("bond", BondScene::bondYaml));

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.install("webhook.url=https://localhost:" + WEBHOOK);
    startOperator();
    scenes = new ArrayList<>();
    for (int i = 0; i < ORDERS; i++) {
      scenes.add(BondScene.of("o" + i));
    }
    cluster.apply(
        scenes.stream().map(BondScene::namespaceYaml).collect(Collectors.joining("---\n")));
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void comingInEveryOrder() {
    carryOut(orders(MAKING));

    assertThat(ends(text -> text.contains("Ready=True") && text.contains("Degraded=False")))
        .containsExactly(
            "Ready=True:BondReady Degraded=False:AsExpected nodes=1 left=8 attachment=ns-X/bond");
  }

  @Test
  @Order(2)
  void changingInManyOrders() {
    carryOut(
        orders(
            List.of(
                new Step("policies", scene -> changed(scene).policiesYaml()),
                new Step("networks", scene -> changed(scene).networksYaml()),
                new Step("node", scene -> changed(scene).nodeYaml()),
                new Step("bond", scene -> changed(scene).bondYaml()),
                // Requests the members as well, with their devices, whether or not the bond accepts
                // pods at that moment.
                new Step("pod", scene -> userOfVfs(scene)))));

    assertThat(ends(text -> text.contains("VlanMismatch") && text.contains("left=3")))
        .containsExactly(
            "Ready=True:BondReady Degraded=True:VlanMismatch nodes=1 left=3 attachment=ns-X/bond");
  }

  @Test
  @Order(3)
  void goingInManyOrders() {
    List<List<Step>> orders =
        orders(
            List.of(
                new Step("policies", BondScene::policiesYaml),
                new Step("networks", BondScene::networksYaml),
                new Step("pod", OrderClusterTest::userOfVfs)));
    for (int step = 0; step < orders.getFirst().size(); step++) {
      cluster.delete(yaml(orders, step));
    }

    assertThat(ends(text -> text.contains("MemberNotFound")))
        .containsExactly(
            "Ready=False:MemberNotFound Degraded=True:MemberNotFound nodes=0 left=0"
                + " attachment=ns-X/bond");
  }

  private static BondScene changed(BondScene scene) {
    return scene
        .withPolicies("mtu: 9000", "mtu: 9100")
        .withNetworks("vlan: 5", "vlan: 6")
        .withNode(BondScene.interfaces("pf0", "pf1", 5, scene.id()))
        .withBond("mode: active-backup\nmtu: 8000\nmiimon: 50");
  }

  private static String userOfVfs(BondScene scene) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: user, namespace: %s}
    spec:
      nodeName: node-%s
      containers:
        - name: main
          image: registry.k8s.io/pause:3.10
          resources:
            requests: {openshift.io/r0_%s: "2"}
            limits: {openshift.io/r0_%s: "2"}
    """
        .formatted(scene.namespace(), scene.id(), scene.id(), scene.id());
  }

  /// An order of the steps for each scene: all orders if that is enough, in a sequence that the
  /// seed decides.
  private static <T> List<List<T>> orders(List<T> steps) {
    List<List<T>> orders = new ArrayList<>();
    permute(steps, new ArrayList<>(), orders);
    System.out.println("orders: seed " + SEED);
    Collections.shuffle(orders, new Random(SEED));
    List<List<T>> chosen = new ArrayList<>();
    for (int i = 0; i < ORDERS; i++) {
      chosen.add(orders.get(i % orders.size()));
    }
    return chosen;
  }

  private static <T> void permute(List<T> rest, List<T> chosen, List<List<T>> orders) {
    if (rest.isEmpty()) {
      orders.add(List.copyOf(chosen));
    }
    for (T next : rest) {
      List<T> others = new ArrayList<>(rest);
      others.remove(next);
      chosen.add(next);
      permute(others, chosen, orders);
      chosen.removeLast();
    }
  }

  private static void carryOut(List<List<Step>> orders) {
    for (int step = 0; step < orders.getFirst().size(); step++) {
      cluster.apply(yaml(orders, step));
      if (step == orders.getFirst().size() / 2) {
        // Work is under way, and more will come.
        operator.kill();
        startOperator();
      }
    }
  }

  /// The objects that this step applies or deletes, of every order.
  private static String yaml(List<List<Step>> orders, int step) {
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < ORDERS; i++) {
      yaml.append("---\n").append(orders.get(i).get(step).yaml().apply(scenes.get(i)));
    }
    return yaml.toString();
  }

  private static void startOperator() {
    operator = cluster.operator("only", WEBHOOK, TestCluster.freePort(), Map.of());
  }

  /// The final states of the bonds, once each has reached a wanted one; with equal names.
  private static TreeSet<String> ends(Predicate<String> wanted) {
    String jsonPath =
        "{range .items[*]}{range .status.conditions[*]}{.type}={.status}:{.reason} {end}"
            + "nodes={.status.nodeCount} left={.status.podsLeft}"
            + " attachment={.status.networkAttachment}{\"\\n\"}{end}";
    String text =
        cluster.await(
            "bondnetworks -A",
            jsonPath,
            all ->
                all.lines().count() == ORDERS && all.lines().allMatch(line -> wanted.test(line)));
    return text.lines()
        .map(line -> line.replaceAll("ns-o[0-9]+", "ns-X"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

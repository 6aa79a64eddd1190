package dev.podbond.cli.apply;

import dev.podbond.cli.policy.Machines;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.OperatorNamespaces;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.yaml.YamlObjects;
import dev.podbond.value.PciAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A machine with two PFs, on which objects are applied and deleted, and what it, the plugins and
/// the user were told.
abstract class ApplyScene {
  static final Path EXAMPLE = Path.of("../examples/okd");

  @TempDir Path directory;
  final FakeMachine machine = new FakeMachine();
  final FakeNetworks networks = new FakeNetworks();
  final List<String> reports = new ArrayList<>();
  ObjectStore store;
  ApplyContext context;

  @BeforeEach
  void open() throws Exception {
    store = ObjectStore.open(directory);
    context =
        new ApplyContext(
            store,
            machine,
            networks,
            "openshift.io",
            OperatorNamespaces.DEFAULT,
            () -> new UUID(1, 2),
            report -> reports.add(report.toString()));
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  void apply(List<ClusterObject> objects) throws Exception {
    new Apply(context).apply(objects);
  }

  static List<ClusterObject> example() throws Exception {
    List<ClusterObject> objects = new ArrayList<>();
    try (Stream<Path> files = Files.list(EXAMPLE)) {
      for (Path file : files.sorted().toList()) {
        objects.addAll(YamlObjects.read(file.toString(), Files.readString(file)));
      }
    }
    return objects;
  }

  static List<ClusterObject> pod(String name, String networks) {
    try {
      return YamlObjects.read(
          "pod.yaml",
          """
          apiVersion: v1
          kind: Pod
          metadata:
            name: %s
            namespace: demo
            annotations: {k8s.v1.cni.cncf.io/networks: "%s"}
          """
              .formatted(name, networks));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static List<ClusterObject> policy(String name, String pf, String more) throws LocatedException {
    return YamlObjects.read(
        "policy.yaml",
        """
        apiVersion: sriovnetwork.openshift.io/v1
        kind: SriovNetworkNodePolicy
        metadata: {name: %s, namespace: op}
        spec:
          resourceName: r_%s
          nicSelector: {pfNames: ["%s"]}
          %s
        """
            .formatted(name, name.replace('-', '_'), pf, more));
  }

  static PciAddress vf(int pf, int index) {
    return Machines.vfs(Machines.pf(pf, index + 1)).get(index).pci();
  }
}

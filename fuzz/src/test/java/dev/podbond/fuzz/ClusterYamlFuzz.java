package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionAnnotation;
import dev.podbond.cluster.multus.SelectionException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.render.NetworkRendering;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.yaml.YamlObjects;
import dev.podbond.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A cluster's YAML. Each object either can be stored, and is found again only under its own name,
/// or is refused with its position in the text. A short text never becomes a huge object.
class ClusterYamlFuzz {
  private static final Sandbox SANDBOX = Sandbox.make();

  @FuzzTest
  void objects(byte[] bytes) throws LocatedException, StoreException, IOException {
    List<ClusterObject> objects;
    try {
      objects = YamlObjects.read("file", new String(bytes, StandardCharsets.UTF_8));
    } catch (LocatedException e) {
      assertThat(e.getMessage()).startsWith("file");
      return;
    }
    for (ClusterObject object : objects) {
      String text = object.manifest().toString();
      assertThat(text).hasSizeLessThan(Json.MAX_DOCUMENT_BYTES);
      assertThat(ObjectReader.restore(object.manifest(), "again").key()).isEqualTo(object.key());
      try (ObjectStore store = ObjectStore.open(SANDBOX.inside())) {
        store.put(object);
        assertThat(store.get(object.key()).orElseThrow().manifest()).isEqualTo(object.manifest());
      }
      if (object instanceof SriovNetwork network) {
        render(network);
      }
      if (object instanceof PodObject pod && pod.networks().isPresent()) {
        select(pod.networks().get());
      }
    }
    SANDBOX.checkAndEmpty();
  }

  /// A SriovNetwork controls the network attachment of its own name and no other.
  private static void render(SriovNetwork network) {
    try {
      NetworkAttachment rendered =
          NetworkRendering.render(network, NetworkRendering.OKD_RESOURCE_PREFIX);
      assertThat(rendered.key())
          .isEqualTo(
              new ObjectKey(
                  Kind.NETWORK_ATTACHMENT, network.networkNamespace(), network.key().name()));
    } catch (LocatedException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @FuzzTest
  void selection(byte[] bytes) throws StoreException {
    select(new String(bytes, StandardCharsets.UTF_8));
  }

  private static void select(String annotation) {
    try {
      for (NetworkSelection selection : SelectionAnnotation.parse(annotation, "demo")) {
        // Both become part of a file's name in the store, and of the name of a pod's netns.
        assertThat(selection.namespace() + selection.name()).doesNotContain("/", "\0", "_");
        selection
            .interfaceName()
            .ifPresent(name -> assertThat(KernelRules.isInterfaceName(name)).as(name).isTrue());
      }
    } catch (SelectionException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}

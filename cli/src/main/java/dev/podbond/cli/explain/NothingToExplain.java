package dev.podbond.cli.explain;

import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionAnnotation;
import dev.podbond.cluster.multus.SelectionException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NamespaceObject;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.NetworkPlugins;
import dev.podbond.cluster.object.NodeObject;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.cluster.object.ReadObjects;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.object.Workload;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.source.Position;
import dev.podbond.cluster.source.SourceValue;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Describes a text that has no network of type `bond`.
final class NothingToExplain {
  /// Enough to show what is wrong with a file.
  private static final int MOST_SENTENCES = 8;

  private NothingToExplain() {}

  /// The failure that there is no network; its suppressed failures tell what the text has instead.
  static LocatedException of(String file, List<SourceValue> documents) {
    LocatedException nothing =
        new LocatedException(
            new Position(file, 0),
            "there is no network of type bond; give a NetworkAttachmentDefinition or a CNI"
                + " configuration that has one, or a BondNetwork");
    found(documents).limit(MOST_SENTENCES).forEach(nothing::addSuppressed);
    return nothing;
  }

  private static Stream<LocatedException> found(List<SourceValue> documents) {
    if (documents.size() == 1
        && documents.getFirst() instanceof SourceValue.Mapping mapping
        && !mapping.entries().containsKey("kind")) {
      return Stream.of(new LocatedException(mapping.at(), types(mapping.toJson())));
    }
    ReadObjects read = ObjectReader.read(documents);
    Set<String> given =
        read.objects().stream()
            .filter(NetworkAttachment.class::isInstance)
            .map(object -> object.key().path())
            .collect(Collectors.toSet());
    return Stream.concat(
        read.unread().stream().map(ReadObjects.Unread::problem),
        read.objects().stream()
            .flatMap(object ->
                sentence(object, given).stream()
                    .map(sentence ->
                        new LocatedException(object.source(), object.key().toString(), sentence))));
  }

  private static Optional<String> sentence(ClusterObject object, Set<String> given) {
    return switch (object) {
      case NetworkAttachment attachment -> Optional.of(types(attachment.config()));
      case PodObject pod -> asked(pod, given);
      case NamespaceObject _, NodeObject _, NodePolicy _, SriovNetwork _, Workload _ ->
          Optional.empty();
    };
  }

  private static String types(JsonObject config) {
    List<String> types =
        NetworkPlugins.of(config).stream()
            .limit(MOST_SENTENCES)
            .flatMap(plugin -> plugin.find("type").stream())
            .map(type -> type instanceof JsonString(String text) ? text : "" + type)
            .toList();
    return types.isEmpty()
        ? "its configuration has no type"
        : "its configuration is of type " + String.join(", ", types);
  }

  private static Optional<String> asked(PodObject pod, Set<String> given) {
    if (pod.networks().isEmpty()) {
      return Optional.of("it asks for no network: it has no annotation " + PodObject.NETWORKS);
    }
    try {
      List<String> missing =
          SelectionAnnotation.parse(pod.networks().get(), pod.key().namespace()).stream()
              .map(NetworkSelection::path)
              .filter(path -> !given.contains(path))
              .distinct()
              .limit(MOST_SENTENCES)
              .toList();
      return missing.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "it asks for "
                  + String.join(", ", missing)
                  + ", of which the file has no NetworkAttachmentDefinition");
    } catch (SelectionException e) {
      return Optional.of("its annotation " + PodObject.NETWORKS + ": " + e.getMessage());
    }
  }
}

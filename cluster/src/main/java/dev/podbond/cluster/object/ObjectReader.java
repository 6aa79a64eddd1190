package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.source.Position;
import dev.podbond.cluster.source.SourceValue;
import dev.podbond.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads objects; it refuses what it does not understand and does not skip it.
public final class ObjectReader {
  private static final Set<String> TOP_LEVEL =
      Set.of("apiVersion", "kind", "metadata", "spec", "status");

  /// A kind that in a cluster becomes networks and changes pods through its operator.
  private static final String FOR_THE_OPERATOR = "BondNetwork";

  private ObjectReader() {}

  /// The objects of some documents, in their order; the elements of a `List` one by one.
  public static ReadObjects read(List<SourceValue> documents) {
    List<ClusterObject> objects = new ArrayList<>();
    List<ReadObjects.Unread> unread = new ArrayList<>();
    for (SourceValue document : documents) {
      collect(document, objects, unread);
    }
    return new ReadObjects(objects, unread);
  }

  /// Reads an object that was stored as JSON.
  ///
  /// @param source where it was stored
  public static ClusterObject restore(JsonObject manifest, String source) throws LocatedException {
    return object(SourceValue.of(manifest, new Position(source, 0)));
  }

  private static void collect(
      SourceValue document, List<ClusterObject> objects, List<ReadObjects.Unread> unread) {
    try {
      if (document instanceof SourceValue.Mapping mapping) {
        Fields fields = new Fields(mapping, "List", "");
        if (fields.string("kind").filter("List"::equals).isPresent()) {
          for (SourceValue item : fields.list("items")) {
            collect(item, objects, unread);
          }
          return;
        }
      }
      objects.add(object(document));
    } catch (LocatedException e) {
      unread.add(new ReadObjects.Unread(keyOf(document), document.toJson(), e));
    }
  }

  /// The key of an object that could not be read, if at least the key can be read.
  private static Optional<ObjectKey> keyOf(SourceValue document) {
    try {
      if (document instanceof SourceValue.Mapping mapping) {
        Kind kind = kind(new Fields(mapping, "object", ""));
        Fields ofKind = new Fields(mapping, kind.toString(), "");
        return Optional.of(key(kind, ofKind.requiredObject("metadata")));
      }
    } catch (LocatedException _) {
      // The reason why it is unread has been reported already.
    }
    return Optional.empty();
  }

  private static ClusterObject object(SourceValue document) throws LocatedException {
    if (!(document instanceof SourceValue.Mapping mapping)) {
      throw new LocatedException(
          document.at(),
          "an object with apiVersion and kind belongs here, found " + document.aKind());
    }
    Fields anonymous = new Fields(mapping, "object", "");
    Kind kind = kind(anonymous);
    Fields anonymousOfKind = new Fields(mapping, kind.toString(), "");
    ObjectKey key = key(kind, anonymousOfKind.requiredObject("metadata"));
    Fields top = new Fields(mapping, key.toString(), "").onlyKnowing(TOP_LEVEL);
    Map<String, String> annotations = texts(top, "annotations");
    JsonObject manifest = mapping.toJson().without("status");
    return switch (kind) {
      case NAMESPACE -> new NamespaceObject(key, mapping.at(), manifest);
      case NODE -> new NodeObject(key, mapping.at(), manifest, texts(top, "labels"));
      case NODE_POLICY -> NodePolicyReader.read(key, manifest, top);
      case SRIOV_NETWORK -> SriovNetworkReader.read(key, manifest, top);
      case NETWORK_ATTACHMENT -> NetworkAttachmentReader.read(key, manifest, annotations, top);
      case POD ->
          new PodObject(
              key,
              mapping.at(),
              manifest,
              Optional.ofNullable(annotations.get(PodObject.NETWORKS))
                  .filter(text -> !text.isBlank()));
      case REPLICA_SET, DEPLOYMENT, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB ->
          WorkloadReader.read(key, manifest, top);
    };
  }

  private static Kind kind(Fields top) throws LocatedException {
    String name = top.requiredString("kind");
    Kind kind =
        Kind.of(name)
            .orElseThrow(() ->
                top.problem(
                    "kind",
                    name
                        + " is not taken; "
                        + (name.equals(FOR_THE_OPERATOR)
                            ? "in a cluster it is carried out by the operator; here apply the"
                                + " NetworkAttachmentDefinitions that it becomes, with type bond, and"
                                + " ask for their networks in the pod's annotation: podbond explain"
                                + " shows both"
                            : "taken are "
                                + String.join(
                                    ", ",
                                    List.of(Kind.values()).stream()
                                        .map(Kind::toString)
                                        .toList()))));
    String apiVersion = top.requiredString("apiVersion");
    if (!apiVersion.equals(kind.apiVersion())) {
      throw top.problem(
          "apiVersion", "\"" + apiVersion + "\" has no " + kind + "; write " + kind.apiVersion());
    }
    return kind;
  }

  private static ObjectKey key(Kind kind, Fields metadata) throws LocatedException {
    String name = dnsName(metadata, "name", metadata.requiredString("name"));
    if (kind.isClusterScoped()) {
      return new ObjectKey(kind, "", name);
    }
    String namespace = metadata.nonEmptyString("namespace").orElse("default");
    return new ObjectKey(kind, dnsName(metadata, "namespace", namespace), name);
  }

  private static String dnsName(Fields fields, String key, String name) throws LocatedException {
    if (!ObjectKey.isName(name)) {
      throw fields.problem(
          key,
          "\"" + name + "\" is not a name for Kubernetes: lower case letters, digits, '-' and '.'");
    }
    return name;
  }

  private static Map<String, String> texts(Fields top, String key) throws LocatedException {
    Optional<Fields> texts = top.requiredObject("metadata").object(key);
    return texts.isPresent() ? texts.get().allStrings() : Map.of();
  }
}

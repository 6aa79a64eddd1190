package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import dev.podbond.cluster.object.PodObject;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads only the needed part of an object's metadata, and skips the rest while it arrives: labels,
/// annotations and managed fields of arbitrary content would take twenty times the memory of their
/// text.
final class PartialMetadata extends JsonDeserializer<ObjectMeta> {
  private static final int MAX_LABELS = 1000;
  private static final int MAX_OWNERS = 16;

  /// A name has at most 253 characters, a label's value 63.
  private static final int MAX_CHARS = 1024;

  /// A pod with this much is hardly one with a bond; the networks of a usual one have a hundredth.
  private static final int MAX_NETWORKS_CHARS = 8192;

  private static final Set<String> ANNOTATIONS =
      Stream.concat(PartialAttachment.ANNOTATIONS.stream(), Stream.of(PodObject.NETWORKS))
          .collect(Collectors.toUnmodifiableSet());

  @Override
  public ObjectMeta deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    ObjectMeta kept = new ObjectMeta();
    if (!parser.isExpectedStartObjectToken()) {
      parser.skipChildren();
      return kept;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "name" -> text(parser).ifPresent(kept::setName);
        case "namespace" -> text(parser).ifPresent(kept::setNamespace);
        case "uid" -> text(parser).ifPresent(kept::setUid);
        case "resourceVersion" -> text(parser).ifPresent(kept::setResourceVersion);
        case "creationTimestamp" -> text(parser).ifPresent(kept::setCreationTimestamp);
        case "deletionTimestamp" -> text(parser).ifPresent(kept::setDeletionTimestamp);
        case "generation" -> {
          if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            kept.setGeneration(parser.getValueAsLong());
          } else {
            parser.skipChildren();
          }
        }
        case "labels" -> kept.setLabels(texts(parser, _ -> true));
        case "annotations" -> kept.setAnnotations(texts(parser, ANNOTATIONS::contains));
        case "ownerReferences" -> kept.setOwnerReferences(owners(parser));
        default -> parser.skipChildren();
      }
    }
    return kept;
  }

  private static Optional<String> text(JsonParser parser) throws IOException {
    return text(parser, MAX_CHARS);
  }

  private static Optional<String> text(JsonParser parser, int most) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING && parser.getTextLength() <= most) {
      return Optional.of(parser.getText());
    }
    parser.skipChildren();
    return Optional.empty();
  }

  /// Finds the mark of a namespace even behind any number of labels.
  private static Map<String, String> texts(JsonParser parser, Predicate<String> wanted)
      throws IOException {
    Map<String, String> found = new HashMap<>();
    if (!parser.isExpectedStartObjectToken()) {
      parser.skipChildren();
      return found;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      Optional<String> value =
          text(parser, key.equals(PodObject.NETWORKS) ? MAX_NETWORKS_CHARS : MAX_CHARS);
      if (wanted.test(key)
          && (found.size() < MAX_LABELS || key.equals(MarkedNamespace.LABEL))
          && key.length() <= MAX_CHARS) {
        value.ifPresent(text -> found.put(key, text));
      }
    }
    return found;
  }

  /// The first few. An entry that exceeds the limits is kept without content.
  private static List<OwnerReference> owners(JsonParser parser) throws IOException {
    List<OwnerReference> owners = new ArrayList<>();
    if (!parser.isExpectedStartArrayToken()) {
      parser.skipChildren();
      return owners;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.START_OBJECT && owners.size() < MAX_OWNERS) {
        owners.add(owner(parser));
      } else {
        parser.skipChildren();
      }
    }
    return owners;
  }

  private static OwnerReference owner(JsonParser parser) throws IOException {
    OwnerReference owner = new OwnerReference();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "apiVersion" -> text(parser).ifPresent(owner::setApiVersion);
        case "kind" -> text(parser).ifPresent(owner::setKind);
        case "name" -> text(parser).ifPresent(owner::setName);
        case "uid" -> text(parser).ifPresent(owner::setUid);
        case "controller" -> owner.setController(value == JsonToken.VALUE_TRUE);
        case "blockOwnerDeletion" -> owner.setBlockOwnerDeletion(value == JsonToken.VALUE_TRUE);
        default -> parser.skipChildren();
      }
    }
    return owner;
  }
}

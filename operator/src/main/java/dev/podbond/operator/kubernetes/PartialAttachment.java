package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.json.JsonObject;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/// A NetworkAttachmentDefinition, reduced to its owner, its device resource, and whether its
/// configuration is the rendered one. A user who may create them may create many, and a
/// configuration may have a megabyte.
@Group("k8s.cni.cncf.io")
@Version("v1")
@Kind("NetworkAttachmentDefinition")
@Plural("network-attachment-definitions")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class PartialAttachment extends PartialObject implements Namespaced {
  /// The annotations that we need.
  static final Set<String> ANNOTATIONS =
      Set.of(NetworkAttachment.RESOURCE_NAME, NetworkAttachment.OWNER);

  private static final long serialVersionUID = 1L;

  private transient Seen seen = new Seen(JsonObject.of(), "");

  /// The part that we keep of an attachment.
  ///
  /// @param manifest the object without its `spec`, and with only part of its metadata
  /// @param configDigest from [PartialAttachment#digest]; "" without a configuration
  public record Seen(JsonObject manifest, String configDigest) {}

  /// The part that we keep.
  public Seen seen() {
    return seen;
  }

  /// A digest to compare configurations.
  public static String digest(String config) {
    try {
      byte[] bytes = config.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void setMetadata(ObjectMeta whole) {
    super.setMetadata(whole);
    ObjectMeta read =
        new ObjectMetaBuilder()
            .withName(whole.getName())
            .withNamespace(whole.getNamespace())
            .withAnnotations(whole.getAnnotations())
            .withOwnerReferences(whole.getOwnerReferences())
            .build();
    seen = new Seen(JsonObject.of("metadata", Resources.json(read)), seen.configDigest());
  }

  /// For the deserializer.
  @JsonDeserialize(using = ConfigDigest.class)
  public void setSpec(String configDigest) {
    seen = new Seen(seen.manifest(), configDigest);
  }

  /// Reads a `spec` only for the digest of its configuration.
  static final class ConfigDigest extends JsonDeserializer<String> {
    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Optional<String> digest = Optional.empty();
      if (!parser.isExpectedStartObjectToken()) {
        parser.skipChildren();
        return "";
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals("config")) {
          digest = Optional.of(digest(parser.getText()));
        } else {
          parser.skipChildren();
        }
      }
      return digest.orElse("");
    }
  }
}

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

/// A NetworkAttachmentDefinition, of which nothing is kept but whose it is, its device resource,
/// and whether its configuration is the one that was rendered: whoever may make them may make many,
/// and a configuration may have a megabyte.
@Group("k8s.cni.cncf.io")
@Version("v1")
@Kind("NetworkAttachmentDefinition")
@Plural("network-attachment-definitions")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class PartialAttachment extends PartialObject implements Namespaced {
  /// Those that are read.
  static final Set<String> ANNOTATIONS =
      Set.of(NetworkAttachment.RESOURCE_NAME, NetworkAttachment.OWNER);

  private static final long serialVersionUID = 1L;

  private transient Seen seen = new Seen(JsonObject.of(), "");

  /// What is known of one.
  ///
  /// @param manifest the object without its `spec`, of its metadata what is read
  /// @param configDigest of [PartialAttachment#digest]; "" without a configuration
  public record Seen(JsonObject manifest, String configDigest) {}

  /// What is known of it.
  public Seen seen() {
    return seen;
  }

  /// By which configurations are told apart.
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

  /// Called by the deserializer.
  @JsonDeserialize(using = ConfigDigest.class)
  public void setSpec(String configDigest) {
    seen = new Seen(seen.manifest(), configDigest);
  }

  /// Reads a `spec` for the digest of its configuration alone.
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

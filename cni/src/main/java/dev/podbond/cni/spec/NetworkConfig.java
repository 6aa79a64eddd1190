package dev.podbond.cni.spec;

import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonTooLargeException;
import dev.podbond.json.JsonValue;
import dev.podbond.value.AttachmentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The network configuration of one plugin, as it comes on stdin. Names of members match as in Go,
/// without letter case, and `null` is absent.
///
/// The typed members are read when asked for, so that a DEL does not fail over a member it never
/// needs. Each of them throws [CniException] with code 6 if the member has the wrong type.
///
/// @param json the whole configuration
/// @param text the same as it was given; delegates get exactly this
public record NetworkConfig(JsonObject json, String text) {

  /// How large one may be. Kubernetes' objects hold more, and Multus puts parts of them into it;
  /// the longest that was seen, with the result of a chain of many interfaces, is a tenth of this.
  public static final JsonLimits LIMITS = new JsonLimits(64 * 1024, 10_000);

  /// How large one of GC may be, in which the runtime lists every attachment of the node.
  public static final JsonLimits GC_LIMITS = new JsonLimits(1024 * 1024, 50_000);

  /// What DEL is left with that was given one beyond the limits: nothing but its record.
  public static final NetworkConfig UNREAD = new NetworkConfig(JsonObject.of());

  /// The key of the attachments that GC must leave alone.
  public static final String VALID_ATTACHMENTS = "cni.dev/valid-attachments";

  /// The older spelling of [#VALID_ATTACHMENTS], still sent by the Go library.
  public static final String ATTACHMENTS = "cni.dev/attachments";

  /// The configuration of a tree.
  public NetworkConfig(JsonObject json) {
    this(json, json.toString());
  }

  /// Reads a configuration.
  ///
  /// @throws CniException with code 6 if the text is no JSON object, or beyond [#LIMITS]
  public static NetworkConfig parse(String text) throws CniException {
    try {
      return parse(text, LIMITS);
    } catch (JsonTooLargeException e) {
      throw undecodable(e);
    }
  }

  /// Reads a configuration of a limited size.
  ///
  /// @throws JsonTooLargeException if the text is beyond the limits
  /// @throws CniException with code 6 if it is no JSON object
  public static NetworkConfig parse(String text, JsonLimits limits)
      throws CniException, JsonTooLargeException {
    try {
      return new NetworkConfig(Json.parseObject(text, limits), text);
    } catch (JsonTooLargeException e) {
      throw e;
    } catch (JsonException e) {
      throw undecodable(e);
    }
  }

  /// A configuration that could not be read, in the words of the Go library.
  public static CniException undecodable(JsonException e) {
    return new CniException(
        CniErrorCode.DECODING_FAILURE, "error unmarshall network config: " + e.getMessage(), e);
  }

  /// The name of the network; empty text if there is none.
  public String name() throws CniException {
    return top().string("name").orElse("");
  }

  /// The type of the plugin.
  public Optional<String> type() throws CniException {
    return top().nonEmptyString("type");
  }

  /// The version as configured, known here or not; `0.1.0` if there is none.
  public String versionText() throws CniException {
    return top().nonEmptyString("cniVersion").orElse(CniVersion.DEFAULT.text());
  }

  /// The type of the IPAM plugin; empty if addresses are not asked for.
  public Optional<String> ipamType() throws CniException {
    Optional<JsonReader<CniException>> ipam = top().object("ipam");
    return ipam.isPresent() ? ipam.get().nonEmptyString("type") : Optional.empty();
  }

  /// The result of the plugins before, or of ADD.
  ///
  /// @param version the version of the configuration, meant if the result names none
  public Optional<CniResult> prevResult(CniVersion version) throws CniException {
    Optional<JsonReader<CniException>> previous = top().object("prevResult");
    if (previous.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(CniResult.parse(previous.get().object(), version));
    } catch (CniException e) {
      throw e.inContext("prevResult");
    }
  }

  /// What the runtime filled in for the declared capabilities; empty if nothing.
  public JsonObject runtimeConfig() throws CniException {
    return objectOrEmpty("runtimeConfig");
  }

  /// The structured arguments of the runtime, by convention below `cni`; empty if none.
  public JsonObject args() throws CniException {
    return objectOrEmpty("args");
  }

  /// Name service settings.
  public Dns dns() throws CniException {
    Optional<JsonReader<CniException>> dns = top().object("dns");
    return dns.isPresent() ? Dns.parse(dns.get()) : Dns.NONE;
  }

  /// True if the plugin declares the capability.
  public boolean hasCapability(String capability) throws CniException {
    Optional<JsonReader<CniException>> capabilities = top().object("capabilities");
    return capabilities.isPresent() && capabilities.get().bool(capability).orElse(false);
  }

  /// The attachments that GC must leave alone. Absent and empty are told apart: an empty list frees
  /// everything, so it has to be said.
  public Optional<List<AttachmentKey>> validAttachments() throws CniException {
    for (String key : List.of(VALID_ATTACHMENTS, ATTACHMENTS)) {
      if (json.find(key).isPresent()) {
        List<AttachmentKey> ids = new ArrayList<>();
        for (JsonReader<CniException> element : top().objects(key)) {
          ids.add(attachment(element));
        }
        return Optional.of(List.copyOf(ids));
      }
    }
    return Optional.empty();
  }

  private static AttachmentKey attachment(JsonReader<CniException> element) throws CniException {
    return new AttachmentKey(
        element.string("containerID").orElse(""), element.string("ifname").orElse(""));
  }

  /// Attachments as the list of GC has them.
  public static JsonArray attachments(List<AttachmentKey> keys) {
    return new JsonArray(
        keys.stream()
            .<JsonValue>map(key ->
                JsonObject.of(
                    "containerID",
                    new JsonString(key.containerId()),
                    "ifname",
                    new JsonString(key.ifname())))
            .toList());
  }

  private JsonObject objectOrEmpty(String key) throws CniException {
    return top().object(key).map(JsonReader::object).orElse(JsonObject.of());
  }

  private JsonReader<CniException> top() {
    return CniReader.of(json);
  }
}

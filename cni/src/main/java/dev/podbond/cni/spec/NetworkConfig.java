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

/// The network configuration of one plugin, as it comes on stdin. Member names match as in Go,
/// ignoring letter case; `null` means absent.
///
/// The typed members are read on demand, so that a DEL does not fail because of a member that it
/// never needs. Each accessor throws [CniException] with code 6 if the member has the wrong type.
///
/// @param json the whole configuration
/// @param text the original text; delegates get exactly this
public record NetworkConfig(JsonObject json, String text) {

  /// The size limit. Kubernetes' objects can be larger, and Multus copies parts of them into it.
  /// The longest configuration seen, with the result of a chain of many interfaces, is a tenth of
  /// this.
  public static final JsonLimits LIMITS = JsonLimits.NETWORK_CONFIG;

  /// The size limit for GC, in which the runtime lists every attachment of the node.
  public static final JsonLimits GC_LIMITS = new JsonLimits(1024 * 1024, 50_000);

  /// Stands for a configuration beyond the limits: DEL then has only its record.
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
  /// @throws CniException with code 6 if the text is not a JSON object, or beyond [#LIMITS]
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
  /// @throws CniException with code 6 if it is not a JSON object
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

  /// The error for an unreadable configuration, in the words of the Go library.
  public static CniException undecodable(JsonException e) {
    return new CniException(
        CniErrorCode.DECODING_FAILURE, "error unmarshall network config: " + e.getMessage(), e);
  }

  /// The name of the network; empty text if it has no name.
  public String name() throws CniException {
    return top().string("name").orElse("");
  }

  /// The type of the plugin.
  public Optional<String> type() throws CniException {
    return top().nonEmptyString("type");
  }

  /// The configured version, known here or not; `0.1.0` if it is absent.
  public String versionText() throws CniException {
    return top().nonEmptyString("cniVersion").orElse(CniVersion.DEFAULT.text());
  }

  /// The type of the IPAM plugin; empty if the configuration asks for no addresses.
  public Optional<String> ipamType() throws CniException {
    Optional<JsonReader<CniException>> ipam = top().object("ipam");
    return ipam.isPresent() ? ipam.get().nonEmptyString("type") : Optional.empty();
  }

  /// The result of the preceding plugins, or of ADD.
  ///
  /// @param version the version of the configuration, used if the result names no version
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

  /// The structured arguments of the runtime, by convention below `cni`; empty if none.
  public JsonObject args() throws CniException {
    return top().object("args").map(JsonReader::object).orElse(JsonObject.of());
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

  /// The attachments that GC must leave alone. An absent list differs from an empty one: an empty
  /// list frees everything, so the runtime must state it.
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

  /// Attachments in the form of GC's list.
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

  private JsonReader<CniException> top() {
    return CniReader.of(json);
  }
}

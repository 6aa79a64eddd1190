package dev.podbond.cni.plugin;

import dev.podbond.cni.spec.CniArgs;
import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniNames;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonTooLargeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads a call from environment and stdin, with the checks and messages of the Go library.
///
/// @param command the verb
/// @param env the environment, complete for the verb
record CallReader(CniCommand command, Map<String, String> env) {

  private static final String COMMAND = "CNI_COMMAND";
  private static final String CONTAINER_ID = "CNI_CONTAINERID";
  private static final String NETNS = "CNI_NETNS";
  private static final String IFNAME = "CNI_IFNAME";
  private static final String PATH = "CNI_PATH";

  /// Checks the environment: the verb is known, every variable it needs is present, names are
  /// valid.
  ///
  /// @throws CniException with code 4, or 3 for a missing container id
  static CallReader readEnvironment(Map<String, String> env) throws CniException {
    String verb = env.getOrDefault(COMMAND, "");
    Optional<CniCommand> known = CniCommand.of(verb);
    if (!verb.isEmpty() && known.isEmpty()) {
      throw new CniException(CniErrorCode.INVALID_ENVIRONMENT, "unknown CNI_COMMAND: " + verb);
    }
    List<String> missing = new ArrayList<>();
    if (known.isEmpty()) {
      missing.add(COMMAND);
    } else {
      checkVariables(known.get(), env, missing);
    }
    if (known.isEmpty() || !missing.isEmpty()) {
      throw new CniException(
          CniErrorCode.INVALID_ENVIRONMENT,
          "required env variables [" + String.join(",", missing) + "] missing");
    }
    return new CallReader(known.get(), env);
  }

  /// Checks the variables in the order of the Go library. The order decides which error is reported
  /// if one variable is bad and another missing.
  private static void checkVariables(
      CniCommand command, Map<String, String> env, List<String> missing) throws CniException {
    if (command.concernsAttachment()) {
      Optional<String> containerId = required(env, CONTAINER_ID, missing);
      if (containerId.isPresent()) {
        CniNames.requireContainerId(containerId.get());
      }
      if (command.needsNetns()) {
        required(env, NETNS, missing);
      }
      Optional<String> ifname = required(env, IFNAME, missing);
      if (ifname.isPresent()) {
        CniNames.requireInterfaceName(ifname.get());
      }
    }
    if (command != CniCommand.VERSION) {
      required(env, PATH, missing);
    }
  }

  private static Optional<String> required(
      Map<String, String> env, String key, List<String> missing) {
    Optional<String> value = Optional.ofNullable(env.get(key)).filter(v -> !v.isEmpty());
    if (value.isEmpty()) {
      missing.add(key);
    }
    return value;
  }

  /// Reads the configuration and completes the call.
  ///
  /// @param warnings gets a message if a DEL's configuration is too large to read
  /// @throws CniException with code 5, 6 or 7 for the configuration, 1 for its version
  CniCall readCall(InputStream in, List<CniVersion> supported, Consumer<String> warnings)
      throws CniException {
    NetworkConfig config;
    try {
      JsonLimits limits = command == CniCommand.GC ? NetworkConfig.GC_LIMITS : NetworkConfig.LIMITS;
      config = NetworkConfig.parse(readText(in, limits), limits);
    } catch (JsonTooLargeException e) {
      if (command != CniCommand.DEL) {
        throw NetworkConfig.undecodable(e);
      }
      // ADD refused this configuration, but DEL must go on: there is nothing to remove, or the
      // record of an earlier release tells what to remove.
      warnings.accept("DEL goes on without its network configuration: " + e.getMessage());
      return attachment(NetworkConfig.UNREAD, CniVersion.DEFAULT);
    }
    CniNames.requireNetworkName(config.name());
    CniVersion version = new VersionNegotiation(command, supported).negotiate(config.versionText());
    return switch (command) {
      case ADD, DEL, CHECK -> attachment(config, version);
      case GC, STATUS -> new NetworkInvocation(command, config, version, env);
      case VERSION -> throw new IllegalStateException("VERSION reads no configuration");
    };
  }

  private Invocation attachment(NetworkConfig config, CniVersion version) throws CniException {
    return new Invocation(
        command,
        env.getOrDefault(CONTAINER_ID, ""),
        netns(),
        env.getOrDefault(IFNAME, ""),
        new CniArgs(env.getOrDefault("CNI_ARGS", "")),
        config,
        version,
        env);
  }

  private Optional<Path> netns() throws CniException {
    String text = env.getOrDefault(NETNS, "");
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      throw new CniException(
          CniErrorCode.INVALID_ENVIRONMENT, "CNI_NETNS is not a path: " + e.getMessage(), e);
    }
  }

  /// Reads stdin; anything beyond the limit is only counted.
  private static String readText(InputStream in, JsonLimits limits)
      throws CniException, JsonTooLargeException {
    try {
      byte[] bytes = in.readNBytes(limits.bytes() + 1);
      if (bytes.length > limits.bytes()) {
        throw limits.tooLong(bytes.length + in.transferTo(OutputStream.nullOutputStream()));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CniException(
          CniErrorCode.DECODING_FAILURE,
          "error unmarshall network config: the document is not valid UTF-8",
          e);
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.IO_FAILURE, "error reading from stdin: " + e.getMessage(), e);
    }
  }
}

package dev.podbond.agent.wire;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// One CNI call as a shim hands it over.
///
/// @param plugin the name under which the shim was executed
/// @param env the variables of CNI, and trace context
/// @param stdin the network configuration
public record Call(String plugin, Map<String, String> env, String stdin) {
  private static final int PROTOCOL = 1;

  public Call {
    env = Map.copyOf(env);
  }

  /// Reads a CALL.
  ///
  /// @throws MalformedFrameException if it is another frame, or a field is missing or wrong
  public static Call of(Frame frame) throws MalformedFrameException {
    if (!frame.knownKind().equals(Optional.of(FrameKind.CALL))) {
      throw new MalformedFrameException("a CALL was expected, found " + frame);
    }
    Map<String, String> env = new HashMap<>();
    for (String variable : frame.texts(Tag.ENV)) {
      int equals = variable.indexOf('=');
      if (equals < 1) {
        throw new MalformedFrameException("\"" + variable + "\" is no variable");
      }
      env.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return new Call(
        frame
            .text(Tag.PLUGIN)
            .orElseThrow(() -> new MalformedFrameException("no plugin is named in it")),
        env,
        frame.text(Tag.STDIN).orElse(""));
  }

  /// As a frame.
  public Frame toFrame() {
    Frame frame = Frame.of(FrameKind.CALL).withU8(Tag.PROTOCOL, PROTOCOL).with(Tag.PLUGIN, plugin);
    for (Map.Entry<String, String> variable : env.entrySet()) {
      frame = frame.with(Tag.ENV, variable.getKey() + "=" + variable.getValue());
    }
    return frame.with(Tag.STDIN, stdin.getBytes(StandardCharsets.UTF_8));
  }

  /// The verb; "" if there is none.
  public String verb() {
    return env.getOrDefault("CNI_COMMAND", "");
  }

  /// The container; "" for calls about a whole network.
  public String containerId() {
    return env.getOrDefault("CNI_CONTAINERID", "");
  }

  /// The interface; "" for calls about a whole network.
  public String ifname() {
    return env.getOrDefault("CNI_IFNAME", "");
  }
}

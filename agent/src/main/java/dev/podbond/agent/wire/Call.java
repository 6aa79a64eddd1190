package dev.podbond.agent.wire;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A CNI call as a shim hands it over.
///
/// @param plugin the name under which the shim was executed
/// @param env the CNI variables and the trace context
/// @param stdin the network configuration byte for byte, or its beginning
/// @param cutBytes the number of further bytes of the configuration, which were not kept
/// @param sight what the shim says of the host
@SuppressWarnings("ArrayRecordComponent") // compared by its content below; nobody writes to it
public record Call(
    String plugin, Map<String, String> env, byte[] stdin, int cutBytes, HostSight sight) {
  private static final int PROTOCOL = 1;

  /// A call with its whole configuration.
  public Call(String plugin, Map<String, String> env, String stdin) {
    this(plugin, env, stdin, HostSight.NONE);
  }

  /// A call with its whole configuration, by a shim that says something of its host.
  public Call(String plugin, Map<String, String> env, String stdin, HostSight sight) {
    this(plugin, env, stdin.getBytes(StandardCharsets.UTF_8), 0, sight);
  }

  public Call {
    env = Map.copyOf(env);
  }

  /// Reads a CALL.
  ///
  /// @throws MalformedFrameException if it is another frame, or a field is missing or wrong
  public static Call of(Frame frame) throws MalformedFrameException {
    return of(new FrameChannel.Received(frame, 0));
  }

  /// Reads a CALL, of whose configuration perhaps only the beginning was kept.
  ///
  /// @throws MalformedFrameException as [#of(Frame)], and if it was cut before its configuration
  public static Call of(FrameChannel.Received received) throws MalformedFrameException {
    Frame frame = received.frame();
    if (!frame.knownKind().equals(Optional.of(FrameKind.CALL))) {
      throw new MalformedFrameException("a CALL was expected, found " + frame);
    }
    if (received.tooLong() && frame.bytes(Tag.STDIN).isEmpty()) {
      throw new MalformedFrameException("its variables alone are too long to be kept");
    }
    Map<String, String> env = new HashMap<>();
    for (String variable : frame.texts(Tag.ENV)) {
      int equals = variable.indexOf('=');
      if (equals < 1) {
        throw new MalformedFrameException("\"" + variable + "\" is not NAME=VALUE");
      }
      env.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return new Call(
        frame.text(Tag.PLUGIN).orElseThrow(() -> new MalformedFrameException("it names no plugin")),
        env,
        frame.bytes(Tag.STDIN).orElse(new byte[0]),
        received.cutBytes(),
        HostSight.of(frame));
  }

  /// The call as a frame.
  public Frame toFrame() {
    Frame frame = Frame.of(FrameKind.CALL).withU8(Tag.PROTOCOL, PROTOCOL).with(Tag.PLUGIN, plugin);
    for (Map.Entry<String, String> variable : env.entrySet()) {
      frame = frame.with(Tag.ENV, variable.getKey() + "=" + variable.getValue());
    }
    return sight.in(frame).with(Tag.STDIN, stdin);
  }

  /// The configuration as the plugin reads it. Blanks replace the bytes that were not kept, so that
  /// it has its original length; the plugin then refuses it as too long.
  public InputStream configuration() {
    InputStream kept = new ByteArrayInputStream(stdin);
    return cutBytes == 0 ? kept : new SequenceInputStream(kept, new Blanks(cutBytes));
  }

  /// A stream of blanks.
  private static final class Blanks extends InputStream {
    private int left;

    Blanks(int bytes) {
      this.left = bytes;
    }

    @Override
    public int read() {
      if (left == 0) {
        return -1;
      }
      left--;
      return ' ';
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (left == 0 && length > 0) {
        return -1;
      }
      int blanks = Math.min(left, length);
      Arrays.fill(into, offset, offset + blanks, (byte) ' ');
      left -= blanks;
      return blanks;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other
            instanceof Call(var itsPlugin, var itsEnv, var itsStdin, var itsCutBytes, var itsSight)
        && plugin.equals(itsPlugin)
        && env.equals(itsEnv)
        && Arrays.equals(stdin, itsStdin)
        && cutBytes == itsCutBytes
        && sight.equals(itsSight);
  }

  @Override
  public int hashCode() {
    return Objects.hash(plugin, env, Arrays.hashCode(stdin), cutBytes, sight);
  }

  /// The verb; "" if the call has none.
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

package dev.podbond.agent.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// What a shim, which is on the host, says of it beside the call.
///
/// @param plugins the built-in IPAM plugins whose executables are in the directories of `CNI_PATH`
/// @param addresses host-local's usual directory, or the one above it if there is none
public record HostSight(Set<String> plugins, Optional<SeenDirectory> addresses) {
  /// Of a shim that says nothing.
  public static final HostSight NONE = new HostSight(Set.of(), Optional.empty());

  /// Copies the set.
  public HostSight {
    plugins = Set.copyOf(plugins);
  }

  /// A directory as the shim sees it.
  ///
  /// @param device the number of its file system
  /// @param inode its number there
  public record SeenDirectory(String path, long device, long inode) {}

  /// Reads the fields of a CALL.
  ///
  /// @throws MalformedFrameException if a directory is too short to have its numbers
  static HostSight of(Frame call) throws MalformedFrameException {
    Optional<byte[]> seen = call.bytes(Tag.SEEN);
    return new HostSight(
        Set.copyOf(call.texts(Tag.FOUND)),
        seen.isEmpty() ? Optional.empty() : Optional.of(directory(seen.get())));
  }

  private static SeenDirectory directory(byte[] content) throws MalformedFrameException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    if (bytes.remaining() < 2 * Long.BYTES) {
      throw new MalformedFrameException(
          "field " + Tag.SEEN + " has " + content.length + " octets, too few for its numbers");
    }
    long device = bytes.getLong();
    long inode = bytes.getLong();
    return new SeenDirectory(StandardCharsets.UTF_8.decode(bytes).toString(), device, inode);
  }

  /// The call with these fields.
  Frame in(Frame call) {
    Frame told = call;
    for (String plugin : plugins) {
      told = told.with(Tag.FOUND, plugin);
    }
    if (addresses.isPresent()) {
      SeenDirectory seen = addresses.get();
      ByteBuffer path = StandardCharsets.UTF_8.encode(seen.path());
      told =
          told.with(
              Tag.SEEN,
              ByteBuffer.allocate(2 * Long.BYTES + path.remaining())
                  .putLong(seen.device())
                  .putLong(seen.inode())
                  .put(path)
                  .array());
    }
    return told;
  }
}

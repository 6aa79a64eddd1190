package dev.podbond.agent.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.List;

/// Frames over a connection. A frame that is announced takes memory only as it arrives, and one
/// that is longer than the receiver cares for is read past.
public final class FrameChannel implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final ByteChannel channel;
  private final int keptBytes;

  /// Frames over a blocking channel, which is closed with this.
  ///
  /// @param keptBytes the longest frame to be read; a longer one, up to [Frame#MAX_BYTES], is
  ///   received as one without fields
  public FrameChannel(ByteChannel channel, int keptBytes) {
    this.channel = channel;
    this.keptBytes = keptBytes;
  }

  public void send(Frame frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(frame.toBytes());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// A frame and whether it was too long to be kept.
  public record Received(Frame frame, boolean tooLong) {}

  /// Waits for the next frame.
  ///
  /// @throws EOFException if the other side has closed
  /// @throws MalformedFrameException if what comes is no frame
  public Received receive() throws IOException {
    int length = read(Integer.BYTES).getInt();
    if (length < 1 || length > Frame.MAX_BYTES) {
      throw new MalformedFrameException("of " + Integer.toUnsignedString(length) + " octets");
    }
    if (length <= keptBytes) {
      return new Received(Frame.parse(read(length)), false);
    }
    int kind = read(1).get() & 0xff;
    skip(length - 1);
    return new Received(new Frame(kind, List.of()), true);
  }

  private ByteBuffer read(int length) throws IOException {
    if (length <= CHUNK_BYTES) {
      return fill(ByteBuffer.allocate(length));
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream(CHUNK_BYTES);
    for (int left = length; left > 0; left -= CHUNK_BYTES) {
      whole.writeBytes(fill(ByteBuffer.allocate(Math.min(left, CHUNK_BYTES))).array());
    }
    return ByteBuffer.wrap(whole.toByteArray());
  }

  private void skip(int length) throws IOException {
    for (int left = length; left > 0; left -= CHUNK_BYTES) {
      fill(ByteBuffer.allocate(Math.min(left, CHUNK_BYTES)));
    }
  }

  private ByteBuffer fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the other side has closed the connection");
      }
    }
    return buffer.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

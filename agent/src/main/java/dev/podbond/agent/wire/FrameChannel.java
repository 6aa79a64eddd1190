package dev.podbond.agent.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;

/// Frames over a connection. A frame takes memory only as its bytes arrive. If it is longer than
/// the receiver has room for, the channel keeps the beginning and discards the rest.
public final class FrameChannel implements AutoCloseable {
  /// The agent's socket, unless `PODBOND_SOCKET` names another.
  public static final String DEFAULT_SOCKET = "/run/podbond/agent.sock";

  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int FIELD_HEADER_BYTES = 5;

  private final ByteChannel channel;
  private final Room room;

  /// How many bytes of a frame may be kept.
  public interface Room {
    /// The room for a frame of `length` bytes of which nothing has been read yet.
    int forFrame(int length);

    /// The room for a frame that is longer than that. The channel asks again when it has read the
    /// fields before the first that does not fit, so that they tell what the frame is. This may
    /// wait until there is room.
    ///
    /// @throws IOException if the wait for room was interrupted
    int forFrame(int length, Frame head) throws IOException;

    /// The same room for every frame.
    static Room of(int bytes) {
      return new Room() {
        @Override
        public int forFrame(int length) {
          return bytes;
        }

        @Override
        public int forFrame(int length, Frame head) {
          return bytes;
        }
      };
    }
  }

  /// Frames over a blocking channel, which is closed with this.
  public FrameChannel(ByteChannel channel, Room room) {
    this.channel = channel;
    this.room = room;
  }

  /// Frames over a blocking channel, which is closed with this.
  ///
  /// @param keptBytes the longest frame to keep whole, up to [Frame#MAX_BYTES]
  public FrameChannel(ByteChannel channel, int keptBytes) {
    this(channel, Room.of(keptBytes));
  }

  /// Sends a frame. A long one is not copied: it goes out field by field, in parts for which the
  /// JDK needs no large buffer of its own.
  public void send(Frame frame) throws IOException {
    if (frame.byteCount() <= CHUNK_BYTES) {
      write(frame.toBytes());
      return;
    }
    write(
        ByteBuffer.allocate(Integer.BYTES + 1)
            .putInt(frame.byteCount())
            .put((byte) frame.kind())
            .array());
    for (Frame.Field field : frame.fields()) {
      write(
          ByteBuffer.allocate(FIELD_HEADER_BYTES)
              .put((byte) field.tag())
              .putInt(field.content().length)
              .array());
      write(field.content());
    }
  }

  private void write(byte[] bytes) throws IOException {
    for (int done = 0; done < bytes.length; done += CHUNK_BYTES) {
      ByteBuffer part = ByteBuffer.wrap(bytes, done, Math.min(CHUNK_BYTES, bytes.length - done));
      while (part.hasRemaining()) {
        channel.write(part);
      }
    }
  }

  /// A frame, and the number of its last bytes that were discarded. If that is not 0, its last
  /// field is cut short or missing.
  public record Received(Frame frame, int cutBytes) {
    /// Whether it was too long to keep whole.
    public boolean tooLong() {
      return cutBytes > 0;
    }
  }

  /// Waits for the next frame.
  ///
  /// @throws EOFException if the other side has closed
  /// @throws MalformedFrameException if the bytes are not a frame
  public Received receive() throws IOException {
    int length = read(Integer.BYTES).getInt();
    if (length < 1 || length > Frame.MAX_BYTES) {
      throw new MalformedFrameException("of " + Integer.toUnsignedString(length) + " octets");
    }
    int kept = room.forFrame(length);
    return length <= kept ? new Received(Frame.parse(read(length)), 0) : beginning(length, kept);
  }

  private Received beginning(int length, int room) throws IOException {
    List<Frame.Field> fields = new ArrayList<>();
    int kind = read(1).get() & 0xff;
    int allowed = room;
    int done = 1;
    while (done < length) {
      int left = length - done;
      if (left < FIELD_HEADER_BYTES) {
        throw new MalformedFrameException("a field's header is cut short");
      }
      if (done + FIELD_HEADER_BYTES >= allowed) {
        allowed = Math.max(allowed, this.room.forFrame(length, new Frame(kind, fields)));
      }
      if (done + FIELD_HEADER_BYTES >= allowed) {
        skip(left);
        return new Received(new Frame(kind, fields), left);
      }
      ByteBuffer header = read(FIELD_HEADER_BYTES);
      int tag = header.get() & 0xff;
      int size = header.getInt();
      done += FIELD_HEADER_BYTES;
      if (size < 0 || size > length - done) {
        throw new MalformedFrameException("field " + tag + " runs over the end");
      }
      if (size > allowed - done) {
        allowed = Math.max(allowed, this.room.forFrame(length, new Frame(kind, fields)));
      }
      int kept = Math.min(size, allowed - done);
      fields.add(new Frame.Field(tag, bytes(read(kept))));
      done += kept;
      if (kept < size) {
        skip(length - done);
        return new Received(new Frame(kind, fields), length - done);
      }
    }
    return new Received(new Frame(kind, fields), 0);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
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

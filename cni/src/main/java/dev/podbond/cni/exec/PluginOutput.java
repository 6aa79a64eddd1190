package dev.podbond.cni.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// What a plugin writes to one of its streams: passed on, and its beginning kept.
///
/// It is taken as it comes, by the thread that waits for the plugin. One that read until the end
/// would be blocked in the kernel, which takes a carrier from all virtual threads, and for as long
/// as anything that the plugin has started holds the pipe.
final class PluginOutput {
  private static final int CHUNK_BYTES = 8192;

  /// What a pipe can hold (`/proc/sys/fs/pipe-max-size`), so all that a plugin left when it ended.
  private static final int PIPE_BYTES = 1024 * 1024;

  private final InputStream pipe;
  private final OutputStream passOn;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final int keptBytes;
  private boolean listened = true;
  private boolean overflowed;

  /// @param passOn is never closed
  /// @param keptBytes how much of the beginning is kept
  PluginOutput(InputStream pipe, OutputStream passOn, int keptBytes) {
    this.pipe = pipe;
    this.passOn = passOn;
    this.keptBytes = keptBytes;
  }

  /// Takes what is in the pipe now; not more than it can hold, however fast it is filled again.
  ///
  /// @return whether there was anything
  boolean take() {
    byte[] chunk = new byte[CHUNK_BYTES];
    int taken = 0;
    try {
      int there = pipe.available();
      while (there > 0 && taken < PIPE_BYTES) {
        int length = pipe.read(chunk, 0, Math.min(there, CHUNK_BYTES));
        if (length < 0) {
          break;
        }
        taken += length;
        keep(chunk, length);
        passOn(chunk, length);
        there = pipe.available();
      }
    } catch (IOException _) {
      // The pipe is of no use any more: what was kept counts.
    }
    return taken > 0;
  }

  private void keep(byte[] chunk, int length) {
    int room = Math.min(length, keptBytes - kept.size());
    kept.write(chunk, 0, room);
    overflowed |= room < length;
  }

  private void passOn(byte[] chunk, int length) {
    if (!listened) {
      return;
    }
    try {
      passOn.write(chunk, 0, length);
      passOn.flush();
    } catch (IOException _) {
      // Nobody listens any more, which is not the plugin's fault.
      listened = false;
    }
  }

  /// Whoever still writes to it is told so by the kernel.
  void close() {
    try {
      pipe.close();
    } catch (IOException _) {
      // It was only read from: nothing is lost.
    }
  }

  String text() {
    return kept.toString(StandardCharsets.UTF_8);
  }

  /// Whether there was more than is kept.
  boolean overflowed() {
    return overflowed;
  }
}

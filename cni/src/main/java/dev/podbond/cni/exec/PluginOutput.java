package dev.podbond.cni.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Takes what a plugin writes to one of its streams: passes it on, and keeps the beginning.
///
/// The thread that waits for the plugin also takes its output, whenever some is there. A thread
/// that reads to the end would block in the kernel for as long as any process started by the plugin
/// holds the pipe, and a blocked virtual thread keeps its carrier from the others.
final class PluginOutput {
  private static final int CHUNK_BYTES = 8192;

  /// The capacity limit of a pipe (`/proc/sys/fs/pipe-max-size`): a plugin cannot leave more there
  /// when it ends.
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

  /// Takes what is in the pipe now, at most what a pipe can hold, however fast the plugin refills
  /// it.
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
      // The pipe no longer works: only what we kept counts.
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
      // Nobody listens any more; that is not the plugin's fault.
      listened = false;
    }
  }

  /// Closes the pipe; the kernel tells any process that still writes to it.
  void close() {
    try {
      pipe.close();
    } catch (IOException _) {
      // We only read from it: nothing is lost.
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

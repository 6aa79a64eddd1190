package dev.podbond.cni.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Empties a stream of a process in a thread of its own: passes it on, and keeps its beginning.
final class StreamPump {

  private static final int CHUNK_BYTES = 8192;

  private final Thread thread;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final int keptBytes;
  private boolean overflowed;

  private StreamPump(InputStream from, OutputStream passOn, int keptBytes) {
    this.keptBytes = keptBytes;
    this.thread = Thread.ofVirtual().name("cni-plugin-output").unstarted(() -> pump(from, passOn));
  }

  static StreamPump start(InputStream from, OutputStream passOn, int keptBytes) {
    StreamPump pump = new StreamPump(from, passOn, keptBytes);
    pump.thread.start();
    return pump;
  }

  private void pump(InputStream from, OutputStream passOn) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (from) {
      for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
        keep(chunk, n);
        passOn.write(chunk, 0, n);
        passOn.flush();
      }
    } catch (IOException _) {
      // The pipe was closed with the process, or nobody listens any more: what was kept counts.
    }
  }

  private synchronized void keep(byte[] chunk, int n) {
    int room = Math.min(n, keptBytes - kept.size());
    kept.write(chunk, 0, room);
    overflowed |= room < n;
  }

  /// Waits for the end of the stream, but not for ever.
  void join(Duration atMost) throws InterruptedException {
    thread.join(atMost);
  }

  synchronized String text() {
    return kept.toString(StandardCharsets.UTF_8);
  }

  synchronized boolean overflowed() {
    return overflowed;
  }
}

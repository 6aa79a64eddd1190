package dev.podbond.node.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;

/// A lock that is held until it is closed or the process ends, in whatever way.
public final class HeldLock implements AutoCloseable {
  private final LockName name;
  private final FileLock lock;

  HeldLock(LockName name, FileLock lock) {
    this.name = name;
    this.lock = lock;
  }

  public LockName name() {
    return name;
  }

  /// Releases the lock; a second time does nothing.
  @Override
  public void close() {
    try {
      lock.release();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release the lock on " + name, e);
    }
  }
}

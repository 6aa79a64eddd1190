package dev.podbond.netlink;

import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.LinuxConstants;
import java.nio.file.Path;

/// The lock of a whole file that [flock(2)](https://man7.org/linux/man-pages/man2/flock.2.html)
/// takes. Go programs take it; the JDK's own locks are those of fcntl(2), which it does not see.
///
/// The lock belongs to this open file: another object in this process is kept out like another
/// process, and the kernel releases the lock when the process dies.
public final class Flock implements AutoCloseable {
  private final LinuxCalls calls;
  private final Fd file;

  private Flock(LinuxCalls calls, Fd file) {
    this.calls = calls;
    this.file = file;
  }

  /// Opens a file to lock it; it is not locked yet.
  ///
  /// @throws LinuxException `ENOENT` if there is no such file
  public static Flock open(Path path) throws LinuxException {
    return open(LinuxCalls.system(), path);
  }

  static Flock open(LinuxCalls calls, Path path) throws LinuxException {
    int number = calls.open(path.toString(), LinuxConstants.O_RDONLY);
    return new Flock(calls, new Fd(calls, number, path.toString()));
  }

  /// Takes the lock if nobody else has it; never waits.
  ///
  /// @return whether it is ours now
  public boolean tryLock() throws LinuxException {
    try {
      calls.flock(file.number(), LinuxConstants.LOCK_EX | LinuxConstants.LOCK_NB);
      return true;
    } catch (LinuxException e) {
      if (e.errno().equals(Errno.EAGAIN)) {
        return false;
      }
      throw e;
    }
  }

  /// Closes the file, which releases the lock.
  @Override
  public void close() {
    file.close();
  }
}

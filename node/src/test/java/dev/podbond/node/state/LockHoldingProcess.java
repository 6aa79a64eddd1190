package dev.podbond.node.state;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Locks one byte of a file, says `+` and waits to be killed.
final class LockHoldingProcess {
  private LockHoldingProcess() {}

  public static void main(String[] arguments) throws Exception {
    FileChannel channel =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.lock(Long.parseLong(arguments[1]), 1, false);
    System.out.write('+');
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE);
  }
}

package dev.podbond.netlink;

import dev.podbond.netlink.linux.LinuxCalls;

/// The memory that libc allocates for this process: by far the most of it is the JVM's own, such as
/// that of its compiler.
public final class NativeHeap {
  private NativeHeap() {}

  /// Gives what is free back to the kernel. Takes a few milliseconds; by itself libc keeps most of
  /// it for good.
  public static void trim() {
    LinuxCalls.system().trimHeap();
  }
}

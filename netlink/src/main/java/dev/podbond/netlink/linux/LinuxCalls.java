package dev.podbond.netlink.linux;

import dev.podbond.netlink.LinuxException;
import java.util.BitSet;

/// The system calls of this module, on byte arrays, so that tests can play the kernel.
///
/// File descriptors are plain ints here; elsewhere an [Fd] owns each. Every descriptor is opened
/// with close-on-exec. A call that a signal interrupted is repeated if its manual page allows that.
public interface LinuxCalls {
  /// The real kernel.
  static LinuxCalls system() {
    return FfmLinuxCalls.INSTANCE;
  }

  /// [open(2)](https://man7.org/linux/man-pages/man2/open.2.html) without `O_CREAT`.
  int open(String path, int flags) throws LinuxException;

  /// [close(2)](https://man7.org/linux/man-pages/man2/close.2.html), never repeated: on Linux the
  /// descriptor is closed even when the call fails, and a second call could close another file.
  void close(int fd) throws LinuxException;

  /// [read(2)](https://man7.org/linux/man-pages/man2/read.2.html); returns 0 at the end of the
  /// file.
  int read(int fd, byte[] into) throws LinuxException;

  /// [write(2)](https://man7.org/linux/man-pages/man2/write.2.html).
  int write(int fd, byte[] bytes) throws LinuxException;

  /// [flock(2)](https://man7.org/linux/man-pages/man2/flock.2.html).
  void flock(int fd, int operation) throws LinuxException;

  /// [socket(2)](https://man7.org/linux/man-pages/man2/socket.2.html).
  int socket(int domain, int type, int protocol) throws LinuxException;

  /// [bind(2)](https://man7.org/linux/man-pages/man2/bind.2.html).
  void bind(int fd, byte[] address) throws LinuxException;

  /// [getsockname(2)](https://man7.org/linux/man-pages/man2/getsockname.2.html).
  byte[] localAddress(int fd, int maxLength) throws LinuxException;

  /// [setsockopt(2)](https://man7.org/linux/man-pages/man2/setsockopt.2.html) of an `int` option.
  void setOption(int fd, int level, int option, int value) throws LinuxException;

  /// [setsockopt(2)](https://man7.org/linux/man-pages/man2/setsockopt.2.html) of an option that is
  /// a structure.
  void setOption(int fd, int level, int option, byte[] value) throws LinuxException;

  /// [setsockopt(2)](https://man7.org/linux/man-pages/man2/setsockopt.2.html) of
  /// `SO_ATTACH_FILTER`.
  ///
  /// @param program the array of `struct sock_filter`, each of eight octets
  void attachFilter(int fd, byte[] program) throws LinuxException;

  /// [getsockopt(2)](https://man7.org/linux/man-pages/man2/getsockopt.2.html) of a 64-bit option.
  long longOption(int fd, int level, int option) throws LinuxException;

  /// [sendto(2)](https://man7.org/linux/man-pages/man2/sendto.2.html).
  int send(int fd, byte[] bytes, byte[] address) throws LinuxException;

  /// [recvfrom(2)](https://man7.org/linux/man-pages/man2/recvfrom.2.html).
  ///
  /// @param atMost how many bytes to take; the kernel discards the rest of a longer datagram
  /// @param senderLength the length of the sender's address, which is cut or padded to it
  Datagram receive(int fd, int atMost, int senderLength, int flags) throws LinuxException;

  /// What recvfrom(2) received.
  ///
  /// @param bytes those that were taken
  /// @param length the length of the datagram; with `MSG_TRUNC` its real length, which may exceed
  ///   that of `bytes`
  /// @param sender the address that it came from
  @SuppressWarnings("ArrayRecordComponent")
  record Datagram(byte[] bytes, int length, byte[] sender) {}

  /// [poll(2)](https://man7.org/linux/man-pages/man2/poll.2.html) for input or an error.
  ///
  /// @return the indices of the descriptors that are ready; empty after the timeout or a signal
  BitSet poll(int[] fds, int timeoutMillis) throws LinuxException;

  /// [eventfd(2)](https://man7.org/linux/man-pages/man2/eventfd.2.html).
  int eventFd() throws LinuxException;

  /// [setns(2)](https://man7.org/linux/man-pages/man2/setns.2.html). Only [NetnsThread] calls it.
  void setns(int fd, int type) throws LinuxException;

  /// [unshare(2)](https://man7.org/linux/man-pages/man2/unshare.2.html). Only [NetnsThread] calls
  /// it.
  void unshare(int flags) throws LinuxException;

  /// [gettid(2)](https://man7.org/linux/man-pages/man2/gettid.2.html).
  int threadId();

  /// [mount(2)](https://man7.org/linux/man-pages/man2/mount.2.html) without data.
  void mount(String source, String target, String type, long flags) throws LinuxException;

  /// [umount2(2)](https://man7.org/linux/man-pages/man2/umount.2.html).
  void unmount(String target, int flags) throws LinuxException;

  /// [malloc_trim(3)](https://man7.org/linux/man-pages/man3/malloc_trim.3.html): libc gives the
  /// free pages of its heap back to the kernel. Does nothing with a libc that has no such function.
  void trimHeap();
}

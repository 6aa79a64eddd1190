package dev.podbond.netlink;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Map;

/// An error number of the Linux kernel, with its symbol and its text.
///
/// The table holds the numbers of `asm-generic/errno.h`, which x86-64, aarch64, riscv64, s390x and
/// ppc64le share. An `Errno` that the table lacks keeps its number and is shown as `errno N`.
///
/// @param number the positive error number
public record Errno(int number) {
  public static final Errno EPERM = new Errno(1);
  public static final Errno ENOENT = new Errno(2);
  public static final Errno ESRCH = new Errno(3);
  public static final Errno EINTR = new Errno(4);
  public static final Errno E2BIG = new Errno(7);
  public static final Errno EBADF = new Errno(9);
  public static final Errno EAGAIN = new Errno(11);
  public static final Errno EACCES = new Errno(13);
  public static final Errno EBUSY = new Errno(16);
  public static final Errno EEXIST = new Errno(17);
  public static final Errno ENODEV = new Errno(19);
  public static final Errno EINVAL = new Errno(22);
  public static final Errno EMFILE = new Errno(24);
  public static final Errno EBADMSG = new Errno(74);
  public static final Errno EMSGSIZE = new Errno(90);
  public static final Errno ENOPROTOOPT = new Errno(92);
  public static final Errno EOPNOTSUPP = new Errno(95);
  public static final Errno EADDRNOTAVAIL = new Errno(99);
  public static final Errno ENETDOWN = new Errno(100);
  public static final Errno ENETUNREACH = new Errno(101);
  public static final Errno ENOBUFS = new Errno(105);
  public static final Errno ETIMEDOUT = new Errno(110);

  /// Refuses zero and negative numbers: only the kernel writes errors as `-errno`.
  public Errno {
    if (number <= 0) {
      throw new IllegalArgumentException("an errno is positive, not " + number);
    }
  }

  /// The symbol of `errno.h`, such as `ENODEV`.
  public String symbol() {
    Entry entry = Table.ENTRIES.get(number);
    return entry == null ? "errno " + number : entry.symbol();
  }

  /// The text that `strerror(3)` gives in the C locale.
  public String text() {
    Entry entry = Table.ENTRIES.get(number);
    return entry == null ? "Unknown error " + number : entry.text();
  }

  /// Symbol and text, such as `ENODEV (No such device)`.
  @Override
  public String toString() {
    return symbol() + " (" + text() + ")";
  }

  private record Entry(int number, String symbol, String text) {
    static Entry parse(String line) {
      String[] columns = line.split("\t", 3);
      return new Entry(Integer.parseInt(columns[0]), columns[1], columns[2]);
    }
  }

  /// Built on the first failure, so that a process without failures does not pay for it.
  private static final class Table {
    static final Map<Integer, Entry> ENTRIES =
        ErrnoTable.TEXT.lines().map(Entry::parse).collect(toUnmodifiableMap(Entry::number, e -> e));
  }
}

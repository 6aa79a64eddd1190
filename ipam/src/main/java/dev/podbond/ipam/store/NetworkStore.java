package dev.podbond.ipam.store;

import dev.podbond.cni.spec.CniException;
import dev.podbond.ipam.config.IpNumber;
import dev.podbond.ipam.config.Ips;
import dev.podbond.ipam.config.UnfamiliarException;
import dev.podbond.ipam.files.AddressFiles;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IpText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The addresses of one network, as host-local keeps them: a file for each, named like the address,
/// which holds the container's id and, in a second line that `\r\n` separates, the interface. The
/// file `last_reserved_ip.N` holds the address that was given away last out of the set of ranges N.
///
/// An object of this class has the lock from [#open] to [#close], and is for one attachment. It
/// reads the files once, when it has the lock; of all that it reads it keeps the names of those
/// that belong to the attachment or to its container.
public final class NetworkStore implements AutoCloseable {
  private static final String LINE_BREAK = "\r\n";
  private static final String LAST_RESERVED = "last_reserved_ip.";
  private static final String LOCK = "lock";

  /// The bits of a mode that let a group or all others write.
  private static final int OTHERS_WRITE = 022;

  /// More than the addresses of a /16, which host-local itself takes a second to read.
  private static final int MOST_FILES = 100_000;

  /// What host-local writes is shorter than this.
  private static final int MOST_BYTES = 4096;

  private final Path directory;
  private final AddressFiles files;
  private final StoreLock lock;
  private final AttachmentKey key;
  private final String owner;

  /// The files that hold the container and the interface, in the order of their names.
  private final SortedSet<String> ofAttachment = new TreeSet<>();

  /// The files that hold the container alone: early releases of host-local wrote such.
  private final SortedSet<String> ofContainer = new TreeSet<>();

  private NetworkStore(Path directory, AddressFiles files, StoreLock lock, AttachmentKey key) {
    this.directory = directory;
    this.files = files;
    this.lock = lock;
    this.key = key;
    this.owner = key.containerId() + LINE_BREAK + key.ifname();
  }

  /// Opens the store of a network, which is made if it does not exist, and takes its lock.
  ///
  /// @param patience how long to wait for the lock
  /// @param key the attachment that is asked about
  /// @throws CniException with code 11 if the lock is not free for so long
  /// @throws UnfamiliarException if others than root may write there
  public static NetworkStore open(
      Path directory, AddressFiles files, Duration patience, AttachmentKey key)
      throws IOException, CniException, UnfamiliarException {
    files.makeDirectory(directory);
    requireOurs(directory);
    Path file = directory.resolve(LOCK);
    files.makeLock(file);
    if (!attributes(file).isRegularFile()) {
      throw new UnfamiliarException(file + " is not a file");
    }
    NetworkStore store = new NetworkStore(directory, files, StoreLock.take(file, patience), key);
    boolean read = false;
    try {
      store.read();
      read = true;
      return store;
    } finally {
      if (!read) {
        store.close();
      }
    }
  }

  /// In a directory in which others write, a name may lead anywhere.
  private static void requireOurs(Path directory) throws IOException, UnfamiliarException {
    Map<String, Object> attributes = Files.readAttributes(directory, "unix:uid,mode");
    Object owner = attributes.get("uid");
    boolean ours =
        Objects.equals(owner, 0)
            || Objects.equals(owner, Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    if (!ours || !(attributes.get("mode") instanceof Integer mode) || (mode & OTHERS_WRITE) != 0) {
      throw new UnfamiliarException("users other than root may write to " + directory);
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private void read() throws IOException, UnfamiliarException {
    int count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        count++;
        if (count > MOST_FILES) {
          throw new UnfamiliarException(directory + " holds more than " + MOST_FILES + " files");
        }
        read(entry);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void read(Path entry) throws IOException, UnfamiliarException {
    String name = String.valueOf(entry.getFileName());
    if (name.startsWith(AddressFiles.TEMPORARY_PREFIX)) {
      boolean _ = tryToDelete(name);
      return;
    }
    text(entry).ifPresent(text -> note(name, text));
  }

  /// Keeps what a file holds, if it concerns the attachment.
  private void note(String name, String text) {
    ofAttachment.remove(name);
    ofContainer.remove(name);
    if (text.equals(owner)) {
      ofAttachment.add(name);
    } else if (text.equals(key.containerId())) {
      ofContainer.add(name);
    }
  }

  private boolean tryToDelete(String name) {
    try {
      files.delete(directory.resolve(name));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// The text of a file; empty if it cannot be read, which host-local overlooks as well.
  private static Optional<String> text(Path file) throws IOException, UnfamiliarException {
    BasicFileAttributes attributes;
    try {
      attributes = attributes(file);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    if (!attributes.isRegularFile()) {
      throw new UnfamiliarException(file + " is not a file");
    }
    if (attributes.size() > MOST_BYTES) {
      throw new UnfamiliarException(file + " is longer than any that host-local writes");
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(stripped(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8)));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// Without white space around it, as Go's `strings.TrimSpace` defines it.
  private static String stripped(String text) {
    int begin = 0;
    int end = text.length();
    while (begin < end && isSpace(text.charAt(begin))) {
      begin++;
    }
    while (end > begin && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(begin, end);
  }

  private static boolean isSpace(char c) {
    return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == '\u0085';
  }

  /// The addresses of the attachment, and those of its container without an interface; in the order
  /// of their names.
  public List<IpNumber> addresses() {
    return Stream.concat(ofAttachment.stream(), ofContainer.stream())
        .sorted()
        .flatMap(name -> Ips.address(name).stream())
        .toList();
  }

  /// Whether any file belongs to the attachment, or to its container.
  public boolean hasAny() {
    return !ofAttachment.isEmpty() || !ofContainer.isEmpty();
  }

  /// The address that was given away last; empty if nothing sensible is kept.
  public Optional<IpNumber> lastReserved(int set) {
    Path file = directory.resolve(LAST_RESERVED + set);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      return IpText.parse(text).map(IpNumber::of);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// Whether somebody has the address.
  public boolean isTaken(IpNumber address) {
    return Files.exists(directory.resolve(address.toString()), LinkOption.NOFOLLOW_LINKS);
  }

  /// Gives an address to the attachment.
  ///
  /// @param set the set of ranges that it is from
  /// @return false if somebody has it
  public boolean reserve(IpNumber address, int set) throws IOException {
    String name = address.toString();
    if (isTaken(address) || !files.create(directory.resolve(name), owner)) {
      return false;
    }
    note(name, owner);
    String last = LAST_RESERVED + set;
    files.replace(directory.resolve(last), name);
    note(last, name);
    return true;
  }

  /// Takes away what the attachment has; if it has nothing, what its container has without an
  /// interface. What cannot be deleted stays, as with host-local.
  public void release() {
    if (!deleteAll(ofAttachment)) {
      boolean _ = deleteAll(ofContainer);
    }
  }

  private boolean deleteAll(SortedSet<String> names) {
    return names.removeIf(this::tryToDelete);
  }

  /// Gives the lock to the next.
  @Override
  public void close() {
    lock.close();
  }
}

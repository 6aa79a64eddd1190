package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Tells when files appear and disappear in some directories (inotify(7)). The kernel limits the
/// inotify instances and watches of each user. If they are used up, this class sees nothing and
/// says so ([#blindness]), and its owner has to look from time to time.
///
/// This is how we see the end of a network namespace. Netlink could not tell: it needs our own
/// socket in the namespace, and that socket would keep the namespace and its NICs alive.
final class FileWatch implements AutoCloseable {
  /// Receives the events of files.
  interface Listener {
    void appeared(Path file);

    void disappeared(Path file);

    /// Events were lost in this directory.
    void overflowed(Path directory);
  }

  private final Optional<WatchService> service;
  private final Listener listener;
  private final AgentLog log;
  private final Map<Path, WatchKey> directories = new ConcurrentHashMap<>();
  private final Thread thread;

  private volatile Optional<String> blindness;

  private FileWatch(
      Optional<WatchService> service, Optional<String> blindness, Listener listener, AgentLog log) {
    this.service = service;
    this.blindness = blindness;
    this.listener = listener;
    this.log = log;
    this.thread = Thread.ofPlatform().name("file-watch").unstarted(this::listen);
  }

  /// Opens the JDK's watch service.
  interface Source {
    WatchService open() throws IOException;
  }

  static FileWatch open(Listener listener, AgentLog log) {
    return open(() -> FileSystems.getDefault().newWatchService(), listener, log);
  }

  static FileWatch open(Source source, Listener listener, AgentLog log) {
    try {
      return new FileWatch(Optional.of(source.open()), Optional.empty(), listener, log);
    } catch (IOException e) {
      String blindness =
          "files cannot be watched, so the agent looks every few seconds instead: "
              + IoReason.of(e)
              + " (fs.inotify.max_user_instances)";
      log.warn(blindness);
      return new FileWatch(Optional.empty(), Optional.of(blindness), listener, log);
    }
  }

  /// The reason why a directory is not watched; empty if all are watched.
  Optional<String> blindness() {
    return blindness;
  }

  boolean seesAll() {
    return blindness.isEmpty();
  }

  void start() {
    service.ifPresent(_ -> thread.start());
  }

  /// Also watches this directory, if it exists.
  void add(Path directory) {
    WatchKey known = directories.get(directory);
    if (service.isEmpty() || (known != null && known.isValid()) || !Files.isDirectory(directory)) {
      return;
    }
    try {
      directories.put(
          directory,
          directory.register(
              service.get(),
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE));
    } catch (ClosedWatchServiceException _) {
      // The agent is being stopped; the next agent will watch.
    } catch (IOException e) {
      String why =
          "the directory "
              + directory
              + " cannot be watched, so the agent looks every few seconds instead: "
              + IoReason.of(e)
              + " (fs.inotify.max_user_watches)";
      if (!blindness.equals(Optional.of(why))) {
        log.warn(why);
      }
      blindness = Optional.of(why);
    }
  }

  private void listen() {
    try {
      while (true) {
        WatchKey key = service.orElseThrow().take();
        Path directory = (Path) key.watchable();
        for (WatchEvent<?> event : key.pollEvents()) {
          tell(directory, event);
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException _) {
      // Closed: the thread ends.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// A defect in the handling of one event must not make us miss the next event.
  private void tell(Path directory, WatchEvent<?> event) {
    try {
      tellListener(directory, event);
    } catch (RuntimeException e) {
      log.warn("a change in " + directory + " was lost because of a defect: " + e);
    }
  }

  private void tellListener(Path directory, WatchEvent<?> event) {
    if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
      listener.overflowed(directory);
    } else if (event.context() instanceof Path name) {
      Path file = directory.resolve(name);
      if (event.kind().equals(StandardWatchEventKinds.ENTRY_DELETE)) {
        listener.disappeared(file);
      } else {
        listener.appeared(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (service.isPresent()) {
      service.get().close();
    }
  }
}

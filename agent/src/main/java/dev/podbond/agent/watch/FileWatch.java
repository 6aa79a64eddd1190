package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Tells when files come and go in some directories (inotify(7)).
///
/// That is how the end of a network namespace is seen: our own sockets in it would keep it alive,
/// and with it the NICs in it, so no event of netlink could tell.
final class FileWatch implements AutoCloseable {
  /// What happened to a file.
  interface Listener {
    void appeared(Path file);

    void disappeared(Path file);

    /// Events were lost in this directory.
    void overflowed(Path directory);
  }

  private final WatchService service;
  private final Listener listener;
  private final AgentLog log;
  private final Map<Path, WatchKey> directories = new ConcurrentHashMap<>();
  private final Thread thread;

  private FileWatch(WatchService service, Listener listener, AgentLog log) {
    this.service = service;
    this.listener = listener;
    this.log = log;
    this.thread = Thread.ofPlatform().name("file-watch").unstarted(this::listen);
  }

  static FileWatch open(Path anywhere, Listener listener, AgentLog log) throws IOException {
    return new FileWatch(anywhere.getFileSystem().newWatchService(), listener, log);
  }

  void start() {
    thread.start();
  }

  /// Watches one more directory, if it is there.
  void add(Path directory) {
    WatchKey known = directories.get(directory);
    if ((known != null && known.isValid()) || !Files.isDirectory(directory)) {
      return;
    }
    try {
      directories.put(
          directory,
          directory.register(
              service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE));
    } catch (IOException e) {
      log.warn("the directory " + directory + " cannot be watched: " + e);
    }
  }

  private void listen() {
    try {
      while (true) {
        WatchKey key = service.take();
        Path directory = (Path) key.watchable();
        for (WatchEvent<?> event : key.pollEvents()) {
          tell(directory, event);
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException _) {
      // The end.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Path directory, WatchEvent<?> event) {
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
    service.close();
  }
}

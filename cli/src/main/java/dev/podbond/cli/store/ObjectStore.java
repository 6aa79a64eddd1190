package dev.podbond.cli.store;

import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.node.state.DurableFile;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The applied objects, in files `<kind>/<namespace>_<name>.json` of one directory, each replaced
/// as a whole. One process at a time has it open. A damaged file is skipped and reported by
/// [#damaged], unless it is requested by name.
public final class ObjectStore implements AutoCloseable {
  private static final String MANIFEST = "manifest";
  private static final String POD = "pod";

  private final Path directory;
  private final Optional<FileChannel> lockFile;
  private final Map<Path, String> damaged = new TreeMap<>();

  private ObjectStore(Path directory, Optional<FileChannel> lockFile) {
    this.directory = directory;
    this.lockFile = lockFile;
  }

  /// Opens a store; creates it if it does not exist.
  ///
  /// @throws StoreException also if another process has it open
  public static ObjectStore open(Path directory) throws StoreException {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new StoreException(
            "another podbond is at work on " + directory + "; wait until it has ended");
      }
      return new ObjectStore(directory, Optional.of(channel));
    } catch (IOException e) {
      throw new StoreException(
          "cannot open "
              + directory
              + ": "
              + IoReason.withFile(e)
              + "; run as root, or name another directory with"
              + " --state-dir",
          e);
    }
  }

  /// Opens a store for reading, beside a writer; a missing store counts as empty.
  public static ObjectStore reading(Path directory) {
    return new ObjectStore(directory, Optional.empty());
  }

  /// The object applied with this key.
  public Optional<ClusterObject> get(ObjectKey key) throws StoreException {
    Path file = file(key);
    Optional<JsonObject> content = content(file);
    return content.isPresent() ? Optional.of(object(file, content.get())) : Optional.empty();
  }

  /// The object applied with this key, if it is of this type.
  public <T extends ClusterObject> Optional<T> get(ObjectKey key, Class<T> type)
      throws StoreException {
    return get(key).filter(type::isInstance).map(type::cast);
  }

  /// The object applied with this key, unless its file is damaged: applying the object anew
  /// replaces the file.
  public Optional<ClusterObject> readable(ObjectKey key) {
    try {
      return get(key);
    } catch (StoreException e) {
      damaged.put(file(key), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// The files skipped so far, each with its error and what to do.
  public List<String> damaged() {
    return List.copyOf(damaged.values());
  }

  /// All objects of a kind, by namespace and name.
  public List<ClusterObject> all(Kind kind) throws StoreException {
    List<ClusterObject> objects = new ArrayList<>();
    for (Path file : files(kind)) {
      try {
        objects.add(object(file, required(file)));
      } catch (StoreException e) {
        damaged.put(file, String.valueOf(e.getMessage()));
      }
    }
    return List.copyOf(objects);
  }

  public List<NodePolicy> policies() throws StoreException {
    return ClusterObject.only(NodePolicy.class, all(Kind.NODE_POLICY));
  }

  public List<NetworkAttachment> attachments() throws StoreException {
    return ClusterObject.only(NetworkAttachment.class, all(Kind.NETWORK_ATTACHMENT));
  }

  /// The pods that were made or begun, by key.
  public Map<ObjectKey, PodState> pods() throws StoreException {
    Map<ObjectKey, PodState> pods = new HashMap<>();
    for (Path file : files(Kind.POD)) {
      try {
        JsonObject content = required(file);
        pods.put(object(file, content).key(), podState(file, content));
      } catch (StoreException e) {
        damaged.put(file, String.valueOf(e.getMessage()));
      }
    }
    return Map.copyOf(pods);
  }

  /// The state of a pod.
  public Optional<PodState> pod(ObjectKey key) throws StoreException {
    Path file = file(key);
    Optional<JsonObject> content = content(file);
    return content.isPresent() ? Optional.of(podState(file, content.get())) : Optional.empty();
  }

  /// Stores an object.
  public void put(ClusterObject object) throws StoreException {
    write(file(object.key()), JsonObject.of(MANIFEST, object.manifest()));
  }

  /// Stores a pod and its state.
  public void put(PodObject pod, PodState state) throws StoreException {
    write(file(pod.key()), JsonObject.of(MANIFEST, pod.manifest(), POD, state.toJson()));
  }

  /// Removes an object, even if its file is damaged.
  ///
  /// @return whether there was one
  public boolean remove(ObjectKey key) throws StoreException {
    try {
      return Files.exists(file(key)) && new DurableFile(file(key)).delete();
    } catch (IOException e) {
      throw new StoreException("cannot remove " + file(key) + ": " + IoReason.of(e), e);
    }
  }

  @Override
  public void close() throws StoreException {
    try {
      if (lockFile.isPresent()) {
        lockFile.get().close();
      }
    } catch (IOException e) {
      throw new StoreException("cannot close " + directory + ": " + IoReason.of(e), e);
    }
  }

  private static ClusterObject object(Path file, JsonObject content) throws StoreException {
    if (content.get(MANIFEST).orElse(JsonObject.of()) instanceof JsonObject manifest) {
      try {
        return ObjectReader.restore(manifest, file.toString());
      } catch (LocatedException e) {
        throw damaged(file, e.getMessage());
      }
    }
    throw damaged(file, "it has no manifest");
  }

  private static PodState podState(Path file, JsonObject content) throws StoreException {
    return PodState.read(
        JsonReader.of(
                content,
                JsonReader.Keys.EXACT,
                (JsonReader.Problems<StoreException>)
                    (_, _, _) -> {
                      throw damaged(file, "it does not tell the state of the pod");
                    })
            .requireObject(POD));
  }

  private static JsonObject required(Path file) throws StoreException {
    return content(file).orElseThrow(() -> damaged(file, "it is not there any more"));
  }

  private static Optional<JsonObject> content(Path file) throws StoreException {
    try {
      return Optional.of(Json.parseObject(Files.readAllBytes(file)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (JsonException e) {
      throw damaged(file, e.getMessage());
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + IoReason.of(e), e);
    }
  }

  private static StoreException damaged(Path file, @Nullable String how) {
    return new StoreException(
        file + " is damaged: " + how + "; delete the file if its object is gone");
  }

  private void write(Path file, JsonObject content) throws StoreException {
    try {
      new DurableFile(file).replace(content.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new StoreException("cannot write " + file + ": " + IoReason.of(e), e);
    }
  }

  private List<Path> files(Kind kind) throws StoreException {
    Path folder = directory.resolve(kind.toString());
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException("cannot list " + folder + ": " + IoReason.of(e), e);
    }
  }

  /// Kubernetes' names contain neither '_' nor '/', so that no two keys share a file.
  private Path file(ObjectKey key) {
    return directory
        .resolve(key.kind().toString())
        .resolve(key.namespace() + "_" + key.name() + ".json");
  }
}

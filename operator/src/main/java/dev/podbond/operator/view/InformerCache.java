package dev.podbond.operator.view;

import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.Rationed;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Objects of one kind in the form that decisions need, kept current by an informer.
///
/// @param <R> the client's type
/// @param <T> must be a record: an update that leaves it equal is ignored
final class InformerCache<R extends HasMetadata, T> implements ResourceEventHandler<R> {
  private final Map<String, T> byPath = new ConcurrentHashMap<>();
  private final Function<R, T> form;
  private final BiConsumer<Optional<T>, Optional<T>> changed;
  private final Room room;

  /// @param changed gets the old and the new value, if they differ
  InformerCache(Function<R, T> form, BiConsumer<Optional<T>, Optional<T>> changed) {
    this(form, changed, new Room(Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  /// @param room for those that are [Rationed]
  InformerCache(Function<R, T> form, BiConsumer<Optional<T>, Optional<T>> changed, Room room) {
    this.form = form;
    this.changed = changed;
    this.room = room;
  }

  Map<String, T> byPath() {
    return byPath;
  }

  @Override
  public void onAdd(R added) {
    keep(added);
  }

  @Override
  public void onUpdate(R old, R updated) {
    keep(updated);
  }

  @Override
  public void onDelete(R deleted, boolean unknownFinalState) {
    var _ =
        Alone.attempt(
            () -> Resources.name(deleted),
            () -> {
              String path = Resources.path(deleted.getMetadata());
              room.leave(path);
              tell(Optional.ofNullable(byPath.remove(path)), Optional.empty());
            });
  }

  /// An unreadable object counts as missing.
  private void keep(R resource) {
    boolean isTaken = Alone.attempt(() -> Resources.name(resource), () -> take(resource));
    forget(resource);
    if (!isTaken) {
      onDelete(resource, false);
    }
  }

  private void take(R resource) {
    String path = Resources.path(resource.getMetadata());
    if (resource instanceof Rationed part) {
      room.take(part.sharer(), path, part.cost());
    }
    T now = form.apply(resource);
    Optional<T> before = Optional.ofNullable(byPath.put(path, now));
    // A failure in the consequences for others must not affect this object.
    var _ = Alone.attempt(() -> Resources.name(resource), () -> tell(before, Optional.of(now)));
  }

  /// The informer keeps its object too, but we need only its name and version from now on: in a
  /// large cluster the rest is most of the memory.
  private static void forget(HasMetadata resource) {
    resource.getMetadata().setManagedFields(null);
    resource.getMetadata().setAnnotations(null);
    if (resource instanceof GenericKubernetesResource generic) {
      generic.setAdditionalProperties(new HashMap<>());
    }
  }

  private void tell(Optional<T> before, Optional<T> now) {
    if (!before.equals(now)) {
      changed.accept(before, now);
    }
  }
}

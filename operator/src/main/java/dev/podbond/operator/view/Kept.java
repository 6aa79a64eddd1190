package dev.podbond.operator.view;

import dev.podbond.json.JsonObject;
import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Objects of one kind in the form in which they are needed, kept up by an informer.
///
/// @param <T> a record, so that what means the same is no change
final class Kept<T> implements ResourceEventHandler<GenericKubernetesResource> {
  private final Map<String, T> byPath = new ConcurrentHashMap<>();
  private final Function<JsonObject, T> form;
  private final BiConsumer<Optional<T>, Optional<T>> changed;

  /// @param changed told what was and what is, if they differ
  Kept(Function<JsonObject, T> form, BiConsumer<Optional<T>, Optional<T>> changed) {
    this.form = form;
    this.changed = changed;
  }

  Map<String, T> byPath() {
    return byPath;
  }

  @Override
  public void onAdd(GenericKubernetesResource added) {
    keep(added);
  }

  @Override
  public void onUpdate(GenericKubernetesResource old, GenericKubernetesResource updated) {
    keep(updated);
  }

  @Override
  public void onDelete(GenericKubernetesResource deleted, boolean unknownFinalState) {
    var _ =
        Alone.attempt(
            () -> Resources.name(deleted),
            () ->
                tell(
                    Optional.ofNullable(byPath.remove(Resources.path(deleted.getMetadata()))),
                    Optional.empty()));
  }

  /// One that cannot be read is as one that is not there.
  private void keep(GenericKubernetesResource resource) {
    if (!Alone.attempt(() -> Resources.name(resource), () -> take(resource))) {
      onDelete(resource, false);
    }
  }

  private void take(GenericKubernetesResource resource) {
    T now = form.apply(Resources.json(resource));
    forget(resource);
    Optional<T> before =
        Optional.ofNullable(byPath.put(Resources.path(resource.getMetadata()), now));
    // What follows for others is not this object's.
    var _ = Alone.attempt(() -> Resources.name(resource), () -> tell(before, Optional.of(now)));
  }

  /// The informer keeps its object as well, of which nothing is needed any more but its name and
  /// version: in a large cluster that is most of the memory.
  private static void forget(GenericKubernetesResource resource) {
    resource.getMetadata().setManagedFields(null);
    resource.getMetadata().setAnnotations(null);
    resource.setAdditionalProperties(new HashMap<>());
  }

  private void tell(Optional<T> before, Optional<T> now) {
    if (!before.equals(now)) {
      changed.accept(before, now);
    }
  }
}

package dev.podbond.operator.view;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The informer's own store; it keeps only name and version. Otherwise the informer would hold a
/// whole list before it reports the first object, and again whenever it lists anew.
final class NameOnlyStore<R extends HasMetadata> implements ItemStore<R> {
  private final Map<String, R> byKey = new ConcurrentHashMap<>();
  private final Supplier<R> make;

  /// @param make makes an empty object
  NameOnlyStore(Supplier<R> make) {
    this.make = make;
  }

  @Override
  public String getKey(R object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public @Nullable R put(String key, R object) {
    R shell = make.get();
    shell.setMetadata(object.getMetadata());
    return byKey.put(key, shell);
  }

  @Override
  public @Nullable R remove(String key) {
    return byKey.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return byKey.keySet().stream();
  }

  @Override
  public Stream<R> values() {
    return byKey.values().stream();
  }

  @Override
  public @Nullable R get(String key) {
    return byKey.get(key);
  }

  @Override
  public int size() {
    return byKey.size();
  }

  @Override
  public boolean isFullState() {
    return false;
  }
}

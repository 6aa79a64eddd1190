package dev.podbond.operator.observe;

import dev.podbond.cluster.observed.News;
import dev.podbond.operator.kubernetes.Events;
import io.fabric8.kubernetes.api.model.Event;
import java.util.function.Consumer;

/// The events that tell of bonds, on their way to the API server. Those of nodes and those of pods
/// do not wait for each other, and of pods no namespace's have all the turns: its owner can have
/// each of them last until it times out.
final class EventWrites implements AutoCloseable {
  private final Writes ofNodes = Writes.once("events of nodes", 25, 2, 3000);
  private final Writes ofPods = Writes.once("events of pods", 25, 2, 3000);
  private final Consumer<Event> create;
  private long told;

  /// @param create creates an event; fails if it throws
  EventWrites(Consumer<Event> create) {
    this.create = create;
  }

  /// Has news told by an event. Each is an object of its own.
  synchronized void tell(News news) {
    told++;
    String key = Long.toString(told);
    switch (news.about()) {
      case News.Pod(var namespace, var name, var uid, var node) -> {
        Event event =
            Events.ofPod(namespace, name, uid, node, news.isBad(), news.reason(), news.message());
        ofPods.add(namespace, key, () -> create.accept(event));
      }
      case News.Node(var name) -> {
        Event event = Events.ofNode(name, news.isBad(), news.reason(), news.message());
        ofNodes.add(key, () -> create.accept(event));
      }
    }
  }

  @Override
  public void close() {
    ofNodes.close();
    ofPods.close();
  }
}

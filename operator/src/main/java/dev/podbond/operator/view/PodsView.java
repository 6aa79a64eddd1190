package dev.podbond.operator.view;

import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.PodDevices;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The pods that hold devices or asked for networks, as an informer reports them.
final class PodsView implements ResourceEventHandler<PodDevices> {
  private final DeviceCounts devices = new DeviceCounts();
  private final PodIndex index = new PodIndex();
  private final Consumer<Set<String>> devicesChanged;
  private final Consumer<PodDevices> networksChanged;

  /// @param devicesChanged learns of which resources pods now hold more or fewer
  /// @param networksChanged learns of each pod with networks that has come, changed or gone
  PodsView(Consumer<Set<String>> devicesChanged, Consumer<PodDevices> networksChanged) {
    this.devicesChanged = devicesChanged;
    this.networksChanged = networksChanged;
  }

  /// How many devices pods hold.
  DeviceCounts devices() {
    return devices;
  }

  /// Those of a node that asked for networks and do not end.
  List<PodDevices> on(String node) {
    return staying(index.on(node));
  }

  /// Those that asked for a network and do not end.
  ///
  /// @param network its path
  List<PodDevices> using(String network) {
    return staying(index.using(network));
  }

  private static List<PodDevices> staying(List<PodDevices> pods) {
    return pods.stream().filter(pod -> !pod.isEnding()).toList();
  }

  /// The nodes with pods that asked for networks.
  Set<String> nodes() {
    return index.nodes();
  }

  @Override
  public void onAdd(PodDevices pod) {
    alone(pod, () -> devicesChanged.accept(devices.add(pod)));
    note(index::add, pod);
  }

  @Override
  public void onUpdate(PodDevices old, PodDevices pod) {
    if (!old.devices().equals(pod.devices()) || !old.node().equals(pod.node())) {
      alone(old, () -> devicesChanged.accept(devices.remove(old)));
      alone(pod, () -> devicesChanged.accept(devices.add(pod)));
    }
    if (!old.networks().equals(pod.networks())
        || !old.node().equals(pod.node())
        || !old.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
      index.remove(old);
    }
    if (!old.conditions().equals(pod.conditions())
        || old.isEnding() != pod.isEnding()
        || !old.networks().equals(pod.networks())
        || !old.node().equals(pod.node())) {
      note(index::add, pod);
    } else {
      index.add(pod);
    }
  }

  @Override
  public void onDelete(PodDevices pod, boolean unknownFinalState) {
    alone(pod, () -> devicesChanged.accept(devices.remove(pod)));
    note(index::remove, pod);
  }

  private void note(Consumer<PodDevices> step, PodDevices pod) {
    if (!pod.networks().isEmpty()) {
      alone(
          pod,
          () -> {
            step.accept(pod);
            networksChanged.accept(pod);
          });
    }
  }

  private static void alone(PodDevices pod, Runnable step) {
    var _ = Alone.attempt(() -> Resources.name(pod), step);
  }
}

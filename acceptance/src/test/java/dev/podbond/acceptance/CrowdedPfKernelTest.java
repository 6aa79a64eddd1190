package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// As many pods as one PF has VFs use all of them. Then a reboot removes the pods and the kernel's
/// state, but leaves the state directory.
class CrowdedPfKernelTest extends PodTest {
  private static final int VFS = 7;
  private static final Path CONTROL = Path.of("/sys/class/net/pf0/device/sriov_numvfs");

  @BeforeAll
  static void makeVfs() throws Exception {
    Iproute2.ofHost().run("link set pf0 up");
    Eventually.is("pf0 has a carrier", () -> Iproute2.ofHost().link("pf0").hasCarrier());
    renew();
  }

  private static void renew() throws Exception {
    Files.writeString(CONTROL, "0");
    Files.writeString(CONTROL, Integer.toString(VFS));
    for (int index = 0; index < VFS; index++) {
      Vf vf = VfTest.vf("pf0", index);
      Eventually.is(vf + " has an interface", vf::isHome);
      vf.beItself("pf0v" + index);
    }
  }

  @AfterAll
  static void removeVfs() throws Exception {
    Files.writeString(CONTROL, "0");
    Iproute2.ofHost().run("link set pf0 down");
  }

  private PluginCall call(Pod who, int index) throws IOException {
    return node.sriov(
        who,
        "net1",
        Network.sriov(
            VfTest.vf("pf0", index).pci(),
            "'trust': 'on', 'mac': '02:00:00:00:07:0%d'".formatted(index)));
  }

  private static List<CompletableFuture<Outcome>> begin(List<PluginCall> calls, String verb) {
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    for (PluginCall call : calls) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Thread.ofPlatform().start(() -> outcome.complete(call.run(verb)));
      outcomes.add(outcome);
    }
    return outcomes;
  }

  @Test
  void sevenPodsAtOnceAndAReboot() throws Exception {
    Snapshot before = node.snapshot();
    List<Pod> pods = new ArrayList<>();
    try {
      List<PluginCall> calls = new ArrayList<>();
      for (int index = 0; index < VFS; index++) {
        pods.add(Pod.create());
        calls.add(call(pods.getLast(), index));
      }
      for (CompletableFuture<Outcome> one : begin(calls, "ADD")) {
        one.get(120, TimeUnit.SECONDS).ok();
      }
      for (Pod one : pods) {
        assertThat(one.ip().find("net1")).isPresent();
      }
      for (CompletableFuture<Outcome> one : begin(calls, "DEL")) {
        one.get(120, TimeUnit.SECONDS).ok();
      }
      assertThat(node.snapshot().differences(before)).isEmpty();

      for (CompletableFuture<Outcome> one : begin(calls, "ADD")) {
        one.get(120, TimeUnit.SECONDS).ok();
      }
      for (Pod one : pods) {
        one.destroy();
      }
      // A boot: VFs are made anew, namespaces are gone, records stay.
      Eventually.is("the VFs are home", () -> VfTest.vf("pf0", VFS - 1).isHome());
      renew();
      for (PluginCall one : calls) {
        one.del().ok();
      }
      assertThat(node.state()).isEmpty();
      try (Pod next = Pod.create()) {
        PluginCall again = call(next, 0);
        again.add().ok();
        again.del().ok();
      }
      assertThat(node.state()).isEmpty();
    } finally {
      for (Pod one : pods) {
        one.close();
      }
    }
  }
}

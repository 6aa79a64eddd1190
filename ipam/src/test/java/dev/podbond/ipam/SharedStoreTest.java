package dev.podbond.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ours and the real host-local at work on one store at once.
final class SharedStoreTest {
  private static final int PODS = 1200;
  private static final int REAL_ONES_IN = 8;

  @TempDir Path directory;

  private static PluginExec of(int pod) {
    return pod % REAL_ONES_IN == 0 ? Peer.exec() : Pods.ours();
  }

  @Test
  void noAddressIsGivenTwiceAndAllComeBack() throws Exception {
    Pods pods = new Pods(directory, "10.1.0.0/16");

    List<String> given = all(pods, "ADD", 0);
    assertThat(given).hasSize(PODS).doesNotHaveDuplicates();
    assertThat(Store.of(directory, false).keySet())
        .filteredOn(name -> name.startsWith("net/10."))
        .containsExactlyInAnyOrderElementsOf(
            given.stream().map(address -> "net/" + address).toList());

    // Each is released by whoever did not give it.
    all(pods, "DEL", 1);
    assertThat(Store.of(directory, false).keySet())
        .containsExactlyInAnyOrder("net", "net/lock", "net/last_reserved_ip.0");
  }

  /// A range that is nearly exhausted: as many get an address as there are addresses.
  @Test
  void aRangeIsGivenAwayToItsLastAddress() throws Exception {
    Pods pods = new Pods(directory, "10.2.0.0/26");

    List<String> given = all(pods, "ADD", 0, 100);

    assertThat(given.stream().filter(address -> !address.isEmpty()))
        .hasSize(61)
        .doesNotHaveDuplicates();
  }

  private static List<String> all(Pods pods, String verb, int shift) throws Exception {
    return all(pods, verb, shift, PODS);
  }

  private static List<String> all(Pods pods, String verb, int shift, int count) throws Exception {
    List<Future<String>> calls = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (int i = 0; i < count; i++) {
        int pod = i;
        calls.add(threads.submit(() -> address(pods.with(of(pod + shift), verb, "pod" + pod))));
      }
    }
    List<String> addresses = new ArrayList<>();
    for (Future<String> call : calls) {
      addresses.add(result(call, count < PODS));
    }
    return addresses;
  }

  /// @param mayFail for want of an address: then the text is empty
  private static String result(Future<String> call, boolean mayFail) throws Exception {
    try {
      return call.get();
    } catch (ExecutionException e) {
      if (mayFail
          && e.getCause() instanceof CniException failure
          && failure.getMessage().contains("no IP addresses available in range set")) {
        return "";
      }
      throw e;
    }
  }

  private static String address(String output) throws CniException {
    return output.isEmpty()
        ? ""
        : CniResult.parse(output, CniVersion.DEFAULT)
            .ips()
            .getFirst()
            .address()
            .address()
            .getHostAddress();
  }
}

package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.cni.spec.CniError;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniIp;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.value.IpPrefix;
import java.nio.charset.StandardCharsets;

/// Results of IPAM plugins, results of earlier plugins in a chain, and errors of plugins.
class CniResultFuzz {
  /// Every result that we can read can be written in every CNI version, and can be read again.
  @FuzzTest
  void result(byte[] bytes) throws CniException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    for (CniVersion named : CniVersion.all()) {
      CniResult result;
      try {
        result = CniResult.parse(text, named);
      } catch (CniException e) {
        saysWhat(e);
        continue;
      }
      for (CniVersion version : CniVersion.all()) {
        JsonObject told = result.toJson(version);
        CniResult again = CniResult.parse(told.toString(), version);
        assertThat(again.toJson(version)).isEqualTo(told);
      }
      result.ips().forEach(CniResultFuzz::isUsable);
    }
  }

  @FuzzTest
  void prevResult(byte[] bytes) throws CniException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      NetworkConfig config = NetworkConfig.parse(text);
      for (CniVersion version : CniVersion.all()) {
        var before = config.prevResult(version);
        if (before.isPresent()) {
          JsonObject told = before.get().toJson(version);
          assertThat(CniResult.parse(told, version).toJson(version)).isEqualTo(told);
        }
      }
    } catch (CniException e) {
      saysWhat(e);
    }
  }

  @FuzzTest
  void error(byte[] bytes) {
    try {
      CniError error = CniError.parse(new String(bytes, StandardCharsets.UTF_8));
      assertThat(CniError.parse(error.toJson().toString())).isEqualTo(error);
    } catch (JsonException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  private static void saysWhat(CniException e) {
    assertThat(e.error().msg()).isNotEmpty();
    assertThat(e.error().code()).isNotNull();
  }

  private static void isUsable(CniIp ip) {
    new IpPrefix(ip.address().address(), ip.address().length());
  }
}

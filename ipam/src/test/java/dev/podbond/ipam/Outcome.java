package dev.podbond.ipam;

import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import java.util.Map;

/// What came of a call, in a form that can be compared.
record Outcome(String told) {
  static Outcome of(PluginExec exec, String type, Map<String, String> env, String stdin) {
    try {
      String out = exec.run(type, env, stdin);
      return new Outcome(out.isBlank() ? "success" : result(out));
    } catch (CniException e) {
      return new Outcome("failure " + e.code() + ": " + e.error());
    }
  }

  /// Read and written again, so that blanks and the order of members do not count; the layout of
  /// each version does.
  private static String result(String out) {
    try {
      JsonObject json = Json.parseObject(out);
      String version = json.get("cniVersion").orElseThrow().toString();
      return version
          + (json.get("ip4").isPresent() || json.get("ip6").isPresent() ? " old " : " ")
          + CniResult.parse(json, CniVersion.DEFAULT).toJson(CniVersion.V1_1_0);
    } catch (JsonException | CniException e) {
      throw new AssertionError(out, e);
    }
  }

  boolean isSuccess() {
    return !told.startsWith("failure");
  }
}

package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;

/// The result of one call of a plugin: exit code, stdout, stderr.
record Outcome(int exitCode, String stdout, String stderr) {
  /// It succeeded.
  Outcome ok() {
    assertThat(exitCode).as("exit code; %s %s", stdout, stderr).isZero();
    return this;
  }

  /// It failed with this code, and its message has all of these parts.
  Outcome failed(int code, String... parts) {
    assertThat(exitCode).as("exit code; %s", stdout).isEqualTo(1);
    assertThat(message()).contains(parts);
    assertThat(SeenLink.text(json(), "code")).as(message()).isEqualTo(Integer.toString(code));
    return this;
  }

  /// It succeeded and has these words in a warning.
  Outcome warned(String... parts) {
    ok();
    assertThat(stderr).contains(parts);
    return this;
  }

  JsonObject json() {
    try {
      return Json.parseObject(stdout);
    } catch (JsonException e) {
      throw new AssertionError("no JSON on stdout: " + stdout + stderr, e);
    }
  }

  String message() {
    return SeenLink.text(json(), "msg") + " " + SeenLink.text(json(), "details");
  }

  /// The only interface of a result.
  JsonObject onlyInterface() {
    assertThat(SeenLink.objects(json(), "interfaces")).hasSize(1);
    return SeenLink.objects(json(), "interfaces").getFirst();
  }
}

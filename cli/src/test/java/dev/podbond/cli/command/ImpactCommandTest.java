package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `podbond impact` says.
final class ImpactCommandTest {
  private static final String A = "ens1f0 0000:3b:00.0";
  private static final String B = "ens2f0 0000:5e:00.0";
  private static final JsonObject ONE =
      SomeBonds.said(
          "demo/one", "active-backup", "net1", Health.HEALTHY, "net1 up " + A, "net2 up " + B);
  private static final JsonObject TWO =
      SomeBonds.said(
          "demo/two", "active-backup", "net2", Health.DEGRADED, "net1 down " + A, "net2 up " + B);

  @TempDir Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int impact(JsonObject answer, String... arguments) throws Exception {
    Path socket = scratch.resolve("agent.sock");
    try (FakeAgent _ = FakeAgent.ofBonds(socket, new ArrayDeque<>(List.of(answer.toString())))) {
      Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true));
      return new Root(console, Map.of("PODBOND_SOCKET", socket.toString()), Optional.empty())
          .run(Stream.concat(Stream.of("impact"), Stream.of(arguments)).toArray(String[]::new));
    }
  }

  @Test
  void theLossOfOnePfIsSurvived() throws Exception {
    assertThat(impact(SomeBonds.answer(ONE, TWO), "--pf", "ens1f0")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString())
        .isEqualTo(
            """
            POD        BOND    MODE            OUTCOME          LOST   LEFT
            demo/one   bond0   active-backup   fails over       net1   net2
            demo/two   bond0   active-backup   stays as it is   net1   net2
            If PF ens1f0 (0000:3b:00.0) went: no bond would go down, 1 would fail over, 1 would stay as it is.
            """);
    assertThat(err.toString()).isEmpty();
  }

  /// The bonds that it does not know yet may be those that go down.
  @Test
  void anAgentThatHasJustStartedForecastsNothingGood() throws Exception {
    assertThat(impact(SomeBonds.starting(ONE), "--pf", "ens1f0")).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).contains("warning: the agent has just started");
  }

  @Test
  void theLossOfTheOtherIsNot() throws Exception {
    assertThat(impact(SomeBonds.answer(ONE, TWO), "--card", "5e:00")).isEqualTo(ExitCodes.FAILED);
    assertThat(out.toString())
        .contains("goes down")
        .endsWith(
            "If PF ens2f0 (0000:5e:00.0) went: 1 bond would go down, 1 would only lose"
                + " redundancy.\n");
  }

  @Test
  void whatIsLeftWithABadUplinkKeepsNoBondUpAndHasAMark() throws Exception {
    JsonObject answer = SomeBonds.withBadUplinks(SomeBonds.answer(ONE), B);
    assertThat(impact(answer, "--pf", "ens1f0")).isEqualTo(ExitCodes.FAILED);
    assertThat(out.toString())
        .isEqualTo(
            """
            POD        BOND    MODE            OUTCOME     LOST   LEFT
            demo/one   bond0   active-backup   goes down   net1   net2!
            If PF ens1f0 (0000:3b:00.0) went: 1 bond would go down.
            Of those that would go down, 1 would keep only members with a bad uplink (!)
            """);
    out.getBuffer().setLength(0);
    assertThat(impact(answer, "--pf", "ens1f0", "-o", "json")).isEqualTo(ExitCodes.FAILED);
    assertThat(Json.parseObject(out.toString()).toString())
        .contains("\"onlyDeadEnds\":1", "\"left\":[],\"deadEnds\":[\"net2\"]");
  }

  @Test
  void aStormIsToldBesideTheForecast() throws Exception {
    JsonObject answer =
        SomeBonds.withBadUplinks(SomeBonds.answer(ONE), A, B)
            .with("uplinkStorm", new JsonString("2 of 2 \u001b[2J"));
    assertThat(impact(answer, "--pf", "ens1f0")).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString())
        .isEqualTo(
            "podbond: warning: so many uplinks of this node look bad that no bond leaves one: 2 of"
                + " 2 <001b>[2J\n");
  }

  @Test
  void aProgramGetsTheSame() throws Exception {
    assertThat(impact(SomeBonds.answer(ONE, TWO), "--pf=ens2f0", "--pf=ens1f0", "-o", "json"))
        .isEqualTo(ExitCodes.FAILED);
    JsonObject said = Json.parseObject(out.toString());
    assertThat(LenientObject.objects(said, "pfs")).hasSize(2);
    assertThat(LenientObject.number(LenientObject.object(said, "summary"), "down")).hasValue(2);
    assertThat(LenientObject.objects(said, "bonds").getFirst())
        .hasToString(
            "{\"pod\":\"demo/one\",\"bond\":\"bond0\",\"mode\":\"active-backup\","
                + "\"outcome\":\"goes down\",\"lost\":[\"net1\",\"net2\"],\"left\":[],"
                + "\"deadEnds\":[]}");
  }

  @Test
  void whatIsNotKnownIsNamedBesideWhatIs() throws Exception {
    assertThat(impact(SomeBonds.answer(ONE), "--pf", "eth0")).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString())
        .contains("a PF \"eth0\"", "ens1f0 (0000:3b:00.0), ens2f0 (0000:5e:00.0)");
    assertThat(impact(SomeBonds.answer(ONE))).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void noNameCommandsTheTerminal() throws Exception {
    JsonObject hostile =
        SomeBonds.said(
            "demo/\u001b[2J\nx", "802.3ad", "", Health.HEALTHY, "net1 up " + A, "net\u009b2 up");
    assertThat(impact(SomeBonds.answer(hostile), "--pf", "ens1f0")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString() + err)
        .contains("demo/<001b>[2J<000a>x", "net<009b>2 of bond0")
        .doesNotContain("\u001b", "\u009b");
  }
}

package dev.podbond.cli.command;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.bond.KnownUpstream;
import dev.podbond.cli.show.BondStory;
import dev.podbond.cli.show.SurvivesColumn;
import dev.podbond.cli.show.Table;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `podbond status`: the state of this node's bonds, which its agent learns from the kernel's
/// events.
final class StatusCommand implements Subcommand {
  private static final List<String> COLUMNS =
      List.of("pod", "bond", "mode", "active", "members", "problems");

  private static final String WIDE = "wide";
  private static final String JSON = "json";
  private static final List<String> OUTPUTS = List.of("table", WIDE, JSON);

  private static final String WAIT = "--wait";
  private static final String USUAL_WAIT = "5m";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Console console;
  private final AgentSocket agent;
  private final Timepiece time;

  /// @param env the environment, which may name the socket, as for shims
  StatusCommand(Console console, Map<String, String> env, Timepiece time) {
    this.console = console;
    this.agent = AgentSocket.in(env);
    this.time = time;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        agent
            .command("status")
            .addOption(
                OutputOption.spec(
                    OUTPUTS, "how to show it (${DEFAULT-VALUE}); wide adds what a bond survives"))
            .addOption(
                OptionSpec.builder(WAIT)
                    .type(String.class)
                    .paramLabel("DURATION")
                    .arity("0..1")
                    .fallbackValue(USUAL_WAIT)
                    .preprocessor(StatusCommand::onlyAttached)
                    .description(
                        "wait until all of them are healthy and none has a bad uplink, at most so"
                            + " long ("
                            + USUAL_WAIT
                            + " if none is given)")
                    .build())
            .addPositional(
                BondOperand.spec(
                    "show all that is known of the bonds of this pod, or of this name: since when"
                        + " they are so, their hardware, and their last changes"));
    spec.usageMessage()
        .description(
            "Shows how the bonds of this node are, as its agent knows them. Exits with 1 if one of"
                + " them is not healthy, or has a member with a bad uplink.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    String output = OutputOption.word(arguments, OUTPUTS);
    Optional<Duration> limit = DurationOption.of(arguments, WAIT);
    String wanted = BondOperand.of(arguments);
    KnownBonds known =
        limit.isPresent()
            ? awaitWell(arguments, wanted, limit.get())
            : AgentSocket.bonds(arguments);
    List<KnownBond> bonds = known.of(wanted);
    if (bonds.isEmpty() && !wanted.isEmpty()) {
      throw new FailureException(
          known.isStarting()
              ? KnownBonds.STARTING
              : BondOperand.unknown(wanted) + "; `podbond status` lists all");
    }
    List<JsonObject> said = bonds.stream().map(KnownBond::said).toList();
    if (output.equals(JSON)) {
      console.say(new JsonArray(List.copyOf(said)));
    } else if (!wanted.isEmpty()) {
      said.forEach(bond -> BondStory.lines(bond).forEach(console::say));
      known.upstreamsOf(bonds).stream().flatMap(KnownUpstream::lines).forEach(console::say);
    } else {
      Table table = new Table(COLUMNS, said.stream().map(StatusCommand::row).toList());
      console.out().println((output.equals(WIDE) ? SurvivesColumn.in(table) : table).toText());
    }
    known.limits().forEach(text -> console.complain("warning: " + text));
    // A bond is as healthy as before, and loses its traffic on this path all the same.
    known.upstreamsOf(bonds).stream()
        .filter(KnownUpstream::isBad)
        .flatMap(upstream -> upstream.line().stream())
        .forEach(line -> console.complain("warning: " + line));
    if (known.areWell(bonds) && !known.isStarting()) {
      return ExitCodes.DONE;
    }
    if (limit.isPresent()) {
      console.complain("not healthy after " + DurationOption.text(limit.get()) + ":");
      known.reasons(bonds).forEach(console::complain);
    }
    return ExitCodes.FAILED;
  }

  /// Asks until all bonds are healthy and none has a bad uplink, or until the time is over,
  /// whatever the agent does.
  ///
  /// @return the last answer
  /// @throws FailureException if the agent does not answer any more
  private KnownBonds awaitWell(ParseResult arguments, String wanted, Duration limit)
      throws FailureException {
    Duration end = time.elapsed().plus(limit);
    String said = "";
    Optional<KnownBonds> last = Optional.empty();
    while (true) {
      Optional<FailureException> failure = Optional.empty();
      String waitsFor;
      try {
        KnownBonds known = AgentSocket.bonds(arguments, end.minus(time.elapsed()));
        last = Optional.of(known);
        List<KnownBond> bonds = known.of(wanted);
        boolean isThere = wanted.isEmpty() || !bonds.isEmpty();
        if (isThere && known.areWell(bonds) && !known.isStarting()) {
          return known;
        }
        waitsFor =
            known.isStarting()
                ? KnownBonds.STARTING
                : isThere
                    ? known.sum(bonds)
                    : "the agent of this node knows no bond of a pod \"" + wanted + "\" yet";
      } catch (FailureException e) {
        failure = Optional.of(e);
        // An agent that was asked in the last moment has not failed to answer.
        last = end.minus(time.elapsed()).isPositive() ? Optional.empty() : last;
        waitsFor = e.getMessage() + "";
      }
      Duration left = end.minus(time.elapsed());
      if (left.isPositive() && !waitsFor.equals(said)) {
        console.complain("waiting: " + waitsFor);
        said = waitsFor;
      }
      try {
        time.sleep(pause(left));
      } catch (InterruptedException e) {
        throw new FailureException(e);
      }
      if (!end.minus(time.elapsed()).isPositive()) {
        if (last.isPresent()) {
          return last.get();
        }
        throw failure.orElseThrow();
      }
    }
  }

  private static Duration pause(Duration left) {
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(PAUSE) < 0 ? left : PAUSE;
  }

  /// What follows `--wait` after a space is a pod or a bond, and no duration.
  private static boolean onlyAttached(
      Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> known) {
    if (!"=".equals(known.get("separator"))) {
      arguments.push(USUAL_WAIT);
    }
    return false;
  }

  /// Of the members only what the table has room for.
  private static JsonObject row(JsonObject bond) {
    JsonArray members =
        new JsonArray(
            LenientObject.objects(bond, "members").stream()
                .map(member -> member.without("pci").without("pf"))
                .map(member -> (JsonValue) member.without("pfPci").without("driver"))
                .toList());
    return bond.with("members", members);
  }
}

package dev.podbond.cli.command;

import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.bond.KnownTraffic;
import dev.podbond.cli.top.Rates;
import dev.podbond.cli.top.TopFrame;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// `podbond top`: a live view of this node's bonds.
final class TopCommand implements Subcommand {
  private static final String INTERVAL = "--interval";
  private static final String BATCH = "--batch";
  private static final Duration USUAL = Duration.ofSeconds(1);

  /// More often nobody can read it, and the agent has other work.
  private static final Duration LEAST = Duration.ofMillis(200);

  /// Rates are worth no longer wait: the agent answers about traffic within a second or so.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final int MOST_COLUMNS = 1000;

  private final Console console;
  private final AgentSocket agent;
  private final Timepiece time;
  private final Terminal terminal;
  private final boolean colours;

  /// @param env the environment, which may name the socket, as for shims, and rule out colours
  TopCommand(Console console, Map<String, String> env, Timepiece time, Terminal terminal) {
    this.console = console;
    this.agent = AgentSocket.in(env);
    this.time = time;
    this.terminal = terminal;
    this.colours = env.getOrDefault("NO_COLOR", "").isEmpty();
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        agent
            .command("top")
            .addOption(
                OptionSpec.builder(INTERVAL)
                    .type(String.class)
                    .paramLabel("DURATION")
                    .description("how often it is renewed (1s)")
                    .build())
            .addOption(
                OptionSpec.builder("-b", BATCH)
                    .type(Integer.class)
                    .paramLabel("N")
                    .description("print so many frames one below the other, and end")
                    .build());
    spec.usageMessage()
        .description(
            "Shows this node's bonds as its agent knows them, the worst first, and renews it until it"
                + " is interrupted. Where the output is no terminal it prints one frame below the"
                + " other.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    Duration interval = DurationOption.of(arguments, INTERVAL).orElse(USUAL);
    Optional<Integer> frames = Optional.ofNullable(arguments.matchedOptionValue(BATCH, null));
    if (interval.compareTo(LEAST) < 0 || frames.filter(count -> count < 1).isPresent()) {
      throw new ParameterException(
          arguments.commandSpec().commandLine(),
          INTERVAL + " is 200ms at least, and " + BATCH + " 1 at least");
    }
    KnownBonds first = AgentSocket.bonds(arguments);
    try {
      if (frames.isPresent() || !terminal.isLive()) {
        printed(arguments, first, interval, frames.orElse(Integer.MAX_VALUE));
      } else {
        live(arguments, first, interval);
      }
    } catch (InterruptedException _) {
      return ExitCodes.DONE;
    }
    return ExitCodes.DONE;
  }

  private void live(ParseResult arguments, KnownBonds first, Duration interval)
      throws InterruptedException {
    try (Screen screen = Screen.enter(console.out(), colours)) {
      TopFrame frame = frame(first, rates(arguments, Rates.NONE));
      while (console.isWritten()) {
        Terminal.Size size = terminal.size();
        screen.show(frame.lines(size.rows(), size.columns()));
        time.sleep(interval);
        frame = next(arguments, frame);
      }
    }
  }

  /// Whole frames, however large the terminal is.
  private void printed(ParseResult arguments, KnownBonds first, Duration interval, int frames)
      throws InterruptedException {
    // One frame alone has nothing to hold an answer against.
    TopFrame frame = frame(first, frames == 1 ? Rates.NONE : rates(arguments, Rates.NONE));
    for (int i = 0; i < frames && console.isWritten(); i++) {
      if (i > 0) {
        time.sleep(interval);
        frame = next(arguments, frame);
        console.say("");
      }
      frame.lines(Integer.MAX_VALUE, MOST_COLUMNS).forEach(line -> console.say(line.text()));
    }
  }

  /// What is known by now; what was known last, if the agent does not answer.
  private TopFrame next(ParseResult arguments, TopFrame last) {
    try {
      return frame(AgentSocket.bonds(arguments), rates(arguments, last.rates()));
    } catch (FailureException e) {
      return new TopFrame(
          last.bonds(),
          last.rates().unknown(),
          time.now(),
          Optional.of("as before: " + e.getMessage()));
    }
  }

  /// None of an agent that does not know what members have carried, as one of an earlier release.
  private Rates rates(ParseResult arguments, Rates last) {
    if (!last.isDue(time.elapsed())) {
      return last;
    }
    try {
      KnownTraffic traffic =
          KnownTraffic.of(AgentSocket.ask(arguments, "metrics traffic", PATIENCE));
      return last.after(traffic, time.elapsed());
    } catch (FailureException _) {
      return last.unknown();
    }
  }

  private TopFrame frame(KnownBonds known, Rates rates) {
    return new TopFrame(
        known.bonds(),
        rates,
        time.now(),
        known.isStarting() ? Optional.of(KnownBonds.STARTING) : Optional.empty());
  }
}

package dev.podbond.cli.command;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.watch.BondEvent;
import dev.podbond.cli.watch.BondWatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `podbond watch [POD|BOND]`: a line for each change of this node's bonds, as it happens.
final class WatchCommand implements Subcommand {
  private static final String FOR = "--for";

  /// Before it asks an agent again that did not answer.
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /// Between two questions: a bond that flaps does not keep the agent busy with answers.
  private static final Duration BREATH = Duration.ofMillis(200);

  /// An agent reads all records at its start. What it does not name by then is gone.
  private static final Duration SETTLING = Duration.ofSeconds(10);

  /// Asked all the same, should news be lost.
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Console console;
  private final AgentSocket agent;
  private final Timepiece time;

  /// @param env the environment, which may name the socket, as for shims
  WatchCommand(Console console, Map<String, String> env, Timepiece time) {
    this.console = console;
    this.agent = AgentSocket.in(env);
    this.time = time;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        agent
            .command("watch")
            .addOption(OutputOption.spec())
            .addOption(
                OptionSpec.builder(FOR)
                    .type(String.class)
                    .paramLabel("DURATION")
                    .description("end after so long; otherwise it goes on until it is interrupted")
                    .build())
            .addPositional(
                BondOperand.spec(
                    "show only what happens to the bonds of this pod, or of this name"));
    spec.usageMessage()
        .description(
            "Prints a line for each change of this node's bonds, as it happens: when, which bond,"
                + " what, why, and how it is now. It goes on when the agent is restarted. With -o"
                + " json each line is an object.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    OutputOption output = OutputOption.of(arguments);
    Duration limit = DurationOption.of(arguments, FOR).orElse(Duration.ofDays(36_500));
    String wanted = BondOperand.of(arguments);
    Duration end = time.elapsed().plus(limit);
    try {
      Watching watching =
          new Watching(
              () -> AgentNews.of(AgentSocket.path(arguments), time),
              atMost -> AgentSocket.bonds(arguments, atMost),
              wanted,
              output);
      List<KnownBond> first = watching.first(end);
      console.complain(
          "watching %d bonds, %d of them not healthy"
              .formatted(first.size(), first.stream().filter(bond -> !bond.healthy()).count()));
      watching.go(BondWatch.of(first), end);
    } catch (InterruptedException _) {
      return ExitCodes.DONE;
    }
    if (!console.isWritten()) {
      throw new FailureException("the output takes no more lines");
    }
    return ExitCodes.DONE;
  }

  /// Asks an agent for its bonds.
  interface Question {
    /// Asks, and waits for the answer.
    ///
    /// @param atMost how long
    KnownBonds ask(Duration atMost) throws FailureException;
  }

  /// One run. Visible for tests, which have an agent of their own.
  final class Watching {
    private final Supplier<? extends BondNews> listen;
    private final Question question;
    private final String wanted;
    private final OutputOption output;

    Watching(
        Supplier<? extends BondNews> listen,
        Question question,
        String wanted,
        OutputOption output) {
      this.listen = listen;
      this.question = question;
      this.wanted = wanted;
      this.output = output;
    }

    /// The bonds that are there at the beginning. An agent that has just started is asked again:
    /// what it sees a second later has not happened by then.
    List<KnownBond> first(Duration end) throws FailureException, InterruptedException {
      KnownBonds known = question.ask(end.minus(time.elapsed()));
      if (known.isStarting()) {
        console.complain(KnownBonds.STARTING);
      }
      while (known.isStarting() && time.elapsed().plus(AGAIN).compareTo(end) < 0) {
        time.sleep(AGAIN);
        known = question.ask(end.minus(time.elapsed()));
      }
      return known.of(wanted);
    }

    /// Goes on until the end, or until nothing can be written any more.
    void go(BondWatch first, Duration end) throws InterruptedException {
      BondWatch seen = first;
      BondNews news = listen.get();
      boolean answers = true;
      Duration settled = Duration.ZERO;
      boolean settling = false;
      try {
        while (console.isWritten()) {
          Duration now = time.elapsed();
          if (now.compareTo(end) >= 0) {
            return;
          }
          Duration wait = least(end.minus(now), settling ? settled.minus(now) : LONG);
          boolean isSame = wait.isPositive() ? news.await(wait) : true;
          if (!isSame) {
            time.sleep(AGAIN);
            settling = true;
            settled = time.elapsed().plus(SETTLING);
            news.close();
            news = listen.get();
          }
          try {
            KnownBonds known = question.ask(end.minus(time.elapsed()));
            if (!answers) {
              console.complain("the agent answers again");
              answers = true;
            }
            settling = settling && time.elapsed().compareTo(settled) < 0;
            boolean isWhole = !settling && !known.isStarting();
            BondWatch.Step step = seen.next(known.of(wanted), isWhole, time.now());
            step.events().forEach(this::print);
            seen = step.next();
            time.sleep(BREATH);
          } catch (FailureException e) {
            if (time.elapsed().compareTo(end) >= 0) {
              return;
            }
            if (answers) {
              console.complain(e.getMessage() + "; asked again each second");
              answers = false;
            }
            time.sleep(AGAIN);
            settling = true;
            settled = time.elapsed().plus(SETTLING);
            news.close();
            news = listen.get();
          }
        }
      } finally {
        news.close();
      }
    }

    private void print(BondEvent event) {
      if (output == OutputOption.JSON) {
        console.sayLine(event.toJson());
      } else {
        console.say(event.line());
      }
    }
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}

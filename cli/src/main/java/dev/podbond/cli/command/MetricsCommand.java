package dev.podbond.cli.command;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// `podbond metrics`: what the agent of this node shows to Prometheus.
final class MetricsCommand implements Subcommand {
  private static final String DETAIL = "--detail";
  private static final List<String> LEVELS = List.of("bond", "member", "traffic");

  private final Console console;
  private final AgentSocket agent;

  /// @param env the environment, which may name the socket, as for shims
  MetricsCommand(Console console, Map<String, String> env) {
    this.console = console;
    this.agent = AgentSocket.in(env);
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        agent
            .command("metrics")
            .addOption(
                OptionSpec.builder(DETAIL)
                    .type(String.class)
                    .paramLabel("bond|member|traffic")
                    .defaultValue("member")
                    .description(
                        "whether the members of the bonds, and what they have carried, are shown"
                            + " (${DEFAULT-VALUE})")
                    .build());
    spec.usageMessage()
        .description(
            "Prints the metrics of this node's agent in Prometheus' text format, as for the textfile"
                + " collector of its node exporter.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    String detail = arguments.commandSpec().findOption(DETAIL).getValue();
    if (!LEVELS.contains(detail)) {
      throw new ParameterException(
          arguments.commandSpec().commandLine(),
          DETAIL + " " + detail + " is none of bond, member, traffic");
    }
    AgentSocket.ask(arguments, "metrics " + detail).lines().forEach(console::say);
    if (!console.isWritten()) {
      // Else half a file would take the place of the last whole one.
      throw new FailureException("the metrics could not be written to the output whole");
    }
    return ExitCodes.DONE;
  }
}

package dev.podbond.cli.command;

import dev.podbond.cli.diagnose.Diagnosis;
import dev.podbond.cli.diagnose.NodeInspection;
import dev.podbond.cli.diagnose.SeenAgent;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `podbond diagnose POD`: what is wrong with a pod's networks on this node, and what to do.
final class DiagnoseCommand implements Subcommand {
  private final Console console;
  private final AgentSocket agent;
  private final NodeInspection inspection;

  /// @param env the environment, which may name the socket, as for shims
  /// @param inspection looks at this node
  DiagnoseCommand(Console console, Map<String, String> env, NodeInspection inspection) {
    this.console = console;
    this.agent = AgentSocket.in(env);
    this.inspection = inspection;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        agent
            .command("diagnose")
            .addPositional(
                PositionalParamSpec.builder()
                    .index("0")
                    .arity("1")
                    .required(true)
                    .type(String.class)
                    .paramLabel("[NAMESPACE/]POD")
                    .description("the pod, or the id of its container")
                    .build());
    spec.usageMessage()
        .description(
            "Looks at all that this node has of a pod: agent, records, claims, VFs, waiting"
                + " deletions, bonds, PFs and members; says what is wrong at each place, and what"
                + " to do. Changes nothing. Exits with 1 if something is wrong, with 3 if something"
                + " could not be looked at.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) {
    String pod = arguments.matchedPositionalValue(0, "");
    Diagnosis diagnosis = Diagnosis.of(pod, inspection.of(pod, answer(arguments)));
    diagnosis.lines().forEach(console::say);
    console.say("");
    console.say(diagnosis.summary());
    if (diagnosis.count(Diagnosis.Verdict.FAILED) > 0) {
      return ExitCodes.FAILED;
    }
    return diagnosis.count(Diagnosis.Verdict.UNKNOWN) > 0 ? ExitCodes.UNKNOWN : ExitCodes.DONE;
  }

  private static SeenAgent answer(ParseResult arguments) {
    try {
      return new SeenAgent.Answering(AgentSocket.bonds(arguments));
    } catch (NotAllowedException e) {
      return new SeenAgent.Unasked(String.valueOf(e.getMessage()));
    } catch (FailureException e) {
      return new SeenAgent.Silent(String.valueOf(e.getMessage()));
    }
  }
}

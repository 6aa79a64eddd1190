package dev.podbond.cli.command;

import dev.podbond.cli.show.BondStory;
import dev.podbond.cli.show.Table;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `podbond status`: the state of this node's bonds, which its agent learns from the kernel's
/// events.
final class StatusCommand implements Subcommand {
  private static final List<String> COLUMNS =
      List.of("pod", "bond", "mode", "active", "members", "problems");

  private final Console console;
  private final AgentSocket agent;

  /// @param env the environment, which may name the socket, as for shims
  StatusCommand(Console console, Map<String, String> env) {
    this.console = console;
    this.agent = AgentSocket.in(env);
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        HelpOptions.command("status")
            .addOption(agent.option())
            .addOption(OutputOption.spec())
            .addPositional(
                PositionalParamSpec.builder()
                    .index("0")
                    .arity("0..1")
                    .type(String.class)
                    .paramLabel("[NAMESPACE/]POD|BOND")
                    .description(
                        "show all that is known of the bonds of this pod, or of this name: since"
                            + " when they are so, their hardware, and their last changes")
                    .build());
    spec.usageMessage()
        .description(
            "Shows how the bonds of this node are, as its agent knows them. Exits with 1 if one of"
                + " them is not healthy.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    OutputOption output = OutputOption.of(arguments);
    JsonObject known = known(AgentSocket.ask(arguments, "bonds"));
    String wanted = arguments.matchedPositionalValue(0, "");
    List<JsonObject> bonds =
        LenientObject.objects(known, "bonds").stream()
            .filter(bond -> isWanted(bond, wanted))
            .toList();
    if (bonds.isEmpty() && !wanted.isEmpty()) {
      throw new FailureException(
          "the agent of this node knows no bond of a pod \""
              + wanted
              + "\", and none of this name; `podbond status` lists all");
    }
    if (output == OutputOption.JSON) {
      console.say(new JsonArray(List.copyOf(bonds)));
    } else if (!wanted.isEmpty()) {
      bonds.forEach(bond -> BondStory.lines(bond).forEach(console::say));
    } else {
      console
          .out()
          .println(new Table(COLUMNS, bonds.stream().map(StatusCommand::row).toList()).toText());
    }
    LenientObject.texts(known, "limits").forEach(limit -> console.complain("warning: " + limit));
    boolean allHealthy =
        bonds.stream().allMatch(bond -> bond.get("healthy").equals(Optional.of(JsonBoolean.TRUE)));
    return allHealthy ? ExitCodes.DONE : ExitCodes.FAILED;
  }

  /// Whether a bond is of the pod, of the container, or has the name.
  private static boolean isWanted(JsonObject bond, String wanted) {
    String pod = LenientObject.text(bond, "pod").orElse("");
    return wanted.isEmpty()
        || pod.equals(wanted)
        || pod.endsWith("/" + wanted)
        || LenientObject.text(bond, "bond").equals(Optional.of(wanted))
        || LenientObject.text(bond, "container").equals(Optional.of(wanted));
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

  /// The bonds, and the problems that keep the agent from seeing all of them.
  private static JsonObject known(String answer) throws FailureException {
    try {
      return Json.parseObject(answer);
    } catch (JsonException e) {
      throw new FailureException("the agent's answer is not understood: " + e.getMessage());
    }
  }
}

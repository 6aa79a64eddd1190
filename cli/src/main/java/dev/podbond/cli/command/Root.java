package dev.podbond.cli.command;

import dev.podbond.cli.diagnose.NodeInspection;
import dev.podbond.node.state.AttachmentStore;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// The whole command line.
public final class Root {
  private final Console console;
  private final Map<String, Subcommand> subcommands = new LinkedHashMap<>();

  /// @param env the environment: `CNI_PATH` and `PODBOND_SOCKET` have a meaning, and plugins
  ///   inherit all
  /// @param home where the command is installed
  public Root(Console console, Map<String, String> env, Optional<String> home) {
    this(console, env, home, Timepiece.REAL, inspection(env));
  }

  /// @param inspection looks at this node
  Root(
      Console console,
      Map<String, String> env,
      Optional<String> home,
      Timepiece time,
      NodeInspection inspection) {
    this.console = console;
    Settings.Defaults defaults = Settings.Defaults.of(env, home);
    List.of(
            new ApplyCommand(console, defaults),
            new DeleteCommand(console, defaults),
            new FollowCommand(console, defaults),
            new ExecCommand(defaults),
            new GetCommand(console, defaults),
            new CheckCommand(console, defaults),
            new StatusCommand(console, env, time),
            new DescribeCommand(console, env, time, inspection::carrier),
            new TreeCommand(console, env, inspection::carrier),
            new DiagnoseCommand(console, env, inspection),
            new ImpactCommand(console, env),
            new WatchCommand(console, env, time),
            new MapCommand(console, env, time),
            new TopCommand(console, env, time, Terminal.of(env)),
            new MetricsCommand(console, env),
            new ExplainCommand(console, defaults),
            new CompletionCommand(console))
        .forEach(subcommand -> subcommands.put(subcommand.spec().name(), subcommand));
  }

  /// The agent keeps its state where `PODBOND_STATE` says.
  private static NodeInspection inspection(Map<String, String> env) {
    String state = env.getOrDefault("PODBOND_STATE", "");
    return new NodeInspection(
        state.isEmpty() ? AttachmentStore.DEFAULT_DIRECTORY : Path.of(state), Path.of("/sys"));
  }

  /// Runs a command line.
  ///
  /// @return the exit code
  public int run(String... args) {
    CommandSpec spec = HelpOptions.command("podbond").version("podbond " + version());
    spec.usageMessage()
        .description(
            "Makes pods' bonds over SR-IOV VFs on this one machine, from the objects that OKD takes"
                + " for them.");
    subcommands.forEach((name, subcommand) -> spec.addSubcommand(name, subcommand.spec()));
    CommandLine commandLine =
        new CommandLine(spec)
            .setOut(console.out())
            .setErr(console.err())
            .setExecutionStrategy(this::execute);
    return commandLine.execute(args);
  }

  private int execute(ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    Optional<Subcommand> subcommand =
        Optional.ofNullable(parsed.subcommand())
            .flatMap(sub -> Optional.ofNullable(subcommands.get(sub.commandSpec().name())));
    if (subcommand.isEmpty()) {
      parsed.commandSpec().commandLine().usage(console.err());
      return ExitCodes.USAGE;
    }
    try {
      return subcommand.get().run(parsed.subcommand());
    } catch (FailureException e) {
      List<String> messages = e.messages();
      console.complain(messages.getFirst());
      messages.stream().skip(1).forEach(line -> console.complain("also: " + line));
      return ExitCodes.FAILED;
    }
  }

  private static String version() {
    return Optional.ofNullable(Root.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("of unknown version");
  }
}

package dev.podbond.cli.command;

import java.lang.module.ModuleDescriptor;
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
    this.console = console;
    Settings.Defaults defaults = Settings.Defaults.of(env, home);
    List.of(
            new ApplyCommand(console, defaults),
            new DeleteCommand(console, defaults),
            new FollowCommand(console, defaults),
            new ExecCommand(defaults),
            new GetCommand(console, defaults),
            new CheckCommand(console, defaults),
            new StatusCommand(console, env, Timepiece.REAL),
            new ImpactCommand(console, env),
            new WatchCommand(console, env, Timepiece.REAL),
            new MapCommand(console, env, Timepiece.REAL),
            new TopCommand(console, env, Timepiece.REAL, Terminal.of(env)),
            new MetricsCommand(console, env),
            new ExplainCommand(console, defaults))
        .forEach(subcommand -> subcommands.put(subcommand.spec().name(), subcommand));
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

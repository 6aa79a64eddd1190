package dev.podbond.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options that every command has. Picocli's own ones come from an annotated class, and reading
/// annotations takes a tenth of a command's time.
final class HelpOptions {
  private HelpOptions() {}

  /// A command of that name with these options.
  static CommandSpec command(String name) {
    return CommandSpec.create()
        .name(name)
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print version information and exit.")
                .build());
  }
}

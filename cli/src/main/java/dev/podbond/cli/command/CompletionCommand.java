package dev.podbond.cli.command;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `podbond completion`: what has a shell complete this command's words.
final class CompletionCommand implements Subcommand {
  private final Console console;

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = HelpOptions.command("completion");
    spec.usageMessage()
        .description(
            "Prints a script that has bash and zsh complete commands and options: source"
                + " <(podbond completion)");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    CommandSpec root = arguments.commandSpec().root();
    console.out().print(AutoComplete.bash(root.name(), root.commandLine()));
    if (!console.isWritten()) {
      throw new FailureException("the script could not be written to the output whole");
    }
    return ExitCodes.DONE;
  }
}

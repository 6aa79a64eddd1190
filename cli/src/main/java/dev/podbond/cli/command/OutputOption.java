package dev.podbond.cli.command;

import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The option `-o`: how a command shows what it found.
enum OutputOption {
  TABLE,
  JSON;

  private static final String NAME = "-o";

  static OptionSpec spec() {
    return OptionSpec.builder(NAME, "--output")
        .type(String.class)
        .paramLabel("table|json")
        .defaultValue("table")
        .description("how to show it (${DEFAULT-VALUE})")
        .build();
  }

  /// What was asked for.
  ///
  /// @throws ParameterException if it is neither table nor json
  static OutputOption of(ParseResult arguments) {
    String asked = arguments.commandSpec().findOption(NAME).getValue();
    return switch (asked) {
      case "table" -> TABLE;
      case "json" -> JSON;
      default ->
          throw new ParameterException(
              arguments.commandSpec().commandLine(), "-o " + asked + " is neither table nor json");
    };
  }
}

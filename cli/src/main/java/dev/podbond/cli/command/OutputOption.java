package dev.podbond.cli.command;

import java.util.List;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The option `-o`: how a command shows what it found.
enum OutputOption {
  TABLE,
  JSON;

  private static final String NAME = "-o";
  private static final List<String> WORDS = List.of("table", "json");

  static OptionSpec spec() {
    return spec(WORDS, "how to show it (${DEFAULT-VALUE})");
  }

  /// The option of a command that shows it in other ways.
  ///
  /// @param words those that it takes, the usual one first
  static OptionSpec spec(List<String> words, String description) {
    return OptionSpec.builder(NAME, "--output")
        .type(String.class)
        .paramLabel(String.join("|", words))
        .defaultValue(words.getFirst())
        .description(description)
        .build();
  }

  /// What was asked for.
  ///
  /// @throws ParameterException if it is neither table nor json
  static OutputOption of(ParseResult arguments) {
    return word(arguments, WORDS).equals("json") ? JSON : TABLE;
  }

  /// The word that was asked for.
  ///
  /// @throws ParameterException if it is none of these
  static String word(ParseResult arguments, List<String> words) {
    String asked = arguments.commandSpec().findOption(NAME).getValue();
    if (!words.contains(asked)) {
      throw new ParameterException(
          arguments.commandSpec().commandLine(),
          NAME + " " + asked + " is neither " + String.join(" nor ", words));
    }
    return asked;
  }
}

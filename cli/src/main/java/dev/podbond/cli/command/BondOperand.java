package dev.podbond.cli.command;

import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// The argument that names bonds: by their pod, or by their own name.
final class BondOperand {
  private BondOperand() {}

  /// @param description what the command does with it
  static PositionalParamSpec spec(String description) {
    return PositionalParamSpec.builder()
        .index("0")
        .arity("0..1")
        .type(String.class)
        .paramLabel("[NAMESPACE/]POD|BOND")
        .description(description)
        .build();
  }

  /// What was given; "" for all bonds.
  static String of(ParseResult arguments) {
    return arguments.matchedPositionalValue(0, "");
  }
}

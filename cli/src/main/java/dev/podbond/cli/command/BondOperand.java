package dev.podbond.cli.command;

import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// The argument that names bonds: by their pod, or by their own name.
final class BondOperand {
  private BondOperand() {}

  /// @param description what the command does with it
  static PositionalParamSpec spec(String description) {
    return builder(description).arity("0..1").build();
  }

  /// As [#spec], for a command that shows no others.
  static PositionalParamSpec required(String description) {
    return builder(description).arity("1").required(true).build();
  }

  private static PositionalParamSpec.Builder builder(String description) {
    return PositionalParamSpec.builder()
        .index("0")
        .type(String.class)
        .paramLabel("[NAMESPACE/]POD|BOND")
        .description(description);
  }

  /// What was given; "" for all bonds.
  static String of(ParseResult arguments) {
    return arguments.matchedPositionalValue(0, "");
  }

  /// The words for bonds that the agent does not know.
  static String unknown(String wanted) {
    return "the agent of this node knows no bond of a pod \""
        + wanted
        + "\", and none of this name";
  }
}

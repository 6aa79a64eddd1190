package dev.podbond.bonding.config;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// A configuration that cannot work on any node. It names every problem found, not just the first;
/// CNI reports it as code 7, invalid network config.
public final class InvalidConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /// @param problems at least one
  public InvalidConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  /// Never null, unlike other exceptions' messages.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /// At least one problem, in the order of the configuration's fields.
  public List<ConfigProblem> problems() {
    return problems;
  }
}

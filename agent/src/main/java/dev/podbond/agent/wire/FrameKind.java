package dev.podbond.agent.wire;

import java.util.Optional;
import java.util.stream.Stream;

/// The kinds of frames.
public enum FrameKind {
  /// A CNI call, from the shim.
  CALL(1),
  /// An executable to be run where the shim is, from the agent.
  RUN(2),
  /// What became of that, from the shim.
  RAN(3),
  /// The end of the call, from the agent.
  ANSWER(4),
  /// A frame was not understood.
  UNSUPPORTED(5),
  /// A question to the agent itself, from the `podbond` command; it is answered with ANSWER.
  QUERY(6);

  /// Kinds from here on may be skipped by whoever does not know them.
  static final int FIRST_OPTIONAL = 128;

  private final int number;

  FrameKind(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static Optional<FrameKind> of(int number) {
    return Stream.of(values()).filter(kind -> kind.number == number).findFirst();
  }
}

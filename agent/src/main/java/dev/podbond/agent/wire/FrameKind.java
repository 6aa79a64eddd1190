package dev.podbond.agent.wire;

import java.util.Optional;
import java.util.stream.Stream;

/// The kinds of frames.
public enum FrameKind {
  /// From the shim: a CNI call.
  CALL(1),
  /// From the agent: the shim is to run an executable on the host.
  RUN(2),
  /// From the shim: the result of that run.
  RAN(3),
  /// From the agent: the end of the call.
  ANSWER(4),
  /// From either side: it did not understand a frame.
  UNSUPPORTED(5),
  /// From the `podbond` command or the shim's probe: a question to the agent itself. The agent
  /// answers with ANSWER.
  QUERY(6);

  /// A receiver may skip kinds from here on that it does not know.
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

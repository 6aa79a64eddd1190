package dev.podbond.agent.wire;

/// The fields of frames.
public enum Tag {
  PROTOCOL(1),
  PLUGIN(2),
  ENV(3),
  STDIN(4),
  FOUND(5),
  SEEN(6),
  TYPE(16),
  LIMIT(17),
  OUTCOME(18),
  STATUS(19),
  STDOUT(20),
  STDERR(21),
  PATH(22),
  EXIT(23),
  KIND(24),
  SUBJECT(25);

  private final int number;

  Tag(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}

package dev.podbond.agent.wire;

/// The end of a call.
///
/// @param stdout for the caller's stdout
/// @param stderr for the caller's stderr
public record Answer(int exitCode, String stdout, String stderr) {
  private static final int ONE_OCTET = 1;

  /// Reads an ANSWER.
  ///
  /// @throws MalformedFrameException if the frame has no valid exit code
  public static Answer of(Frame frame) throws MalformedFrameException {
    return new Answer(
        frame.number(Tag.EXIT, ONE_OCTET),
        frame.text(Tag.STDOUT).orElse(""),
        frame.text(Tag.STDERR).orElse(""));
  }

  /// The answer as a frame.
  public Frame toFrame() {
    return Frame.of(FrameKind.ANSWER)
        .withU8(Tag.EXIT, exitCode)
        .with(Tag.STDOUT, stdout)
        .with(Tag.STDERR, stderr);
  }
}

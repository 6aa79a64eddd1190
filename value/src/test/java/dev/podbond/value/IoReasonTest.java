package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoReasonTest {
  @TempDir Path scratch;

  @Test
  void javasOwnFailuresWithoutAReasonGetOne() throws IOException {
    Path missing = scratch.resolve("missing");
    Path file = Files.createFile(scratch.resolve("file"));
    Path full = Files.createDirectory(scratch.resolve("full"));
    Files.createFile(full.resolve("entry"));

    is(() -> Files.readString(missing), missing, "no such file or directory");
    is(() -> Files.createFile(file), file, "it exists already");
    is(() -> Files.list(file), file, "it is not a directory");
    is(() -> Files.delete(full), full, "the directory is not empty");
  }

  @Test
  void theReasonOfTheSystemIsPassedOn() throws IOException {
    Path file = Files.createFile(scratch.resolve("file"));

    is(() -> Files.readString(file.resolve("below")), file.resolve("below"), "Not a directory");
  }

  @Test
  void aRefusalNamesOnlyTheFirstOfTwoFiles() {
    FileSystemException refused = new AccessDeniedException("/from", "/to", null);

    assertThat(IoReason.of(refused)).isEqualTo("permission denied");
    assertThat(IoReason.withFile(refused)).isEqualTo("/from: permission denied");
  }

  @Test
  void aFailureInsideAStreamTellsItsCause() {
    IOException cause = new AccessDeniedException("/secret");

    assertThat(IoReason.of(new UncheckedIOException("walk", cause))).isEqualTo("permission denied");
    assertThat(IoReason.withFile(new DirectoryIteratorException(cause)))
        .isEqualTo("/secret: permission denied");
  }

  @Test
  void whatNamesNoFileIsTheReasonAlone() {
    assertThat(IoReason.withFile(new IOException("No space left on device")))
        .isEqualTo("No space left on device");
    assertThat(IoReason.of(new IOException())).isEqualTo("IOException");
    assertThat(IoReason.of(new FileSystemException("/x"))).isEqualTo("the system does not say why");
  }

  private static void is(ThrowingCallable call, Path file, String reason) {
    IOException failure = catchThrowableOfType(IOException.class, call);
    assertThat(IoReason.of(failure)).isEqualTo(reason);
    assertThat(IoReason.withFile(failure)).isEqualTo(file + ": " + reason);
  }
}

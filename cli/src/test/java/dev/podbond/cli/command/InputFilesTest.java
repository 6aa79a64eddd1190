package dev.podbond.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command's messages about files that do not hold objects as text.
final class InputFilesTest {
  private static final String NAMESPACE =
      "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"a\"}}";

  @TempDir Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int podbond(String... line) {
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true));
    return new Root(console, Map.of(), Optional.empty()).run(line);
  }

  private void isRefused(Path file, String words) {
    for (String command : new String[] {"apply", "delete", "explain"}) {
      err.getBuffer().setLength(0);
      int code =
          podbond(
              command, "-f", file.toString(), "--state-dir", scratch.resolve("state").toString());
      assertThat(code).isEqualTo(ExitCodes.FAILED);
      assertThat(err.toString().strip()).isEqualTo("podbond: " + file + ": " + words);
    }
  }

  @Test
  void whatNeverEndsIsNotRead() throws Exception {
    String words =
        "it is not a regular file but a pipe, a device or a socket; a text that another program"
            + " writes can be given by -f -";
    isRefused(Path.of("/dev/zero"), words);
    Path pipe = scratch.resolve("pipe.yaml");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    isRefused(pipe, words);
  }

  @Test
  void aFileOfAnySizeIsReadToALimit() throws Exception {
    Path large = scratch.resolve("large.yaml");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    isRefused(
        large, "it has more than 4 MiB, which is the limit; give its objects in several files");
  }

  @Test
  void theStandardInputIsReadToTheSameLimit() throws Exception {
    assertThat(InputText.of(Path.of("-"), new ByteArrayInputStream("größer".getBytes(UTF_8))))
        .isEqualTo("größer");
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return '#';
          }
        };
    assertThatThrownBy(() -> InputText.of(Path.of("-"), endless))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than 4 MiB");
  }

  @Test
  void theStandardInputIsNotFollowed() {
    assertThat(podbond("follow", "-f", "-", "--node", "a")).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).startsWith("podbond: -f -: ");
  }

  @Test
  void whatIsWrongWithAFileIsSaidInPlainWords() throws Exception {
    isRefused(scratch.resolve("none.yaml"), "no such file or directory");
    Path file = Files.writeString(scratch.resolve("file"), NAMESPACE);
    isRefused(file.resolve("below"), "Not a directory");
    Path loop = scratch.resolve("loop.yaml");
    Files.createSymbolicLink(loop, loop);
    err.getBuffer().setLength(0);
    assertThat(podbond("apply", "-f", loop.toString())).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).startsWith("podbond: " + loop + ": ").doesNotContain("Exception");
  }

  @Test
  void whatIsNoUtf8IsSaidWithItsLine() throws Exception {
    Path latin = scratch.resolve("latin.yaml");
    Files.write(latin, new byte[] {'#', '\n', '#', (byte) 0xfc, '\n'});
    isRefused(latin, "it is not UTF-8 in line 2; save it as UTF-8");
  }

  @Test
  void oneFileThatCannotBeReadKeepsNoOtherFromBeingRead() throws Exception {
    Path directory = Files.createDirectory(scratch.resolve("objects"));
    Path pipe = directory.resolve("a.yaml");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Files.writeString(directory.resolve("b.yaml"), NAMESPACE);
    int code =
        podbond(
            "delete",
            "-f",
            directory.toString(),
            "--state-dir",
            scratch.resolve("state").toString());
    assertThat(code).as(err.toString()).isEqualTo(ExitCodes.PASSED_BY);
    assertThat(err.toString()).contains("passed by: " + pipe + ": it is not a regular file");
  }

  @Test
  void noNameOfOthersCommandsTheTerminalOrForgesALine() throws Exception {
    Path file = scratch.resolve("bad.yaml");
    Files.writeString(
        file,
        """
        {"cniVersion": "1.0.0", "name": "red\\u001b[2J\\u202e\\npodbond: all is well", "type": "bond",
         "mode": "balance\\u009b\\u2066", "links": [{"name": "net1"}, {"name": "net2"}]}
        """);
    assertThat(podbond("explain", "-f", file.toString())).isEqualTo(ExitCodes.FAILED);
    Files.writeString(
        file, Files.readString(file).replace("balance\\u009b\\u2066", "active-backup"));
    assertThat(podbond("explain", "-f", file.toString())).isEqualTo(ExitCodes.DONE);
    assertThat(out + "" + err)
        .contains("red<001b>[2J<202e><000a>podbond: all is well", "balance<009b><2066>")
        .doesNotContain("\033", "\u009b", "\u202e", "\u2066", "\npodbond: all is well");
  }
}

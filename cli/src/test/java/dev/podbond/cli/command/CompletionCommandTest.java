package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompletionCommandTest {
  @TempDir Path scratch;

  private String completed(Path script, String... words) throws Exception {
    String line = String.join(" ", words);
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                """
                complete() { :; }; compopt() { :; }; . "$1"
                COMP_WORDS=($2 "$3"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                COMP_LINE="$2 $3"; COMP_POINT=${#COMP_LINE}
                _complete_podbond podbond "$3" "" 2>&1
                printf '%s\\n' "${COMPREPLY[@]}"
                """,
                "bash",
                script.toString(),
                line.substring(0, line.lastIndexOf(' ')),
                line.substring(line.lastIndexOf(' ') + 1))
            .redirectErrorStream(true)
            .start();
    String replies = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(replies).isZero();
    return replies;
  }

  @Test
  void bashCompletesCommandsAndTheirOptions() throws Exception {
    NodeScene node = new NodeScene(scratch);
    assertThat(node.runWithout("completion")).isEqualTo(ExitCodes.DONE);
    Path script = Files.writeString(scratch.resolve("podbond.bash"), node.out.toString());
    assertThat(completed(script, "podbond", "d").lines())
        .containsAll(List.of("delete", "describe", "diagnose"));
    assertThat(completed(script, "podbond", "tree", "--").lines())
        .contains("--pf", "--unhealthy", "--from", "--socket");
  }
}

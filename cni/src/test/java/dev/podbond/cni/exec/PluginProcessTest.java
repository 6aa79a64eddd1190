package dev.podbond.cni.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podbond.cni.fixture.Scripts;
import dev.podbond.cni.spec.CniError;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PluginProcessTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path dir;

  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

  private String run(String body, String stdin) throws Exception {
    return run(body, stdin, LONG);
  }

  private String run(String body, String stdin, Duration timeout) throws Exception {
    Scripts.write(dir.resolve("plugin"), body);
    return new PluginProcess(timeout, stderr).run("plugin", env(), stdin);
  }

  private Map<String, String> env() {
    return Map.of("CNI_PATH", dir.toString(), "CNI_COMMAND", "ADD", "TRACEPARENT", "00-abc-01");
  }

  private CniException failure(String body) {
    return catchThrowableOfType(CniException.class, () -> run(body, "{}"));
  }

  @Test
  void stdinGoesInAndStdoutComesOutByteForByte() throws Exception {
    String text = "{\"ä\" :  \"\ud83d\ude00\"}\n";

    assertThat(run("cat", text)).isEqualTo(text);
  }

  @Test
  void theEnvironmentIsTheGivenOneAndNoOther() throws Exception {
    String env = run("env", "{}");

    assertThat(env).contains("TRACEPARENT=00-abc-01\n", "CNI_COMMAND=ADD\n");
    assertThat(env).doesNotContain("JAVA_HOME=", "HOME=");
  }

  @Test
  void stderrIsPassedOn() throws Exception {
    run("echo careful >&2", "{}");

    assertThat(stderr.toString(UTF_8)).isEqualTo("careful\n");
  }

  @Test
  void aPluginThatDoesNotReadALargeStdinDoesNotBlock() throws Exception {
    assertThat(run("echo done", "x".repeat(4_000_000))).isEqualTo("done\n");
  }

  @Test
  void aPluginThatWritesMuchToBothStreamsDoesNotBlock() throws Exception {
    String much = "head -c %d /dev/zero | tr '\\0' x";

    assertThat(
            run(
                much.formatted(300_000)
                    + " >&2; "
                    + much.formatted(CniResult.LIMITS.bytes())
                    + "; cat > /dev/null",
                "{}"))
        .hasSize(CniResult.LIMITS.bytes());
    assertThat(stderr.size()).isEqualTo(300_000);
  }

  @Test
  void aPluginThatWritesMoreThanAResultMayHoldIsRefusedAndDoesNotBlock() {
    assertThat(failure("head -c 3000000 /dev/zero; head -c 300000 /dev/zero >&2"))
        .hasMessageContaining("wrote more than the 65536 bytes that are allowed");
    assertThat(stderr.size()).isEqualTo(300_000);
  }

  @Test
  void theErrorObjectOfAFailedPluginIsDecoded() {
    CniException e =
        failure(
            "echo '{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"m\",\"details\":\"d\"}'; exit 1");

    assertThat(e.error()).isEqualTo(new CniError(CniErrorCode.TRY_AGAIN_LATER, "m", "d"));
  }

  @Test
  void aFailedPluginThatOnlyWroteToStderrIsQuoted() {
    assertThat(failure("echo 'no lease' >&2; exit 3"))
        .hasMessageContaining("netplugin failed: no lease")
        .hasMessageContaining("exit code 3");
  }

  @Test
  void aFailedPluginThatWroteNothingIsNamed() {
    assertThat(failure("exit 2"))
        .hasMessageContaining("netplugin failed with no error message")
        .hasMessageContaining(dir.resolve("plugin") + ", exit code 2");
  }

  @Test
  void aFailedPluginThatWroteSomethingElseIsQuoted() {
    assertThat(failure("echo potato; exit 1"))
        .hasMessageContaining("error parsing its diagnostic message \"potato\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sleep 60", "exec sleep 60", "sleep 60 & wait"})
  void aPluginThatDoesNotEndIsGivenUp(String body) {
    long start = System.nanoTime();

    assertThatThrownBy(() -> run(body, "{}", Duration.ofSeconds(1)))
        .isInstanceOf(CniException.class)
        .hasMessageContaining("did not end within 1 s");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void whatAPluginLeavesRunningIsNotWaitedFor() throws Exception {
    long start = System.nanoTime();

    assertThat(run("sleep 15 & echo answered", "{}")).isEqualTo("answered\n");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void whatAPluginLeavesRunningHoldsNoPipeOfOurs() throws Exception {
    Path asked = dir.resolve("asked");
    Path answer = dir.resolve("answer");
    String left =
        """
        (
          trap '' PIPE
          while [ ! -e %1$s ]; do [ -d %2$s ] || exit; sleep 0.05; done
          out=heard; echo x || out=refused
          err=heard; echo x >&2 || err=refused
          echo $out $err > %3$s.new
          mv %3$s.new %3$s
        ) &
        echo answered
        """
            .formatted(asked, dir, answer);

    assertThat(run(left, "{}")).isEqualTo("answered\n");

    Files.createFile(asked);
    while (!Files.exists(answer)) {
      Thread.sleep(20);
    }
    assertThat(answer).hasContent("refused refused\n");
  }

  @Test
  void whatAPluginLeavesWritingWithoutEndIsNotWaitedFor() throws Exception {
    assertThat(run("echo answered; yes >&2 &", "{}")).isEqualTo("answered\n");
  }

  @Test
  void aFileThatCannotBeExecutedIsAnIoFailure() throws Exception {
    Scripts.write(dir.resolve("plugin"), "");
    Files.writeString(dir.resolve("plugin"), "#!/no/such/interpreter\n");

    assertThatThrownBy(() -> new PluginProcess(LONG, stderr).run("plugin", env(), "{}"))
        .isInstanceOfSatisfying(
            CniException.class, e -> assertThat(e.code()).isEqualTo(CniErrorCode.IO_FAILURE))
        .hasMessageContaining("plugin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cannot run program \"x\": error=26, Text file busy",
        "Cannot run program \"x\": Exec failed, error: 26 (Text file busy) "
      })
  void aBusyTextFileIsTriedAgain(String message) throws Exception {
    Scripts.write(dir.resolve("plugin"), "echo done");
    AtomicInteger starts = new AtomicInteger();
    PluginProcess process =
        new PluginProcess(
            LONG,
            stderr,
            builder -> {
              if (starts.incrementAndGet() <= 5) {
                throw new IOException(message);
              }
              return builder.start();
            },
            Duration.ZERO);

    assertThat(process.run("plugin", env(), "{}")).isEqualTo("done\n");
    assertThat(starts).hasValue(6);
  }

  @Test
  void aFileThatStaysBusyIsGivenUpAndOtherFailuresAtOnce() throws Exception {
    Scripts.write(dir.resolve("plugin"), "");

    assertThat(startsUntilGivenUp("error=26, Text file busy")).isEqualTo(6);
    assertThat(startsUntilGivenUp("error=13, Permission denied")).isEqualTo(1);
  }

  private int startsUntilGivenUp(String message) {
    AtomicInteger starts = new AtomicInteger();
    PluginProcess process =
        new PluginProcess(
            LONG,
            stderr,
            _ -> {
              starts.incrementAndGet();
              throw new IOException(message);
            },
            Duration.ZERO);
    assertThatThrownBy(() -> process.run("plugin", env(), "{}"))
        .isInstanceOf(CniException.class)
        .hasMessageContaining(message);
    return starts.get();
  }
}

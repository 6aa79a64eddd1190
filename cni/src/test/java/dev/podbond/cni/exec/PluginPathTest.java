package dev.podbond.cni.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cni.fixture.Scripts;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginPathTest {

  @TempDir Path first;
  @TempDir Path second;

  private PluginPath path() {
    return PluginPath.of(Map.of("CNI_PATH", first + "::" + second));
  }

  @Test
  void theFirstExecutableRegularFileIsTaken() throws Exception {
    Files.createDirectory(first.resolve("bond"));
    Path bond = Scripts.write(second.resolve("bond"), "");
    Files.writeString(first.resolve("static"), "not executable");
    Path symlink = Files.createSymbolicLink(second.resolve("static"), bond);

    assertThat(path().find("bond")).isEqualTo(bond);
    assertThat(path().find("static")).isEqualTo(symlink);
    Path earlier = Scripts.write(first.resolve("sriov"), "");
    Scripts.write(second.resolve("sriov"), "");
    assertThat(path().find("sriov")).isEqualTo(earlier);
  }

  @Test
  void whatIsNotFoundIsReportedWithItsNameAndTheDirectories() {
    assertThatThrownBy(() -> path().find("whereabouts"))
        .isInstanceOf(CniException.class)
        .hasMessageContaining("failed to find plugin \"whereabouts\" in path")
        .hasMessageContaining(first.toString())
        .hasMessageContaining(second.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/bin/sh", "../sh", "a/b", "a\0b"})
  void aTypeThatIsAPathIsRefused(String type) {
    assertThatThrownBy(() -> path().find(type))
        .isInstanceOfSatisfying(
            CniException.class, e -> assertThat(e.code()).isEqualTo(CniErrorCode.INVALID_CONFIG));
  }

  @Test
  void itIsWrittenAsItWasGiven() {
    assertThat(path()).hasToString(first + ":" + second);
    assertThat(PluginPath.of(Map.of()).directories()).isEqualTo(List.of());
  }
}

package dev.podbond.cni.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class CniArgsTest {
  @Test
  void aValueIsFoundByItsKeyInTheCaseOfItsLetters() {
    CniArgs args = new CniArgs("IgnoreUnknown=true;K8S_POD_NAME=p;MAC=02:00:00:00:00:01");

    assertThat(args.get("MAC")).contains("02:00:00:00:00:01");
    assertThat(args.get("mac")).isEmpty();
    assertThat(args.get("POD_NAME")).isEmpty();
  }

  @Test
  void theLastOfSeveralValuesCounts() {
    assertThat(new CniArgs("MAC=1;MAC=2").get("MAC")).contains("2");
  }

  /// Runtimes pass on what they were given.
  @Test
  void aMalformedPairHidesNoOther() {
    CniArgs args = new CniArgs("=v;A;;MAC=a=b;IP=");

    assertThat(args.get("A")).isEmpty();
    assertThat(args.get("MAC")).contains("a=b");
    assertThat(args.get("IP")).contains("");
    assertThat(new CniArgs("").get("A")).isEmpty();
  }

  @Test
  void pairsAreWrittenAsTheyAreRead() {
    CniArgs args = CniArgs.of(Map.of("K8S_POD_NAME", "p"));

    assertThat(args.text()).isEqualTo("K8S_POD_NAME=p");
    assertThat(args.get("K8S_POD_NAME")).contains("p");
    assertThat(CniArgs.of(Map.of()).text()).isEmpty();
  }
}

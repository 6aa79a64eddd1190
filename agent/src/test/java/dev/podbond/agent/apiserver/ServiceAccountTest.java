package dev.podbond.agent.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that kubelet renews under whoever uses them. Whom a connection trusts then, a server with
/// real certificates shows: `ClusterTrustTest` of the module `reporter`.
final class ServiceAccountTest {
  @TempDir Path directory;
  private List<X509Certificate> authorities = List.of();
  private ServiceAccount account = new ServiceAccount(Path.of(""));

  @BeforeEach
  void takeAuthoritiesOfThisJdk() throws Exception {
    TrustManagerFactory usual =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    usual.init((KeyStore) null);
    authorities = List.of(((X509TrustManager) usual.getTrustManagers()[0]).getAcceptedIssuers());
    account = new ServiceAccount(directory);
  }

  private void write(X509Certificate... certificates) throws Exception {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      pem.append("-----BEGIN CERTIFICATE-----\n")
          .append(Base64.getMimeEncoder().encodeToString(certificate.getEncoded()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    Files.writeString(directory.resolve("ca.crt"), pem);
  }

  @Test
  void whatIsMadeOfTheAuthoritiesIsMadeOnce() throws Exception {
    write(authorities.get(0));
    SSLSocketFactory first = account.connections();
    assertThat(account.connections()).isSameAs(first);

    // Written anew, as kubelet does, with the same in it.
    write(authorities.get(0));
    assertThat(account.connections()).isSameAs(first);
  }

  @Test
  void itIsMadeAnewWhenTheyAreRotated() throws Exception {
    write(authorities.get(0));
    SSLSocketFactory first = account.connections();
    write(authorities.get(0), authorities.get(1));
    SSLSocketFactory both = account.connections();
    write(authorities.get(1));
    SSLSocketFactory last = account.connections();

    assertThat(Arrays.asList(first, both, last)).doesNotHaveDuplicates();
    assertThat(account.connections()).isSameAs(last);
  }

  /// Nobody is trusted because somebody was before.
  @Test
  void whereTheyCannotBeReadThereIsNoConnection() throws Exception {
    assertThatThrownBy(account::connections).isInstanceOf(IOException.class);
    write(authorities.get(0));
    SSLSocketFactory first = account.connections();
    Files.writeString(directory.resolve("ca.crt"), "no certificate");
    assertThatThrownBy(account::connections)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ca.crt names no authority");
    Files.writeString(directory.resolve("ca.crt"), "");
    assertThatThrownBy(account::connections)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ca.crt names no authority");
    Files.delete(directory.resolve("ca.crt"));
    assertThatThrownBy(account::connections).isInstanceOf(IOException.class);

    write(authorities.get(0));
    assertThat(account.connections()).as("at most made again").isNotNull();
    assertThat(first).isNotNull();
  }

  @Test
  void theTokenIsTheOneOfNow() throws Exception {
    Files.writeString(directory.resolve("token"), "first\n", StandardCharsets.US_ASCII);
    assertThat(account.token()).isEqualTo("first");
    Files.writeString(directory.resolve("token"), "second\n", StandardCharsets.US_ASCII);
    assertThat(account.token()).isEqualTo("second");
  }
}

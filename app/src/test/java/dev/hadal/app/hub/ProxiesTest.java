package dev.hadal.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProxiesTest {
  @Test
  void theSchemeChoosesTheProxyAndSomeHostsNeedNone() {
    Proxies proxies =
        Proxies.of(
            Map.of(
                "http_proxy", "proxy:3128",
                "HTTPS_PROXY", "http://me:p%40ss@secure:8443",
                "no_proxy", "localhost, .intern.example,10.0.0.1:8080"));

    assertThat(proxies.before(URI.create("http://a.example/x")))
        .hasValue(URI.create("http://proxy:3128"));
    assertThat(proxies.before(URI.create("https://a.example/x")))
        .map(URI::getHost)
        .contains("secure");
    assertThat(proxies.before(URI.create("http://localhost:8000/"))).isEmpty();
    assertThat(proxies.before(URI.create("https://hub.intern.example/"))).isEmpty();
    assertThat(proxies.before(URI.create("https://extern.example/"))).isPresent();
    assertThat(proxies.before(URI.create("http://10.0.0.1:8080/"))).isEmpty();
    assertThat(proxies.before(URI.create("http://10.0.0.1:81/"))).isPresent();
    assertThat(proxies.login(URI.create("https://a.example/x")))
        .contains("Basic " + Base64.getEncoder().encodeToString("me:p@ss".getBytes(UTF_8)));
    assertThat(proxies.login(URI.create("http://a.example/x"))).isEmpty();
    assertThat(proxies.login(URI.create("https://hub.intern.example/"))).isEmpty();
  }

  @Test
  void aProxyThatIsNoAddressIsNamedButNotShown() {
    assertThatThrownBy(() -> Proxies.of(Map.of("https_proxy", "socks5://me:secret@host")))
        .hasMessageContaining("https_proxy")
        .hasMessageNotContaining("secret");
  }
}

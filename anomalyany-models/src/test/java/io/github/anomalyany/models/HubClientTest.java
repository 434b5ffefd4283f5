// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubClientTest {
    private static final URI FILE = URI.create("https://hub.example/owner/name/resolve/main/file");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hub.example/file",
                "http://cdn/file",
                "ftp://cdn/file",
                "file:///etc/passwd",
                "mailto:ada",
                ""
            })
    void followsNoRedirectAwayFromHttps(String location) {
        assertThatThrownBy(() -> HubClient.redirected(FILE, location))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("isn't followed");
    }

    @Test
    void followsNoRedirectToWhatIsNoUrl() {
        assertThatThrownBy(() -> HubClient.redirected(FILE, "https://cdn/a b"))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("is no URL");
    }

    @ParameterizedTest
    @CsvSource({
        "https://cdn.example/x?key=1, https://cdn.example/x?key=1",
        "//cdn.example/x, https://cdn.example/x",
        "/x, https://hub.example/x",
        "other, https://hub.example/owner/name/resolve/main/other"
    })
    void followsOtherRedirects(String location, URI expected) {
        assertThat(HubClient.redirected(FILE, location)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.example/x, true",
        "https://HUB.example/x, true",
        "http://hub.example/x, false",
        "https://hub.example:8443/x, false",
        "https://hub.example.evil/x, false",
        "https://evil/hub.example, false"
    })
    void knowsItsOwnHost(URI url, boolean own) {
        var client = new HubClient(
                HttpClient.newHttpClient(), URI.create("https://hub.example"), Optional.empty(), Duration.ofSeconds(1));

        assertThat(client.isHub(url)).isEqualTo(own);
    }

    @Test
    void showsNothingOfAUrlThatMayBeSecret() {
        assertThat(HubClient.shown(URI.create("https://ada:secret@cdn:8443/a%20b?signature=secret#secret")))
                .isEqualTo("https://cdn:8443/a%20b");
    }
}

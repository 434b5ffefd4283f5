// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.AnomalyAnyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubEnvironmentTest {
    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, String> properties = new HashMap<>(Map.of("user.home", "/home/ada", "os.name", "Linux"));
    private final HubEnvironment environment = new HubEnvironment(variables::get, properties::get);

    @TempDir
    private Path folder;

    @Test
    void saysHowToNameACacheWhereTheHomeFolderIsUnknown() {
        properties.put("user.home", "?");

        assertThatThrownBy(environment::cache)
                .isInstanceOf(AnomalyAnyException.class)
                .hasMessageContaining("HF_HOME")
                .hasMessageContaining("user.home is ?");
    }

    @ParameterizedTest
    @CsvSource({
        "HF_HUB_CACHE, /data/hub, /data/hub",
        "HUGGINGFACE_HUB_CACHE, /data/hub, /data/hub",
        "HF_HOME, /data, /data/hub",
        "XDG_CACHE_HOME, /data, /data/huggingface/hub",
        "HF_HOME, ~/models, /home/ada/models/hub",
        "HF_HUB_CACHE, ~, /home/ada",
        "HF_HUB_CACHE, $DISK/${PART}/$NONE, /disk/part/$NONE",
        "HF_HOME, ' ', /home/ada/.cache/huggingface/hub",
        "HOME, /home/bea, /home/bea/.cache/huggingface/hub",
        "USERPROFILE, /users/ada, /home/ada/.cache/huggingface/hub"
    })
    void cacheIsWhereHuggingFaceHasIt(String variable, String value, Path expected) {
        variables.putAll(Map.of("DISK", "/disk", "PART", "part"));
        variables.put(variable, value);

        assertThat(environment.cache()).isEqualTo(expected);
    }

    @Test
    void windowsHasItsOwnNameForTheHomeFolder() {
        properties.put("os.name", "Windows 11");
        variables.putAll(Map.of("USERPROFILE", "/users/ada", "HOME", "/c/users/ada"));

        assertThat(environment.cache()).isEqualTo(Path.of("/users/ada/.cache/huggingface/hub"));
    }

    @Test
    void theMoreSpecialVariableCounts() {
        variables.putAll(Map.of("HF_HUB_CACHE", "/one", "HF_HOME", "/two", "XDG_CACHE_HOME", "/three"));

        assertThat(environment.cache()).isEqualTo(Path.of("/one"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "no", "", "offline"})
    void onlyYesMeansOffline(String value) {
        variables.put("HF_HUB_OFFLINE", value);

        assertThat(environment.offline()).isEmpty();
    }

    @Test
    void tokenComesFromTheVariableBeforeTheFile() throws IOException {
        variables.put("HF_HOME", folder.toString());
        assertThat(environment.token()).isEmpty();

        Files.writeString(folder.resolve("token"), "hf_file\n");
        assertThat(environment.token()).contains("hf_file");

        variables.put(
                "HF_TOKEN_PATH",
                Files.writeString(folder.resolve("other"), "hf_other").toString());
        assertThat(environment.token()).contains("hf_other");

        variables.put("HF_TOKEN", " hf_variable\n");
        assertThat(environment.token()).contains("hf_variable");
    }

    @Test
    void endpointIsTheHubUnlessNamed() {
        assertThat(environment.endpoint()).isEqualTo("https://huggingface.co");

        variables.put("HF_ENDPOINT", "https://mirror.example/hub/");
        assertThat(environment.endpoint()).isEqualTo("https://mirror.example/hub/");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.AnomalyAnyException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheLocationTest {
    private final Map<String, String> properties = new HashMap<>(Map.of("user.home", "/home/ada", "os.name", "Linux"));
    private final Map<String, String> environment = new HashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"?", "", "relative/home"})
    void saysHowToNameAFolderWhenTheHomeFolderIsUnknown(String home) {
        properties.put("user.home", home);

        assertThatThrownBy(this::find)
                .isInstanceOf(AnomalyAnyException.class)
                .hasMessageContaining("user.home is " + home)
                .hasMessageContaining("-Danomalyany.cache=FOLDER")
                .hasMessageContaining("ANOMALYANY_CACHE");
    }

    @Test
    void needsNoHomeFolderWhenACacheIsNamed() {
        properties.put("user.home", "?");
        environment.put("ANOMALYANY_CACHE", "/data/cache");

        assertThat(find()).isEqualTo(Path.of("/data/cache"));
    }

    @Test
    void propertyComesFirst() {
        properties.put("anomalyany.cache", "/by/property");
        environment.put("ANOMALYANY_CACHE", "/by/environment");
        environment.put("XDG_CACHE_HOME", "/xdg");

        assertThat(find()).isEqualTo(Path.of("/by/property"));
    }

    @Test
    void blankPropertyIsNone() {
        properties.put("anomalyany.cache", " ");

        assertThat(find()).isEqualTo(Path.of("/home/ada/.cache/anomalyany"));
    }

    @Test
    void ownVariableComesBeforeTheGeneralOne() {
        environment.put("ANOMALYANY_CACHE", "/by/environment");
        environment.put("XDG_CACHE_HOME", "/xdg");

        assertThat(find()).isEqualTo(Path.of("/by/environment"));
    }

    @Test
    void generalVariableGivesAFolderOfOurOwn() {
        environment.put("XDG_CACHE_HOME", "/xdg");

        assertThat(find()).isEqualTo(Path.of("/xdg/anomalyany"));
    }

    @Test
    void relativeGeneralVariableIsIgnored() {
        environment.put("XDG_CACHE_HOME", "xdg");

        assertThat(find()).isEqualTo(Path.of("/home/ada/.cache/anomalyany"));
    }

    @Test
    void macHasItsOwnFolder() {
        properties.put("os.name", "Mac OS X");

        assertThat(find()).isEqualTo(Path.of("/home/ada/Library/Caches/anomalyany"));
    }

    @Test
    void windowsHasItsOwnFolder() {
        properties.put("os.name", "Windows 11");
        environment.put("LOCALAPPDATA", "/users/ada/local");

        assertThat(find()).isEqualTo(Path.of("/users/ada/local/anomalyany"));
    }

    private Path find() {
        return new CacheLocation(properties::get, environment::get).find();
    }
}

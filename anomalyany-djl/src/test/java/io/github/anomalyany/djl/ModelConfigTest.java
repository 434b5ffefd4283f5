// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelConfigTest {
    @TempDir
    private Path folder;

    @Test
    void namesAllOptionsThatNobodyAskedFor() throws IOException {
        var config = config("{\"_class_name\":\"X\",\"dtype\":\"float16\",\"a\":1,\"b\":null,\"c\":2,\"d\":3,\"e\":4}");
        config.integer("a", 1, 9);

        assertThat(config.unread()).containsExactly("c", "d", "e");
        assertThatThrownBy(() -> config.refuseUnknown("d"))
                .hasMessageContaining("\"c\" is 2: is an option that is not supported; nor are [e]");
        assertThatCode(() -> config.refuseUnknown("c", "d", "e")).doesNotThrowAnyException();
    }

    @Test
    void refusesOptionsUnlessTheyChangeNothing() throws IOException {
        var config = config("{\"none\":null,\"dual\":false,\"scale\":1.0,\"only\":[false,false],\"type\":\"default\"}");

        assertThatCode(() -> {
                    config.refuseUnlessDefault("absent");
                    config.refuseUnlessDefault("none");
                    config.refuseUnlessDefault("dual", false);
                    config.refuseUnlessDefault("scale", 1);
                    config.refuseUnlessDefault("only", false);
                    config.refuseUnlessDefault("type", "default", "silu");
                    config.refuseUnknown();
                })
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> config.refuseUnlessDefault("type", "silu", "gelu"))
                .hasMessageContaining("\"type\" is \"default\"")
                .hasMessageContaining("one of [silu, gelu]");
    }

    @Test
    void shortensLongValuesInMessages() throws IOException {
        var config = config("{\"a\":\"" + "x".repeat(100_000) + "\"}");

        assertThatThrownBy(() -> config.integer("a", 1, 9))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
    }

    @Test
    void givesDefaultsForAbsentAndNull() throws IOException {
        var config = config("{\"a\":null}");

        assertThat(config.has("a")).isFalse();
        assertThat(config.integer("a", 7, 1, 9)).isEqualTo(7);
        assertThat(config.number("a", .5, 0, 1)).isEqualTo(.5);
        assertThat(config.numbers("a", new double[] {.5, 1}, 0, 1)).containsExactly(.5, 1);
        assertThat(config.text("a", "silu", "silu")).isEqualTo("silu");
        assertThat(config.flag("a", true)).isTrue();
        assertThat(config.integersPerLevel("a", 3, 8, 1, 9)).containsExactly(8, 8, 8);
        assertThat(config.group("a")).isEmpty();
    }

    @Test
    void readsValuesOfEveryType() throws IOException {
        var config =
                config("{\"i\":-3,\"f\":1e-5,\"fs\":[0,0.25],\"t\":\"x\",\"b\":true,\"is\":[1,2],\"ts\":[\"p\",\"q\"],"
                        + "\"g\":{\"h\":4}}");

        assertThat(config.integer("i", -5, 5)).isEqualTo(-3);
        assertThat(config.number("f", 0, 0, 1)).isEqualTo(1e-5);
        assertThat(config.numbers("fs", new double[2], 0, 1)).containsExactly(0, .25);
        assertThat(config.text("t", "y")).isEqualTo("x");
        assertThat(config.flag("b", false)).isTrue();
        assertThat(config.integers("is", 1, 4, 0, 9)).containsExactly(1, 2);
        assertThat(config.integersPerLevel("is", 2, 8, 1, 9)).containsExactly(1, 2);
        assertThat(config.texts("ts", 2, 2, "p", "q")).containsExactly("p", "q");
        assertThat(config.group("g").orElseThrow().integer("h", 1, 9)).isEqualTo(4);
        assertThat(config.unread()).isEmpty();
        assertThat(config.file()).hasFileName("config.json");
    }

    private ModelConfig config(String json) throws IOException {
        return ModelConfig.read(Files.writeString(folder.resolve("config.json"), json));
    }
}

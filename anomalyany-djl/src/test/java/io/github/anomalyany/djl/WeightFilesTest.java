// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.TensorIndex.ShapeMatch;
import io.github.anomalyany.golden.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {
    @TempDir
    private Path folder;

    @Test
    void refusesTwoTensorsThatGetOneName() throws IOException {
        write(folder.resolve("model.safetensors"), "attention.query", "attention.to_q");

        assertThatThrownBy(() -> TensorIndex.open(folder, name -> name.replace("query", "to_q")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("tensor attention.to_q: is there twice, also as attention.query");
    }

    @Test
    void listsTheFirstFaultsAndCountsTheOthers() throws IOException {
        write(folder.resolve("model.safetensors"), "a", "b", "c", "d", "e", "f", "g");
        try (var index = TensorIndex.open(folder)) {
            assertThatThrownBy(() -> index.require(Map.of(), name -> name.equals("g"), ShapeMatch.EXACT))
                    .hasMessageContaining("tensor a: is unexpected")
                    .hasMessageContaining("; e is unexpected")
                    .hasMessageEndingWith("; and 1 more tensors differ");
        }
    }

    @Test
    void refusesShardLinksOutOfACacheThatIsNone() throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/main/unet"));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("blobs"), elsewhere);
        write(elsewhere.resolve("0123"), "a");
        Files.createSymbolicLink(snapshot.resolve("s.safetensors"), Path.of("../../../blobs/0123"));
        writeIndex(snapshot.resolve("model.safetensors.index.json"), "s.safetensors");

        assertThatThrownBy(() -> TensorIndex.open(snapshot))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("leads out of its folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "diffusion_pytorch_model.fp16.safetensors"})
    void followsTheLinksOfAHuggingFaceCacheForSingleFiles(String name) throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve("models--x--y/snapshots/main/unet"));
        write(Files.createDirectories(folder.resolve("models--x--y/blobs")).resolve("0123"), "a");
        Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../../blobs/0123"));

        assertThat(source(snapshot)).isEqualTo(name);
    }

    @Test
    void followsTheLinksOfAHuggingFaceCacheForShards() throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve("models--x--y/snapshots/main/unet"));
        Path blobs = Files.createDirectories(folder.resolve("models--x--y/blobs"));
        write(blobs.resolve("0123"), "a");
        writeIndex(blobs.resolve("4567"), "s.safetensors");
        Files.createSymbolicLink(snapshot.resolve("s.safetensors"), Path.of("../../../blobs/0123"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors.index.json"), Path.of("../../../blobs/4567"));

        assertThat(source(snapshot)).isEqualTo("model.safetensors.index.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "diffusion_pytorch_model.safetensors.index.json",
                "diffusion_pytorch_model.safetensors.index.fp16.json",
                "diffusion_pytorch_model.safetensors.fp16.index.json",
                "diffusion_pytorch_model.fp16.safetensors.index.json",
                "model.safetensors.index.fp16.json"
            })
    void opensShardsUnderAllSpellingsOfTheIndex(String name) throws IOException {
        write(folder.resolve("s.safetensors"), "a");
        writeIndex(folder.resolve(name), "s.safetensors");

        assertThat(source(folder)).isEqualTo(name);
    }

    @Test
    void prefersFullPrecisionAndSingleFiles() throws IOException {
        var byPreference = List.of(
                "diffusion_pytorch_model.safetensors",
                "model.safetensors",
                "model.safetensors.index.json",
                "model.fp16.safetensors",
                "model.safetensors.index.fp16.json");
        write(folder.resolve("s.safetensors"), "a");
        for (int i = byPreference.size() - 1; i >= 0; i--) {
            String name = byPreference.get(i);
            if (name.endsWith(".json")) {
                writeIndex(folder.resolve(name), "s.safetensors");
            } else {
                write(folder.resolve(name), "a");
            }

            assertThat(source(folder)).isEqualTo(name);
        }
    }

    @Test
    void takesPointwiseConvolutionsForMatricesWhereAsked() throws IOException {
        write(folder.resolve("model.safetensors"), "[2,1,1,1]", List.of("attention.query"));
        var wanted = Map.of("attention.to_q", new long[] {2, 1});

        try (var index = TensorIndex.open(folder, name -> name.replace("query", "to_q"))) {
            index.require(wanted, name -> false, ShapeMatch.POINTWISE);
            assertThat(index.get("attention.to_q").name()).isEqualTo("attention.query");
            assertThatThrownBy(() -> index.require(wanted, name -> false, ShapeMatch.EXACT))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("has the shape [2, 1, 1, 1] but the configuration wants [2, 1]");
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void mapsEveryTensorOfTheGoldenModels(Path network) {
        try (var index = TensorIndex.open(network)) {
            assertThat(index.names()).isNotEmpty();
            for (var name : index.names()) {
                var entry = index.get(name);
                assertThat((long) entry.map().remaining()).isEqualTo(entry.byteLength());
            }
        }
    }

    static List<Path> networks() throws IOException {
        try (var files = Files.walk(Goldens.own().path("models"))) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();
        }
    }

    private static String source(Path folder) {
        try (var index = TensorIndex.open(folder)) {
            assertThat(index.names()).containsExactly("a");
            return String.valueOf(index.source().getFileName());
        }
    }

    private static void write(Path file, String... names) throws IOException {
        write(file, "[2]", List.of(names));
    }

    private static void write(Path file, String shape, List<String> names) throws IOException {
        var tensors = new StringBuilder();
        int offset = 0;
        for (var name : names) {
            tensors.append(offset == 0 ? "" : ",").append("\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape);
            tensors.append(",\"data_offsets\":[" + offset + "," + (offset + 8) + "]}");
            offset += 8;
        }
        Files.write(file, MalformedModelTest.safetensors(("{" + tensors + "}").getBytes(UTF_8), offset));
    }

    private static void writeIndex(Path file, String shard) throws IOException {
        Files.writeString(file, "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"" + shard + "\"}}");
    }
}

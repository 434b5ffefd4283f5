// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.github.anomalyany.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's vocabulary in one file gives the ids of Hugging Face's two files. */
class OpenAiTokenizerTest {
    private static final Path GOLDENS = Path.of(System.getProperty("anomalyany.goldens"));
    private static final int MERGES = 48_894;

    @TempDir
    private Path folder;

    @Test
    void refusesAFileThatIsTooShort() throws IOException {
        write(lines().subList(0, MERGES));

        assertRefused("has 48894 lines, less than the 48895 wanted");
    }

    @Test
    void refusesWhatIsNotZipped() throws IOException {
        Files.writeString(folder.resolve(ClipTokenizer.OPENAI_FILE), "i n\n");

        assertRefused("can't be unpacked");
    }

    @Test
    void refusesAFileThatWasCutOff() throws IOException {
        write(lines());
        Path file = folder.resolve(ClipTokenizer.OPENAI_FILE);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        assertRefused("can't be unpacked");
    }

    @Test
    void refusesWhatUnpacksToTooMuch() throws IOException {
        var lines = new ArrayList<String>();
        lines.add("\"bpe_simple_vocab_16e6.txt#version: 0.2");
        lines.add("a".repeat(17 << 20));
        write(lines);

        assertRefused("unpacks to more than");
    }

    @Test
    void refusesMergesThatGiveAPieceTwice() throws IOException {
        List<String> lines = lines();
        lines.set(10, lines.get(9));
        write(lines);

        assertRefused("twice");
    }

    @Test
    void refusesLinesThatAreNoMerges() throws IOException {
        List<String> lines = lines();
        lines.set(10, "a b c");
        write(lines);

        assertRefused("is not two pieces");
    }

    @Test
    void takesTheTwoFilesWhereBothAreThere() throws IOException {
        Files.writeString(folder.resolve(ClipTokenizer.OPENAI_FILE), "damaged, but not looked at");
        for (String name : List.of("vocab.json", "merges.txt")) {
            Files.copy(GOLDENS.resolve("models/clip-tokenizer").resolve(name), folder.resolve(name));
        }

        assertThat(ClipTokenizer.load(folder, 77).vocabularySize()).isEqualTo(49408);
    }

    @Test
    void givesTheIdsOfTheTwoFiles() throws IOException {
        List<String> lines = lines();
        lines.addAll(List.of("zz zzq", "more merges", "than the model knows"));
        write(lines);
        var tokenizer = ClipTokenizer.load(folder, 77);

        assertThat(tokenizer.vocabularySize()).isEqualTo(49408);
        int compared = 0;
        for (var line : Files.readAllLines(GOLDENS.resolve("tokenizer/clip.jsonl"))) {
            var golden = JsonParser.parseString(line).getAsJsonObject();
            var ids = new ArrayList<Long>();
            golden.getAsJsonArray("ids").forEach(id -> ids.add(id.getAsLong()));
            String text = golden.get("text").getAsString();
            assertThat(tokenizer.encode(text, Overlong.TRUNCATE).ids())
                    .as(text)
                    .containsExactly(ids.stream().mapToLong(Long::longValue).toArray());
            compared++;
        }
        assertThat(compared).isGreaterThan(200);
    }

    /** As OpenAI's file begins: a header of its own, then the merges. */
    private static List<String> lines() throws IOException {
        var lines = new ArrayList<>(Files.readAllLines(GOLDENS.resolve("models/clip-tokenizer/merges.txt")));
        lines.set(0, "\"bpe_simple_vocab_16e6.txt#version: 0.2");
        assertThat(lines).hasSize(MERGES + 1);
        return lines;
    }

    private void write(List<String> lines) throws IOException {
        try (var out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(ClipTokenizer.OPENAI_FILE)))) {
            out.write((String.join("\n", lines) + "\n").getBytes(UTF_8));
        }
    }

    private void assertRefused(String problem) {
        assertThatThrownBy(() -> ClipTokenizer.load(folder, 77))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(ClipTokenizer.OPENAI_FILE)
                .hasMessageContaining(problem);
    }
}

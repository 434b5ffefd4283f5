// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Token ids that transformers gives: equal or wrong, there is no tolerance. */
class TokenizerGoldenTest {
    private static final Path GOLDENS = Path.of(System.getProperty("anomalyany.goldens"));
    private static final int POSITIONS = 77;

    @ParameterizedTest
    @MethodSource
    void givesTheIdsOfTheReference(Path lines) throws IOException {
        String name = String.valueOf(lines.getFileName()).replace(".jsonl", "");
        var tokenizer = ClipTokenizer.load(GOLDENS.resolve("models/" + name + "-tokenizer"), POSITIONS);
        var wrong = new ArrayList<String>();
        int compared = 0;
        for (var line : Files.readAllLines(lines)) {
            var golden = JsonParser.parseString(line).getAsJsonObject();
            var encoding = tokenizer.encode(golden.get("text").getAsString(), Overlong.TRUNCATE);
            if (!list(encoding.ids()).equals(list(golden.getAsJsonArray("ids")))
                    || encoding.length() != golden.get("untruncated_length").getAsInt()) {
                wrong.add(golden.get("text") + " gives " + encoding.pieces());
            }
            compared++;
        }
        assertThat(wrong).isEmpty();
        assertThat(compared)
                .isEqualTo(config().getAsJsonObject("tokenizer").get("count").getAsInt());
    }

    static List<Path> givesTheIdsOfTheReference() throws IOException {
        return files(GOLDENS.resolve("tokenizer"), file -> file.toString().endsWith(".jsonl"));
    }

    @ParameterizedTest
    @MethodSource
    void givesTheIdsThatTheTextTowersWereFedWith(Prompts prompts) {
        var tokenizer = ClipTokenizer.load(prompts.tokenizer(), POSITIONS);
        try (var file = SafetensorsFile.open(prompts.golden())) {
            var golden = file.get("in.input_ids").map().asLongBuffer();
            var stored = new long[golden.remaining()];
            golden.get(stored);
            var ids = new ArrayList<Long>();
            for (var prompt : prompts.texts()) {
                ids.addAll(list(tokenizer.encode(prompt, Overlong.TRUNCATE).ids()));
            }
            for (var extra : prompts.extraTokens()) {
                ids.set(extra.get(0) * tokenizer.contextLength() + extra.get(1), (long) extra.get(2));
            }
            assertThat(list(stored)).isEqualTo(ids);
        }
    }

    record Prompts(Path golden, Path tokenizer, List<String> texts, List<List<Integer>> extraTokens) {
        @Override
        public String toString() {
            return String.valueOf(golden.getFileName());
        }
    }

    static List<Prompts> givesTheIdsThatTheTextTowersWereFedWith() throws IOException {
        var cases = new ArrayList<Prompts>();
        for (var pipeline : entries(config(), "pipelines")) {
            if (pipeline.getValue().has("text_encoder")) {
                var texts = texts(pipeline.getValue().getAsJsonObject("text_encoder"));
                Path folder = GOLDENS.resolve("models").resolve(pipeline.getKey());
                Path golden = GOLDENS.resolve("clip/" + pipeline.getKey() + "-text-encoder.safetensors");
                cases.add(new Prompts(golden, folder.resolve("tokenizer"), texts, List.of()));
            }
        }
        for (var clip : entries(config(), "clip")) {
            var texts = texts(clip.getValue());
            var extra = new ArrayList<List<Integer>>();
            for (var token : clip.getValue().getAsJsonArray("extra_tokens")) {
                extra.add(list(token.getAsJsonArray()).stream()
                        .map(Math::toIntExact)
                        .toList());
            }
            Path folder = GOLDENS.resolve("models").resolve(clip.getKey());
            String golden = "clip/" + clip.getKey();
            cases.add(new Prompts(GOLDENS.resolve(golden + "-text.safetensors"), folder, texts, extra));
            cases.add(new Prompts(
                    GOLDENS.resolve(golden + "-gradient.safetensors"),
                    folder,
                    texts.subList(texts.size() - 2, texts.size()),
                    List.of()));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource
    void encodesTheEmptyTextWithEveryTokenizer(Path folder) {
        var tokenizer = ClipTokenizer.load(folder, POSITIONS);

        var encoding = tokenizer.encode("", Overlong.REFUSE);

        assertThat(encoding.length()).isEqualTo(2);
        assertThat(encoding.ids()).hasSize(tokenizer.contextLength());
    }

    static List<Path> encodesTheEmptyTextWithEveryTokenizer() throws IOException {
        return files(GOLDENS.resolve("models"), folder -> Files.exists(folder.resolve("vocab.json")));
    }

    private static JsonObject config() throws IOException {
        return JsonParser.parseString(Files.readString(GOLDENS.resolve("config.json")))
                .getAsJsonObject();
    }

    private static List<Map.Entry<String, JsonObject>> entries(JsonObject config, String group) {
        return config.getAsJsonObject(group).entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue().getAsJsonObject()))
                .toList();
    }

    private static List<String> texts(JsonObject group) {
        var texts = new ArrayList<String>();
        group.getAsJsonArray("prompts").forEach(prompt -> texts.add(prompt.getAsString()));
        return texts;
    }

    private static List<Path> files(Path folder, Predicate<Path> wanted) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(wanted).sorted().toList();
        }
    }

    private static List<Long> list(JsonArray array) {
        var list = new ArrayList<Long>();
        array.forEach(item -> list.add(item.getAsLong()));
        return list;
    }

    private static List<Long> list(long[] array) {
        return LongStream.of(array).boxed().toList();
    }
}

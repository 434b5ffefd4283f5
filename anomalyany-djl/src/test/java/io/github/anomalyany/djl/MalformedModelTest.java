// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.anomalyany.ModelLoadException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Model folders with one planted fault each: always the documented exception, which names the file at fault. */
class MalformedModelTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
    private static final String INDEX = WEIGHTS + ".index.json";
    private static final String HEALTHY = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @TempDir
    private Path folder;

    /** Makes the faulty files in an empty folder. */
    private interface Fault {
        void plant(Path folder) throws IOException;
    }

    /** Loads what is in the folder. */
    private interface Loader {
        void load(Path folder);
    }

    record Case(String name, Fault fault, Loader loader, String file, String problem) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource({"headers", "weightFiles", "shards", "architectures", "configs", "vocabularies", "specialTokens"})
    void namesTheFileAndTheProblem(Case malformed) throws IOException {
        malformed.fault().plant(folder);

        assertTimeoutPreemptively(
                LIMIT,
                () -> assertThatThrownBy(() -> malformed.loader().load(folder))
                        .isInstanceOf(ModelLoadException.class)
                        .hasMessageContaining(malformed.file())
                        .hasMessageContaining(malformed.problem()));
    }

    static Stream<Case> headers() {
        return Stream.of(
                weights("empty file", new byte[0], "has 0 bytes"),
                weights("file shorter than the length", new byte[7], "has 7 bytes"),
                weights("header of no length", new byte[16], "claims a header of 0 bytes"),
                weights("header longer than the file", lengthOnly(1000, 100), "claims a header of 1000 bytes"),
                weights("header of 2^63 bytes", lengthOnly(Long.MIN_VALUE, 100), "9223372036854775808"),
                weights("header of -1 bytes", lengthOnly(-1, 100), "18446744073709551615"),
                new Case(
                        "header over the limit in a large file",
                        folder -> {
                            try (var file =
                                    new RandomAccessFile(folder.resolve(WEIGHTS).toFile(), "rw")) {
                                file.write(lengthOnly(100_000_001, 0));
                                file.setLength(200_000_000);
                            }
                        },
                        MalformedModelTest::loadWeights,
                        WEIGHTS,
                        "[2, 100000000]"),
                header("header that is no JSON", "hello", "not valid JSON"),
                header("header that is a list", "[]", "not valid JSON"),
                header("header cut off", "{\"a\":{\"dtype\":\"F32\"", "not valid JSON"),
                header("text after the header", HEALTHY + "}", "not valid JSON"),
                header("header in Latin-1", "{\"\u00ff\":1}".getBytes(ISO_8859_1)),
                header("deeply nested header", "{\"a\":" + "[".repeat(1_000_000), "not valid JSON"),
                header("deeply nested metadata", "{\"__metadata__\":" + "{\"a\":".repeat(100_000), "Nesting limit"),
                header("tensor listed twice", HEALTHY.replace("}}", "},") + HEALTHY.substring(1), "occurs twice"),
                tensor("dtype listed twice", "F32\",\"dtype\":\"F32", "[2]", "[0,8]", "occurs twice"),
                tensor("unknown dtype", "F31", "[2]", "[0,8]", "unsupported dtype F31"),
                tensor("unknown field", "F32\",\"x\":\"1", "[2]", "[0,8]", "unknown header field"),
                header("no shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", "lacks dtype, shape"),
                header("tensor that is a number", "{\"a\":1}", "not valid JSON"),
                tensor("shape with a fraction", "F32", "[2.0]", "[0,8]", "2.0"),
                tensor("shape with a string", "F32", "[\"2\"]", "[0,8]", "STRING"),
                tensor("negative side", "F32", "[-2]", "[0,8]", "-2"),
                tensor("NaN side", "F32", "[NaN]", "[0,8]", "not valid JSON"),
                tensor("side beyond 64 bits", "F32", "[99999999999999999999]", "[0,8]", "99999999999999999999"),
                tensor("shape that overflows", "F32", "[4294967296,4294967296]", "[0,8]", "impossible shape"),
                tensor("overflow hidden by a zero", "F32", "[4294967296,4294967296,0]", "[0,0]", "impossible shape"),
                tensor("shape of too many sides", "F32", "[" + "1,".repeat(20) + "2]", "[0,8]", "more than 16"),
                tensor("shape larger than the data", "F32", "[3]", "[0,8]", "takes 12 bytes"),
                tensor("shape smaller than the data", "F32", "[1]", "[0,8]", "takes 4 bytes"),
                tensor("negative offset", "F32", "[2]", "[-8,0]", "-8"),
                tensor("offsets the wrong way round", "F32", "[2]", "[8,0]", "no [begin, end]"),
                tensor("three offsets", "F32", "[2]", "[0,8,8]", "no [begin, end]"),
                tensor("offset beyond the file", "F32", "[2]", "[8,16]", "truncated"),
                tensor("offset near 2^63", "F32", "[2]", "[999999999999999984,999999999999999992]", "truncated"),
                header("gap before a tensor", HEALTHY, 16, "tensors end at"),
                header("overlapping tensors", two("[0,8]", "[4,12]"), 12, "overlaps"),
                header("same place twice", two("[0,8]", "[0,8]"), 8, "overlaps"),
                header("gap between tensors", two("[0,8]", "[12,20]"), 20, "gap"),
                header("truncated data", two("[0,8]", "[8,16]"), 15, "truncated"));
    }

    static Stream<Case> weightFiles() {
        Loader weights = MalformedModelTest::loadWeights;
        return Stream.of(
                new Case("no folder", folder -> {}, folder -> loadWeights(folder.resolve("unet")), "unet", "not exist"),
                new Case(
                        "file instead of a folder",
                        folder -> Files.write(folder.resolve("unet"), new byte[9]),
                        folder -> loadWeights(folder.resolve("unet")),
                        "unet",
                        "is not a folder"),
                new Case(
                        "empty folder",
                        folder -> Files.createDirectory(folder.resolve("unet")),
                        folder -> loadWeights(folder.resolve("unet")),
                        "unet",
                        "has no weights"),
                new Case(
                        "folder instead of a file",
                        folder -> Files.createDirectory(folder.resolve(WEIGHTS)),
                        weights,
                        WEIGHTS,
                        "not a regular file"),
                new Case(
                        "link to nowhere",
                        folder -> Files.createSymbolicLink(folder.resolve(WEIGHTS), Path.of("gone")),
                        weights,
                        WEIGHTS,
                        "is a link to a file that does not exist"),
                file("pickle", "pytorch_model.bin", "x", weights, "fetch model.safetensors"),
                file("checkpoint", "diffusion_pytorch_model.ckpt", "x", weights, "fetch " + WEIGHTS),
                file("other name", "sd.safetensors", "x", weights, "[sd.safetensors]"));
    }

    static Stream<Case> shards() {
        return Stream.of(
                index("index that is no JSON", "{", INDEX, "not valid JSON"),
                index("index without a map", "{\"metadata\":{}}", INDEX, "no weight_map"),
                index("index with an empty map", "{\"weight_map\":{}}", INDEX, "no weight_map"),
                index("map that is a list", "{\"weight_map\":[]}", INDEX, "not valid JSON"),
                index("map given twice", "{\"weight_map\":{},\"weight_map\":{}}", INDEX, "occurs twice"),
                map("tensor listed twice", "\"a\":\"s.safetensors\",\"a\":\"s.safetensors\"", INDEX, "occurs twice"),
                map("shard that is a number", "\"a\":1", INDEX, "string is wanted"),
                map("shard in the parent folder", "\"a\":\"../s.safetensors\"", INDEX, "not the plain name"),
                map("shard in a sub-folder", "\"a\":\"x/s.safetensors\"", INDEX, "not the plain name"),
                map("shard by absolute path", "\"a\":\"/s.safetensors\"", INDEX, "not the plain name"),
                map("shard by Windows path", "\"a\":\"c:\\\\s.safetensors\"", INDEX, "not the plain name"),
                map("shard with a zero in its name", "\"a\":\"s\\u0000.safetensors\"", INDEX, "not the plain name"),
                map("shard with half a character", "\"a\":\"\\ud800.safetensors\"", INDEX, "not the plain name"),
                map("pickled shard", "\"a\":\"s.bin\"", INDEX, "not the plain name"),
                map("missing shard", "\"a\":\"t.safetensors\"", "t.safetensors", "does not exist"),
                map(
                        "tensor that isn't in its shard",
                        "\"a\":\"s.safetensors\",\"b\":\"s.safetensors\"",
                        INDEX,
                        "not there"),
                map("tensor that isn't listed", "\"b\":\"s.safetensors\"", "s.safetensors", "is not listed"),
                map(
                        "shard that leads out of the folder",
                        "\"a\":\"link.safetensors\"",
                        "link.safetensors",
                        "leads out"));
    }

    static Stream<Case> architectures() {
        return Stream.of(
                architecture("missing tensor", "{}", 0, "tensor a: is missing"),
                architecture("unexpected tensor", two("[0,8]", "[8,16]"), 16, "tensor b: is unexpected"),
                architecture("other shape", HEALTHY.replace("[2]", "[1,2]"), 8, "shape [1, 2] but"),
                architecture("integers", HEALTHY.replace("F32", "I32"), 8, "dtype I32"));
    }

    static Stream<Case> configs() {
        return Stream.of(
                config("empty config", "", "not valid JSON"),
                config("config that is a list", "[]", "not valid JSON"),
                config("config with a comment", "{/**/}", "not valid JSON"),
                config("key given twice", "{\"n\":1,\"n\":1}", "occurs twice"),
                config("deeply nested config", "{\"n\":" + "[".repeat(100_000), "Nesting limit"),
                config("config over the limit", "{\"n\":\"" + "x".repeat(1_000_000) + "\"}", "larger than the limit"),
                config("key that is missing", "{}", "lacks the key \"n\""),
                config("null for a key that must be there", "{\"n\":null}", "lacks the key \"n\""),
                config("integer out of range", "{\"n\":0}", "\"n\" is 0: must be an integer in [1, 8]"),
                config("integer beyond 64 bits", "{\"n\":18446744073709551617}", "must be an integer"),
                config("integer with a fraction", "{\"n\":1.5}", "must be an integer"),
                config("integer with an exponent", "{\"n\":1e999999999}", "must be an integer"),
                config("integer as a text", "{\"n\":\"1\"}", "must be an integer"),
                config("infinite number", "{\"n\":1,\"eps\":1e999}", "must be a number in [0.0, 1.0]"),
                config("number that is true", "{\"n\":1,\"eps\":true}", "must be a number"),
                config("text not allowed", "{\"n\":1,\"act\":\"mish\"}", "must be one of [silu, gelu]"),
                config("list of another length", "{\"n\":1,\"heads\":[1]}", "must be in 2"),
                config("list with null", "{\"n\":1,\"heads\":[1,null]}", "without null"),
                config("list of lists", "{\"n\":1,\"heads\":[[1],[1]]}", "must be an integer"),
                config("flag that is a number", "{\"n\":1,\"flag\":1}", "must be true or false"),
                config("group that is a list", "{\"n\":1,\"text\":[]}", "must be an object"),
                config("fault in a group", "{\"n\":1,\"text\":{\"n\":9}}", "\"text.n\" is 9"),
                config("unsupported option", "{\"n\":1,\"dual\":true}", "\"dual\" is true: is an option that is not"),
                config("unsupported option in a list", "{\"n\":1,\"dual\":[false,true]}", "absent or false"),
                config("unknown option", "{\"n\":1,\"gated\":7}", "\"gated\" is 7"));
    }

    static Stream<Case> vocabularies() {
        return Stream.of(
                tokenizer("no vocabulary", Map.of("vocab.json", ""), "vocab.json", "not valid JSON"),
                tokenizer("vocabulary that is a list", Map.of("vocab.json", "[]"), "vocab.json", "not valid JSON"),
                vocabulary("piece listed twice", "\"a\":0,\"a\":1", "occurs twice"),
                vocabulary("id given twice", "\"a\":0,\"b\":0", "must be different"),
                vocabulary("id out of range", "\"a\":0,\"b\":2", "must be different and in [0, 1]"),
                vocabulary("huge id", "\"a\":99999999999999999", "must be different and in [0, 0]"),
                vocabulary("negative id", "\"a\":-1", "-1"),
                vocabulary("id with a fraction", "\"a\":0.0", "0.0"),
                vocabulary("id as a text", "\"a\":\"0\"", "STRING"),
                vocabulary("no special tokens", "\"a\":0", "lacks the special token"),
                merges("no merges", "", "is empty"),
                merges("one piece on a line", "#version: 0.2\na b\nab\n", "line 3 \"ab\" is not two pieces"),
                merges("three pieces on a line", "a b c\n", "line 1 \"a b c\" is not two pieces"),
                merges("blank line", "a b\n\na c\n", "line 2"),
                merges("piece that isn't in the vocabulary", "a z\n", "needs \"z\""),
                merges("product that isn't in the vocabulary", "b a\n", "needs \"ba\""),
                merges("merge listed twice", "a b\na b\n", "line 2 \"a b\" is there twice"),
                tokenizer(
                        "merges over the limit",
                        Map.of("merges.txt", "a b\n".repeat(5_000_000)),
                        "merges.txt",
                        "larger than the limit"));
    }

    static Stream<Case> specialTokens() {
        String config = "tokenizer_config.json";
        String map = "special_tokens_map.json";
        return Stream.of(
                special("pad token not in the vocabulary", map, "\"pad_token\":\"<pad>\"", "vocab.json", "\"<pad>\""),
                special("pad token that is a number", map, "\"pad_token\":1", map, "must be an object"),
                special("token without a name", map, "\"pad_token\":{}", "vocab.json", "\"\""),
                special("whole words only", map, "\"pad_token\":{\"single_word\":true}", map, "single_word"),
                special("further special tokens", map, "\"additional_special_tokens\":[\"a\"]", map, "not supported"),
                special("another kind of tokenizer", config, "\"tokenizer_class\":\"T5Tokenizer\"", config, "T5"),
                special("padding on the left", config, "\"padding_side\":\"left\"", config, "padding_side"),
                special("no room for text", config, "\"model_max_length\":2", config, "[3.0, "),
                special("length with a fraction", config, "\"model_max_length\":7.5", config, "must be an integer"),
                special("added token", "added_tokens.json", "\"<cat>\":7", "added_tokens.json", "<cat>"),
                special(
                        "added token of another id",
                        config,
                        "\"added_tokens_decoder\":{\"7\":{\"content\":\"a\"}}",
                        config,
                        "another id"));
    }

    private static void loadWeights(Path folder) {
        try (var index = TensorIndex.open(folder)) {
            index.names().forEach(name -> index.get(name).map());
        }
    }

    private static Case weights(String name, byte[] content, String problem) {
        return new Case(
                name,
                folder -> Files.write(folder.resolve(WEIGHTS), content),
                MalformedModelTest::loadWeights,
                WEIGHTS,
                problem);
    }

    private static Case header(String name, String header, String problem) {
        return header(name, header, 8, problem);
    }

    private static Case header(String name, byte[] header) {
        return weights(name, safetensors(header, 8), "not UTF-8");
    }

    private static Case header(String name, String header, int dataBytes, String problem) {
        return weights(name, safetensors(header.getBytes(UTF_8), dataBytes), problem);
    }

    private static Case tensor(String name, String dtype, String shape, String offsets, String problem) {
        String tensor = "{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
        return header(name, "{\"a\":" + tensor + "}", problem);
    }

    private static String two(String first, String second) {
        return HEALTHY.replace("[0,8]", first).replace("}}", "},")
                + HEALTHY.replace("[0,8]", second).replace("a\":{", "b\":{").substring(1);
    }

    private static Case file(String name, String file, String content, Loader loader, String problem) {
        return new Case(name, folder -> Files.writeString(folder.resolve(file), content), loader, file, problem);
    }

    private static Case map(String name, String entries, String file, String problem) {
        return index(name, "{\"weight_map\":{" + entries + "}}", file, problem);
    }

    private static Case index(String name, String json, String file, String problem) {
        Fault fault = folder -> {
            Path unet = Files.createDirectory(folder.resolve("unet"));
            Files.writeString(unet.resolve(INDEX), json);
            Files.write(unet.resolve("s.safetensors"), safetensors(HEALTHY.getBytes(UTF_8), 8));
            Path outside = Files.write(folder.resolve("o.safetensors"), safetensors(HEALTHY.getBytes(UTF_8), 8));
            Files.createSymbolicLink(unet.resolve("link.safetensors"), outside);
        };
        return new Case(name, fault, folder -> loadWeights(folder.resolve("unet")), file, problem);
    }

    private static Case architecture(String name, String header, int dataBytes, String problem) {
        Loader loader = folder -> {
            try (var index = TensorIndex.open(folder)) {
                index.require(Map.of("a", new long[] {2}), tensor -> false, TensorIndex.ShapeMatch.POINTWISE);
            }
        };
        return new Case(name, header(name, header, dataBytes, problem).fault(), loader, WEIGHTS, problem);
    }

    private static Case config(String name, String json, String problem) {
        Loader loader = folder -> {
            var config = ModelConfig.read(folder.resolve("config.json"));
            config.integer("n", 1, 8);
            config.number("eps", 1e-5, 0, 1);
            config.text("act", "silu", "silu", "gelu");
            config.integersPerLevel("heads", 2, 1, 1, 8);
            config.flag("flag", false);
            config.group("text").ifPresent(text -> text.integer("n", 1, 8));
            config.refuseUnlessDefault("dual", false);
            config.refuseUnknown("sample_size");
        };
        return file(name, "config.json", json, loader, problem);
    }

    private static Case vocabulary(String name, String entries, String problem) {
        return tokenizer(name, Map.of("vocab.json", "{" + entries + "}"), "vocab.json", problem);
    }

    private static Case merges(String name, String lines, String problem) {
        return tokenizer(name, Map.of("merges.txt", lines), "merges.txt", problem);
    }

    private static Case special(String name, String file, String entries, String at, String problem) {
        return tokenizer(name, Map.of(file, "{" + entries + "}"), at, problem);
    }

    private static Case tokenizer(String name, Map<String, String> files, String at, String problem) {
        Fault fault = folder -> {
            String vocabulary = "{\"a\":0,\"b\":1,\"c\":2,\"ab\":3,\"ac\":4,\"<|startoftext|>\":5,\"<|endoftext|>\":6}";
            Files.writeString(folder.resolve("vocab.json"), vocabulary);
            Files.writeString(folder.resolve("merges.txt"), "a b\na c\n");
            for (var file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        };
        return new Case(name, fault, folder -> ClipTokenizer.load(folder, 77), at, problem);
    }

    private static byte[] lengthOnly(long length, int dataBytes) {
        return ByteBuffer.allocate(8 + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
    }

    static byte[] safetensors(byte[] header, int dataBytes) {
        return ByteBuffer.allocate(8 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vocabulary of a few letters: {@code a b c} and the pieces {@code ab}, {@code ab</w>}, {@code abc</w>}. */
class ClipTokenizerTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeTokenizer() throws IOException {
        Files.writeString(
                folder.resolve("vocab.json"),
                "{\"a\":0,\"b\":1,\"c\":2,\"a</w>\":3,\"b</w>\":4,\"c</w>\":5,\"ab\":6,\"ab</w>\":7,\"abc</w>\":8,"
                        + "\"<|startoftext|>\":9,\"<|endoftext|>\":10,\",</w>\":11}");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\r\na b\r\na b</w>\r\nab c</w>\r\n");
    }

    @Test
    void refusesTextThatIsTooLong() {
        var tokenizer = ClipTokenizer.load(folder, 6);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tokenizer.encode("a b c a b", Overlong.REFUSE))
                .withMessageContaining("has 5 tokens but only 4 fit")
                .withMessageContaining("truncation");
        assertThat(tokenizer.encode("a b c a", Overlong.REFUSE).isTruncated()).isFalse();
    }

    @Test
    void truncatesWhereAsked() {
        var encoding = ClipTokenizer.load(folder, 6).encode("a b c a b", Overlong.TRUNCATE);

        assertThat(encoding.ids()).containsExactly(9, 3, 4, 5, 3, 10);
        assertThat(encoding.length()).isEqualTo(7);
        assertThat(encoding.isTruncated()).isTrue();
    }

    @Test
    void listsTheWordsWhenAskedForAWordThatIsNotThere() {
        var encoding = ClipTokenizer.load(folder, 9).encode("ab, c", Overlong.REFUSE);

        for (var word : List.of("a", "b", "abc", "ab c", "c ab")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> encoding.spansOf(word))
                    .withMessage("\"" + word + "\" is not in the prompt; the prompt's words are [ab, ,, c]");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> encoding.spansOf(" \t"))
                .withMessageContaining("is blank");
    }

    @Test
    void saysThatAWordWasCutOff() {
        var encoding = ClipTokenizer.load(folder, 5).encode("a b cb", Overlong.TRUNCATE);

        assertThat(encoding.pieces()).containsExactly("<|startoftext|>", "a</w>", "b</w>", "c", "<|endoftext|>");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> encoding.spansOf("cb"))
                .withMessageContaining("cut off");
    }

    @Test
    void findsAllOccurrencesOfAWordWhateverItsCase() {
        var encoding = ClipTokenizer.load(folder, 20).encode("CA, abc ca\tAb c ca", Overlong.REFUSE);

        assertThat(encoding.pieces().subList(1, 12))
                .containsExactly(
                        "c",
                        "a</w>",
                        ",</w>",
                        "abc</w>",
                        "c",
                        "a</w>",
                        "ab</w>",
                        "c</w>",
                        "c",
                        "a</w>",
                        "<|endoftext|>");
        assertThat(encoding.spansOf("ca")).containsExactly(List.of(1, 2), List.of(5, 6), List.of(9, 10));
        assertThat(encoding.spansOf("ABC")).containsExactly(List.of(4));
        assertThat(encoding.spansOf(" ab   C ")).containsExactly(List.of(7, 8));
        assertThat(encoding.spansOf("ca,")).containsExactly(List.of(1, 2, 3));
    }

    @Test
    void padsWithTheTokenThatTheFilesName() throws IOException {
        assertThat(ClipTokenizer.load(folder, 4).encode("", Overlong.REFUSE).ids())
                .containsExactly(9, 10, 10, 10);

        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\":{\"content\":\"a\"}}");
        assertThat(ClipTokenizer.load(folder, 4).encode("", Overlong.REFUSE).ids())
                .containsExactly(9, 10, 0, 0);

        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\":\"b\"}");
        assertThat(ClipTokenizer.load(folder, 4).encode("", Overlong.REFUSE).ids())
                .containsExactly(9, 10, 1, 1);
    }

    @Test
    void takesTheSmallerOfBothContextLengths() throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"model_max_length\":10}");

        assertThat(ClipTokenizer.load(folder, 77).contextLength()).isEqualTo(10);
        assertThat(ClipTokenizer.load(folder, 8).contextLength()).isEqualTo(8);

        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"model_max_length\":1000000000000000019884624838656}");
        assertThat(ClipTokenizer.load(folder, 77).contextLength()).isEqualTo(77);
    }

    @Test
    void givesUnknownCharactersTheUnknownTokenByteByByte() {
        var encoding = ClipTokenizer.load(folder, 9).encode("aé", Overlong.REFUSE);

        assertThat(encoding.ids()).startsWith(9, 0, 10, 10, 10);
        assertThat(encoding.length()).isEqualTo(5);
    }

    @Test
    void encodesLongWordsInTimeThatGrowsNoFasterThanTheirLength() {
        var tokenizer = ClipTokenizer.load(folder, 9);

        int tokens = assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> tokenizer.encode("abc".repeat(300_000), Overlong.TRUNCATE).length());

        assertThat(tokens).isEqualTo(2 * 300_000 + 1);
    }
}

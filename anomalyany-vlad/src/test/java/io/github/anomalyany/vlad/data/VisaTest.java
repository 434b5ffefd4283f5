// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisaTest {
    private static final String CSV = "split_csv/1cls.csv";
    private static final String HEADER = "object,split,label,image,mask\n";
    private static final String TRAIN = """
            candle,train,normal,candle/Data/Images/Normal/0002.JPG,
            candle,train,normal,candle/Data/Images/Normal/0000.JPG,
            """;
    private static final String TEST = "candle,test,normal,candle/Data/Images/Normal/0001.JPG,\n";
    private static final String ANOMALY =
            "candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png\n";
    private static final String ALL = HEADER + TRAIN + TEST + ANOMALY;

    @TempDir
    Path root;

    private Tree tree;

    @BeforeEach
    void tree() throws IOException {
        tree = new Tree(root)
                .pictures(
                        "candle/Data/Images/Normal/0000.JPG",
                        "candle/Data/Images/Normal/0001.JPG",
                        "candle/Data/Images/Normal/0002.JPG",
                        "candle/Data/Images/Normal/0003.JPG",
                        "candle/Data/Images/Anomaly/000.JPG",
                        "candle/Data/Images/Anomaly/001.JPG")
                .filled("candle/Data/Masks/Anomaly/000.png", 1)
                .text(CSV, ALL);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String csv) throws IOException {
        tree.text(CSV, csv);
        return assertThatThrownBy(() -> Datasets.visa(root)).isInstanceOf(IOException.class);
    }

    private Category candle() throws IOException {
        return Datasets.visa(root).category("candle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.JPG",
                "candle/../../secret.JPG",
                "candle/Data/Images/Normal/../Normal/0003.JPG",
                "/etc/secret.JPG",
                "candle\\Data\\Images\\Normal\\0003.JPG",
                ""
            })
    void refusesPathsThatAreNotInsideTheRoot(String path) throws IOException {
        assertRefused(ALL + "candle,train,normal," + path + ",\n")
                .hasMessageContaining("line 6 of")
                .hasMessageContaining("\"" + path + "\"")
                .hasMessageContaining("must be a path inside");
    }

    @Test
    void refusesPathsThatNoSystemHas() throws IOException {
        assertRefused(ALL + "candle,train,normal,candle/\0.JPG,\n").hasMessageContaining("line 6 of");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "candle,valid,normal,candle/x.JPG,|the split \"valid\": it must be train or test",
                "candle,train,good,candle/x.JPG,|the label \"good\": it must be normal or anomaly",
                "candle,train,anomaly,candle/x.JPG,candle/x.png|an anomaly to train on",
                "candle,test,anomaly,candle/Data/Images/Anomaly/001.JPG,|no mask for an anomaly",
                "candle,test,normal,candle/x.JPG,candle/x.png|a mask for a normal image",
                ",test,normal,candle/x.JPG,|names no object",
                "candle,test,normal,candle/x.JPG|has 4 values but the header has 5",
                "candle,test,normal,candle/x.JPG,,|has 6 values but the header has 5",
                "candle,test,normal,candle/x.JPG,|x.JPG, which isn't there",
                "candle,test,normal,candle/Data,|Data, which isn't there",
                "soap,test,normal,soap/x.JPG,|isn't there: the whole folder soap is missing",
                "candle,test,normal,candle/Data/Images/Normal/0000.JPG,|which line 3 names too",
                "candle,test,normal,./candle/Data/Images/Normal/0000.JPG,|which line 3 names too",
                "candle,test,anomaly,candle/Data/Images/Anomaly/001.JPG,candle/Data/Masks/Anomaly/000.png|line 5 names too",
                "\"candle,test|has a quote that is never closed",
                "\"candle\"s,test,normal,x,|has more after a closing quote: s",
            })
    void refusesLinesWithTheirNumber(String line, String message) throws IOException {
        assertRefused(ALL + line + "\n").hasMessageContaining("line 6 of").hasMessageContaining(message);
    }

    @Test
    void refusesAMaskOfAnotherImage() throws IOException {
        assertRefused(HEADER
                        + TRAIN
                        + "candle,test,anomaly,candle/Data/Images/Anomaly/001.JPG,candle/Data/Masks/Anomaly/000.png\n")
                .hasMessageContaining("line 4 of")
                .hasMessageContaining("the names must agree");
    }

    @Test
    void refusesTwoImagesOfOneStem() throws IOException {
        tree.pictures("candle/Data/Images/Normal/0000.png");
        assertRefused(ALL + "candle,train,normal,candle/Data/Images/Normal/0000.png,\n")
                .hasMessageContaining("which line 3 names too (extensions don't count)");
    }

    @Test
    void listsMissingColumns() throws IOException {
        assertRefused("object;split;label;image;mask\n")
                .hasMessageContaining(
                        "lacks the columns object, split, label, image, mask: its first line is object;split");
        assertRefused("object,set,label,image,mask\n" + TRAIN).hasMessageContaining("lacks the columns split:");
    }

    @Test
    void refusesTablesWithoutLines() throws IOException {
        assertRefused("").hasMessageContaining("at least one line");
        assertRefused(HEADER + "\n\r\n").hasMessageContaining("at least one line");
        assertRefused(HEADER + TEST).hasMessageContaining("has no line for candle with split train");
        assertRefused(HEADER + TRAIN).hasMessageContaining("has no line for candle with split test");
    }

    @Test
    void refusesTextThatIsNotUtf8() throws IOException {
        Files.write(root.resolve(CSV), "é".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Datasets.visa(root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("isn't text in UTF-8");
    }

    @Test
    void saysWhatItLookedFor(@TempDir Path other) throws IOException {
        assertThatThrownBy(() -> Datasets.visa(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("split_csv/1cls.csv")
                .hasMessageContaining("1cls")
                .hasMessageContaining("train/good");
    }

    @Test
    void readsWhatTheTableNamesSortedByPath() throws IOException {
        assertThat(Datasets.visa(root).categories()).containsExactly("candle");
        assertThat(tree.images(candle().train()))
                .containsExactly("candle/Data/Images/Normal/0000.JPG", "candle/Data/Images/Normal/0002.JPG");
        assertThat(tree.images(candle().test()))
                .containsExactly("candle/Data/Images/Anomaly/000.JPG", "candle/Data/Images/Normal/0001.JPG");
        assertThat(candle().test()).extracting(Sample::defect).containsExactly("anomaly", "good");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 255})
    void masksOfClassesAreNotThresholdedAtTheMiddle(int value) throws IOException {
        tree.filled("candle/Data/Masks/Anomaly/000.png", value);
        var mask = candle().test().get(0).readMask().orElseThrow();
        assertThat(mask.area()).isEqualTo(Tree.WIDTH * Tree.HEIGHT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r", "\n\n", " \n"})
    void readsAnyLineEnds(String end) throws IOException {
        tree.text(CSV, ALL.replace("\n", end));
        assertThat(candle().train()).hasSize(2);
        assertThat(candle().test()).hasSize(2);
    }

    @Test
    void readsMarksQuotesAndColumnsInAnyOrder() throws IOException {
        tree.pictures("with, comma/0.JPG", "with, comma/1.JPG").text(CSV, "\uFEFF" + """
                                mask,"image",label,note,split,object
                                ,"with, comma/0.JPG",normal,"two
                                lines",train,"a ""b"", c"
                                ,"with, comma/1.JPG",normal,,test,"a ""b"", c\"""");
        var category = Datasets.visa(root).category("a \"b\", c");
        assertThat(tree.images(category.train())).containsExactly("with, comma/0.JPG");
        assertThat(category.test()).hasSize(1);
    }

    @Test
    void countsLinesInsideQuotes() throws IOException {
        assertRefused(HEADER + "\"can\n\ndle\",valid,normal,x,\n").hasMessageContaining("line 2 of");
        assertRefused(HEADER + TRAIN.replace("candle,", "\"can\ndle\",") + "candle,valid,normal,x,\n")
                .hasMessageContaining("line 6 of");
    }

    @Test
    void readsTheReorganisedLayoutInTheSameOrder(@TempDir Path moved) throws IOException {
        new Tree(moved)
                .pictures(
                        "1cls/candle/train/good/0000.JPG",
                        "1cls/candle/train/good/0002.JPG",
                        "1cls/candle/test/good/0001.JPG",
                        "1cls/candle/test/bad/000.JPG",
                        "1cls/candle/ground_truth/bad/000.png");
        var raw = candle();
        for (Path path : new Path[] {moved, moved.resolve("1cls"), moved.resolve("1cls/candle")}) {
            var dataset = Datasets.visa(path);
            assertThat(dataset.categories()).containsExactly("candle");
            var candle = dataset.category("candle");
            assertThat(candle.kShot(2, 3))
                    .extracting(sample -> Listing.name(sample.image()))
                    .isEqualTo(raw.kShot(2, 3).stream()
                            .map(sample -> Listing.name(sample.image()))
                            .toList());
            assertThat(candle.test()).extracting(Sample::defect).containsExactly("bad", "good");
            assertThat(candle.test().get(0).readMask()).isPresent();
        }
        assertThat(Datasets.open(moved).categories()).containsExactly("candle");
    }

    @Test
    void opensThePublishedLayout() throws IOException {
        assertThat(Datasets.open(root).category("candle").test()).hasSize(2);
    }
}

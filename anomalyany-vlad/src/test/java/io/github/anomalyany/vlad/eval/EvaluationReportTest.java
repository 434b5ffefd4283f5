// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonParser;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.data.Category;
import io.github.anomalyany.vlad.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationReportTest {
    private static final String NASTY = "a|b <i>&\"'`*_";

    @TempDir
    private Path folder;

    private EvaluationReport report(String method, Category... categories) throws IOException {
        return Evaluation.builder()
                .dataset(Dataset.of(NASTY, List.of(categories)))
                .methods(List.of(ScriptedMethod.red(method)))
                .shots(List.of(1, 2))
                .seeds(List.of(0L, 7L))
                .side(Pictures.SIDE)
                .output(folder.resolve("out"))
                .build()
                .run();
    }

    private Pictures pictures() {
        return new Pictures(folder.resolve("data"));
    }

    @Test
    void saysWhichRowsAndCategoriesThereAre() throws IOException {
        var report = report("red", pictures().nut("nut"));

        assertThatThrownBy(() -> report.average("blue", 1, Metric.PRO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no row of \"blue\" with 1 shots, only of \"red\" with 1, \"red\" with 2");
        assertThatThrownBy(() -> report.category("bolt", "red", 1, Metric.PRO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no bolt, only [nut]");
    }

    @Test
    void namesCannotBreakTheTables() throws IOException {
        var report = report(NASTY, pictures().nut("nut,\n" + NASTY));

        assertThat(report.markdown())
                .startsWith("# a\\|b &lt;i>&amp;\"'\\`\\*\\_\n")
                .contains("| 1 | a\\|b &lt;i>&amp;\"'\\`\\*\\_ | 75.0±0.0 |")
                .contains("| nut, a\\|b &lt;i>");
        assertThat(report.csv()).contains(",\"nut,\na|b <i>&\"\"'`*_\",2,75.0,0.0,");
        assertThat(report.html())
                .contains("<h1>a|b &lt;i&gt;&amp;&quot;&#39;`*_</h1>")
                .doesNotContain("<i>")
                .doesNotContain(NASTY);
        assertThat(JsonParser.parseString(report.json())
                        .getAsJsonObject()
                        .get("dataset")
                        .getAsString())
                .isEqualTo(NASTY);
        assertThat(folder.resolve("out/misses")).isNotEmptyDirectory();
    }

    @Test
    void jsonHasEverySeed() throws IOException {
        var report = report("red", pictures().nut("nut"), pictures().bolt("bolt"));

        var row = JsonParser.parseString(report.json())
                .getAsJsonObject()
                .getAsJsonArray("rows")
                .get(1)
                .getAsJsonObject();
        assertThat(row.get("shots").getAsInt()).isEqualTo(2);
        assertThat(row.get("seeds")).hasToString("[0,7]");
        var average = row.getAsJsonObject("average").getAsJsonObject("I-AUC");
        assertThat(average.get("mean").getAsDouble()).isEqualTo(87.5);
        assertThat(average.get("std").getAsDouble()).isZero();
        assertThat(average.get("perSeed")).hasToString("[87.5,87.5]");
        assertThat(row.getAsJsonObject("categories")
                        .getAsJsonObject("nut")
                        .getAsJsonObject("PRO")
                        .get("mean")
                        .getAsDouble())
                .isCloseTo(15, within(1e-9));
    }

    @Test
    void csvHasALineForTheDatasetAndEachCategoryOfEachRow() throws IOException {
        var lines = report("red", pictures().nut("nut"), pictures().bolt("bolt"))
                .csv()
                .lines()
                .toList();

        assertThat(lines).hasSize(1 + 2 * 3);
        assertThat(lines.get(0)).startsWith("dataset,shots,method,category,seeds,I-AUC,I-AUC std,I-F1,I-F1 std,P-AUC,");
        assertThat(lines.get(1))
                .startsWith(NASTY.replace("\"", "\"\"").transform(name -> "\"" + name + "\"") + ",1,red,,2,87.5,0.0,");
        assertThat(lines.get(5)).contains(",2,red,bolt,2,100.0,0.0,");
    }

    @Test
    void pageShowsTheWorstOfEachKindFirst() throws IOException {
        // of the goods 30 beats one dented picture of two; of the dented 20 is beaten by it
        var report = report("red", pictures().nut("nut"), pictures().bolt("bolt"));

        assertThat(report.misses()).hasSize(8);
        assertThat(report.misses().stream().filter(miss -> !miss.picture().anomalous()))
                .extracting(miss -> miss.category() + " " + miss.picture().score() + " " + miss.wrongSide())
                .containsExactly("nut 30.0 0.5", "bolt 20.0 0.0", "bolt 10.0 0.0", "nut 10.0 0.0");
        assertThat(report.misses().stream().filter(miss -> miss.picture().anomalous()))
                .extracting(miss -> miss.category() + " " + miss.picture().score() + " " + miss.wrongSide())
                .containsExactly("nut 20.0 0.5", "bolt 30.0 0.0", "bolt 40.0 0.0", "nut 40.0 0.0");
        assertThat(report.html())
                .contains("<h3>red, 2-shot, seed 0</h3>")
                .contains("nut: good/001.png, score 30.00: higher than 50 % of its category's anomalous pictures")
                .contains("nut: dent/000.png, score 20.00: lower than 50 % of its category's good pictures");
    }

    @Test
    void everyPictureOfThePageIsThere() throws IOException {
        report("red", pictures().nut("nut"), pictures().bolt("bolt"));

        var page = Files.readString(folder.resolve("out/index.html"));
        var links = Pattern.compile("(?:src|href)=\"([^\"]*)\"")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(links)
                .hasSize(3 + 8)
                .allSatisfy(
                        link -> assertThat(folder.resolve("out").resolve(link)).isRegularFile());
        assertThat(page).doesNotContain("http");
    }

    @Test
    void aMissShowsPictureOutlineAndMapOnOneScale() throws IOException {
        var report = report("red", pictures().bolt("bolt"));
        var miss = report.misses().stream()
                .filter(any -> any.picture().anomalous())
                .findFirst()
                .orElseThrow();

        var drawn = RgbImage.read(folder.resolve("out").resolve(miss.file()));
        assertThat(drawn.width()).isEqualTo(3 * Pictures.SIDE + 2 * 4);
        assertThat(drawn.height()).isEqualTo(Pictures.SIDE);
        int second = Pictures.SIDE + 4;
        int third = 2 * second;
        assertThat(drawn.rgb(0, 0)).isEqualTo(30 << 16);
        assertThat(drawn.rgb(3, 3)).isEqualTo(30 << 16 | 200 << 8);
        assertThat(drawn.rgb(second + 1, 1)).as("outline").isEqualTo(0x00e676);
        assertThat(drawn.rgb(second + 3, 3)).as("inside of it").isEqualTo(drawn.rgb(3, 3));
        assertThat(drawn.rgb(third, 0)).as("below the mean score").isEqualTo(drawn.rgb(0, 0));
        assertThat(drawn.rgb(third + 3, 3)).as("the highest score").isNotEqualTo(drawn.rgb(3, 3));
        assertThat(report.misses()).extracting(Miss::high).containsOnly((double) (200f / 255));
    }
}

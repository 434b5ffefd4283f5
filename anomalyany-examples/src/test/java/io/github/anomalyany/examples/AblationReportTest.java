// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.Verdict.Criterion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AblationReportTest {
    private final AblationOptions options = AblationOptions.parse(
            "--kinds", "brick,tile", "--defects", "crack,hole", "--variants", "blend,attention", "--seeds", "2");

    @Test
    void partThatWorsensIsToldPlainly() {
        assertThat(line(report(0.5, 0.2), "- **3 + attention"))
                .contains("does not help and harms")
                .contains("Better: nothing")
                .contains("Worse: attention inside (-0.300 ± ");
    }

    @Test
    void partThatChangesNothingDoesNotHelp() {
        assertThat(line(report(0.5, 0.5), "- **3 + attention"))
                .contains("does not help.")
                .contains("Better: nothing. Worse: nothing")
                .contains("Seconds: +1.00 ± 0.00");
    }

    @Test
    void partThatHelpsIsComparedWithItsBase() {
        assertThat(line(report(0.5, 0.9), "- **3 + attention"))
                .contains("against 2 + masked blend: helps. Better: attention inside (+0.400 ± ");
    }

    @Test
    void partWithoutItsBaseIsNotCompared() {
        var lonely = AblationOptions.parse("--variants", "clip");
        var measurements = new Measurements(List.of(
                measurement(new AblationCase(SampleKind.BRICK, "crack", 0), AblationVariant.PLAIN, 1),
                measurement(new AblationCase(SampleKind.BRICK, "crack", 0), AblationVariant.CLIP, 2)));

        assertThat(new AblationReport(lonely, measurements, Map.of()).markdown())
                .contains("No variant ran together with the one it adds to.");
    }

    @Test
    void attentionIsAMultipleOfPlainsMean() {
        var report = report(0.5, 1);

        assertThat(report).contains("is 4.00 × that of plain image-to-image");
        assertThat(line(report, "| × that of plain"))
                .isEqualTo("| × that of plain image-to-image | 1.00 | 2.00 | 4.00 |");
    }

    @Test
    void countsRejectionsByReason() {
        var report = report(0.5, 0.5);

        assertThat(line(report, "| change outside | ")).isEqualTo("| change outside | 4 | 0 | 0 |");
        assertThat(line(report, "| all, of 8")).isEqualTo("| all, of 8 | 4 | 0 | 0 |");
        assertThat(report).doesNotContain("| clip margin");
    }

    @Test
    void groupsByDefectAndKind() {
        assertThat(report(0.5, 0.5))
                .contains("| crack | 100 % | 2.00 | 100 % | 2.00 |")
                .contains("| tile | 100 % | 2.00 | 100 % | 2.00 |");
    }

    @Test
    void saysHowItWasMade() {
        assertThat(report(0.5, 0.5))
                .contains("-Dexec.args=\"" + options.commandLine() + "\"")
                .contains("pictures of brick are sample data. Those of tile are drawn")
                .contains("conditioning `strength(0.25) without blend`")
                .contains("- 2 + masked blend: conditioning `strength(0.25)`\n")
                .contains("Versions: pytorch `1`.")
                .contains("(tile.jpg)");
    }

    private static String line(String report, String start) {
        return report.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    /** The report of runs with so much attention inside on average; plain has a quarter. */
    private String report(double blend, double attention) {
        var all = new ArrayList<Measurement>();
        for (var kind : options.kinds()) {
            for (var one : options.cases(kind)) {
                // differences vary a little, so that their errors aren't 0
                double off = one.seed() == 0 ? .01 : -.01;
                all.add(measurement(one, AblationVariant.PLAIN, .25));
                all.add(measurement(one, AblationVariant.BLEND, blend));
                all.add(measurement(one, AblationVariant.ATTENTION, attention + off));
            }
        }
        return new AblationReport(options, new Measurements(all), Map.of("pytorch", "1")).markdown();
    }

    /** Rejected if plain and of seed 1. */
    private static Measurement measurement(AblationCase one, AblationVariant variant, double attention) {
        boolean rejected = variant == AblationVariant.PLAIN && one.seed() == 1;
        var reasons = rejected ? List.of(Criterion.CHANGE_OUTSIDE) : List.<Criterion>of();
        return new Measurement(
                one, variant, attention, .5, .1, .75, 9, rejected ? 10 : 3, 12, .75, .5, 0, reasons, variant.number());
    }
}

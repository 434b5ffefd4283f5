// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.Verdict.Criterion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what an ablation came to as Markdown. Says nothing that isn't worked out from the measurements. */
final class AblationReport {
    private static final ToDoubleFunction<Measurement> SECONDS = Measurement::seconds;

    /** What a part of the method may better or worsen. */
    private static final List<Measure> COMPARED = List.of(
            new Measure("attention inside", 3, 1, true, Measurement::attentionInside),
            new Measure("largest attention inside", 3, 1, true, Measurement::attentionPeak),
            new Measure("attention outside", 3, 1, false, Measurement::attentionOutside),
            new Measure("changed pixels inside, %", 1, 100, true, Measurement::changeShare),
            new Measure("change outside before pasting", 2, 1, false, Measurement::changeOutside),
            new Measure("visible change in the mask", 2, 1, true, Measurement::visibleChange),
            new Measure("accepted, %", 1, 100, true, m -> m.accepted() ? 1 : 0),
            new Measure("CLIP similarity", 4, 1, true, Measurement::clipMade));

    private final AblationOptions options;
    private final Measurements measurements;
    private final Map<?, ?> versions;

    /**
     * Prepares the report.
     *
     * @param options what was asked for
     * @param measurements what it came to
     * @param versions of the programs that made the pictures, by name
     */
    AblationReport(AblationOptions options, Measurements measurements, Map<?, ?> versions) {
        this.options = options;
        this.measurements = measurements;
        this.versions = versions;
    }

    /**
     * A number of a picture, printed times a factor.
     *
     * @param moreIsBetter whether larger is better
     */
    private record Measure(
            String title, int digits, double factor, boolean moreIsBetter, ToDoubleFunction<Measurement> value) {
        double of(Measurement measurement) {
            return factor * value.applyAsDouble(measurement);
        }
    }

    String markdown() {
        return Stream.of(
                        introduction(),
                        "## In short\n\n" + highlights(),
                        "## Means\n\n" + means(),
                        "## Why pictures were rejected\n\n" + rejections(),
                        "## Where a part does not help\n\n" + comparisons(),
                        "## By defect\n\n"
                                + groups(
                                        "defect",
                                        options.defects(),
                                        m -> m.made().defect()),
                        "## By kind\n\n"
                                + groups(
                                        "kind",
                                        options.kinds().stream()
                                                .map(SampleKind::noun)
                                                .toList(),
                                        m -> m.made().kind().noun()),
                        "## Contact sheets\n\n" + sheets(),
                        "## Settings\n\n" + settings())
                .collect(Collectors.joining("\n"));
    }

    private String introduction() {
        return """
                # Ablation

                What each part of the method adds, with the built-in model. This file and its pictures are written by

                ```
                ./mvnw -q -Pdemo -Dexample=Ablation -Dexec.args="%s"
                ```

                Kinds: %d, defects: %d, seeds: %d; each by the %d variants below. %s The defect's place is an ellipse of about 5 to 15 %% of the picture,
                the same for all variants of a kind, defect and seed, and so is the noise. Prompts are like
                "%s"; CLIP compares with "%s".
                No picture was made anew after a rejection.
                """.formatted(
                        options.commandLine(),
                        options.kinds().size(),
                        options.defects().size(),
                        options.seeds(),
                        options.variants().size(),
                        origin(),
                        example().prompt(),
                        example().description());
    }

    private AblationCase example() {
        return options.cases(options.kinds().get(0)).get(0);
    }

    private String origin() {
        var drawn = nouns(SampleKind::drawn);
        var files = nouns(kind -> !kind.drawn());
        return Stream.of(
                        files.isEmpty() ? "" : "The normal pictures of " + files + " are sample data.",
                        drawn.isEmpty() ? "" : "Those of " + drawn + " are drawn by the command.")
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private String nouns(Predicate<SampleKind> condition) {
        return options.kinds().stream().filter(condition).map(SampleKind::noun).collect(Collectors.joining(", "));
    }

    /** The last variants, of which more is told. */
    private List<AblationVariant> last() {
        var variants = options.variants();
        return variants.subList(Math.max(0, variants.size() - 2), variants.size());
    }

    private String highlights() {
        return last().stream().map(this::highlight).collect(Collectors.joining("\n"));
    }

    private String highlight(AblationVariant variant) {
        var made = measurements.of(variant);
        var accepted = made.where(Measurement::accepted);
        return """
                %s:

                - The mean attention inside the region is %s × that of plain image-to-image, the largest %s ×.
                - %s of the accepted pictures change more inside than outside before pasting; of all pictures, %s.
                - The accepted share is %s without retries.
                - Changed background pixels: %d.
                """.formatted(
                        heading(variant),
                        timesPlain(variant, Measurement::attentionInside),
                        timesPlain(variant, Measurement::attentionPeak),
                        accepted.all().isEmpty() ? "None" : percent(accepted.share(Measurement::changesMoreInside)),
                        percent(made.share(Measurement::changesMoreInside)),
                        percent(made.share(Measurement::accepted)),
                        background(made));
    }

    private String means() {
        var rows = new ArrayList<List<String>>();
        rows.add(Stream.concat(
                        Stream.of("mean ± standard error"),
                        options.variants().stream().map(this::heading))
                .toList());
        rows.add(meanRow("attention inside the region", 3, Measurement::attentionInside));
        rows.add(row("× that of plain image-to-image", v -> timesPlain(v, Measurement::attentionInside)));
        rows.add(meanRow("largest attention inside the region", 3, Measurement::attentionPeak));
        rows.add(row("× that of plain image-to-image", v -> timesPlain(v, Measurement::attentionPeak)));
        rows.add(meanRow("attention outside", 3, Measurement::attentionOutside));
        rows.add(meanRow("changed pixels inside the region, %", 1, m -> 100 * m.changeShare()));
        rows.add(meanRow("change inside before pasting", 2, Measurement::changeInside));
        rows.add(meanRow("change outside before pasting", 2, Measurement::changeOutside));
        rows.add(meanRow("more change inside than outside, %", 1, m -> m.changesMoreInside() ? 100 : 0));
        rows.add(meanRow("visible change in the mask", 2, Measurement::visibleChange));
        rows.add(meanRow("accepted without retries, %", 1, m -> m.accepted() ? 100 : 0));
        rows.add(meanRow("CLIP similarity", 4, Measurement::clipMade));
        rows.add(meanRow("CLIP similarity of the normal picture", 4, Measurement::clipNormal));
        rows.add(row("changed background pixels, all", v -> "" + background(measurements.of(v))));
        rows.add(meanRow("seconds a picture", 2, SECONDS));
        return table(rows) + """

                Attention is that of the last step; plain image-to-image has the attention that there is without the method. Change is
                the smoothed colour difference (CIE76; 2.3 is just noticeable). A picture without visible change counts as changed inside
                only. Background is what lies beyond the region and its feather.
                """;
    }

    private List<String> meanRow(String title, int digits, ToDoubleFunction<Measurement> measure) {
        return row(title, variant -> measurements.of(variant).mean(measure).format(digits));
    }

    private List<String> row(String title, Function<AblationVariant, String> cell) {
        return Stream.concat(Stream.of(title), options.variants().stream().map(cell))
                .toList();
    }

    private String rejections() {
        var rows = new ArrayList<List<String>>();
        rows.add(row("pictures", this::heading));
        for (var criterion : Criterion.values()) {
            Predicate<Measurement> failed = m -> m.reasons().contains(criterion);
            if (!measurements.where(failed).all().isEmpty()) {
                rows.add(row(
                        criterion.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        v -> "" + measurements.of(v).where(failed).all().size()));
            }
        }
        rows.add(row(
                "all, of " + measurements.of(AblationVariant.PLAIN).all().size(),
                v -> "" + measurements.of(v).where(m -> !m.accepted()).all().size()));
        return table(rows) + "\nA picture can fail for several reasons.\n";
    }

    private String comparisons() {
        var lines = options.variants().stream()
                .flatMap(variant ->
                        variant
                                .base()
                                .filter(options.variants()::contains)
                                .map(base -> comparison(variant, base))
                                .stream())
                .collect(Collectors.joining());
        return """
                Differences to the variant that the part is added to, between pictures of the same kind, defect and seed. A difference of
                more than two standard errors counts; about one in twenty does so by chance.

                """ + (lines.isEmpty() ? "No variant ran together with the one it adds to.\n" : lines);
    }

    private String comparison(AblationVariant variant, AblationVariant base) {
        var better = new ArrayList<String>();
        var worse = new ArrayList<String>();
        var neither = new ArrayList<String>();
        for (var measure : COMPARED) {
            var difference = measurements.difference(variant, base, measure::of);
            var text = "%s (%s)".formatted(measure.title(), difference.formatSigned(measure.digits()));
            if (!difference.isClear()) {
                neither.add(text);
            } else if (difference.mean() > 0 == measure.moreIsBetter()) {
                better.add(text);
            } else {
                worse.add(text);
            }
        }
        return "- **%s** against %s: %s. Better: %s. Worse: %s. No clear difference: %s. Seconds: %s.\n"
                .formatted(
                        heading(variant),
                        heading(base),
                        summary(better.isEmpty(), worse.isEmpty()),
                        listed(better),
                        listed(worse),
                        listed(neither),
                        measurements.difference(variant, base, SECONDS).formatSigned(2));
    }

    private static String summary(boolean nothingBetter, boolean nothingWorse) {
        if (nothingBetter) {
            return nothingWorse ? "does not help" : "does not help and harms";
        }
        return nothingWorse ? "helps" : "helps here and harms there";
    }

    private String groups(String title, List<String> names, Function<Measurement, String> nameOf) {
        var rows = new ArrayList<List<String>>();
        var head = new ArrayList<>(List.of(title));
        for (var variant : last()) {
            head.add(variant.number() + ": accepted");
            head.add(variant.number() + ": attention × plain");
        }
        rows.add(head);
        for (var name : names) {
            var group = measurements.where(m -> nameOf.apply(m).equals(name));
            var row = new ArrayList<>(List.of(name));
            for (var variant : last()) {
                row.add(percent(group.of(variant).share(Measurement::accepted)));
                row.add(ratio(group.timesPlain(variant, Measurement::attentionInside)));
            }
            rows.add(row);
        }
        return table(rows);
    }

    private String sheets() {
        var pictures = options.kinds().stream()
                .map(kind -> "![%1$s: normal, variants, mask](%1$s.jpg)\n".formatted(kind.noun()))
                .collect(Collectors.joining("\n"));
        return """
                One sheet a kind, one row a defect (%s), all of seed 0. From the left: the normal picture, the variants by number, and the
                mask of variant %d.

                """.formatted(
                                String.join(", ", options.defects()),
                                Ablation.maskOf(options.variants()).number())
                + pictures;
    }

    /** All settings of the first variant, and of each other what differs from the one before. */
    private String settings() {
        var text = new StringBuilder();
        Map<String, Object> before = Map.of();
        for (var variant : options.variants()) {
            var described = variant.settings().describe();
            var changed = new LinkedHashMap<>(described);
            changed.entrySet().removeAll(before.entrySet());
            text.append("- %s: %s\n".formatted(heading(variant), entries(changed)));
            before = described;
        }
        return "Each variant's settings, after the first those that differ from the variant above.\n\n"
                + text
                + "\nVersions: " + entries(versions) + ".\n";
    }

    private static String entries(Map<?, ?> entries) {
        return entries.entrySet().stream()
                .map(entry -> "%s `%s`".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private String heading(AblationVariant variant) {
        return variant.number() + " " + variant.title();
    }

    private String timesPlain(AblationVariant variant, ToDoubleFunction<Measurement> measure) {
        return ratio(measurements.timesPlain(variant, measure));
    }

    private static int background(Measurements measurements) {
        return measurements.all().stream().mapToInt(Measurement::background).sum();
    }

    private static String percent(Estimate share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share.mean());
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }

    private static String listed(List<String> texts) {
        return texts.isEmpty() ? "nothing" : String.join(", ", texts);
    }

    private static String table(List<List<String>> rows) {
        var text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                text.append("|---".repeat(rows.get(0).size())).append("|\n");
            }
        }
        return text.toString();
    }
}

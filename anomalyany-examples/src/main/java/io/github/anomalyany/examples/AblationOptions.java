// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.examples.Arguments.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the command line of {@link Ablation} says.
 *
 * @param out the folder to write into
 * @param seeds how many seeds, from 0
 * @param kinds objects, at least one
 * @param defects defects' words, at least one
 * @param variants variants in their order, {@link AblationVariant#PLAIN} first
 */
record AblationOptions(
        Path out, int seeds, List<SampleKind> kinds, List<String> defects, List<AblationVariant> variants) {
    private static final List<String> DEFECTS =
            List.of("crack", "scratch", "hole", "stain", "dent", "cut", "contamination");
    private static final int DEFAULT_DEFECTS = 5;
    private static final List<String> OPTIONS = List.of("--out", "--seeds", "--kinds", "--defects", "--variants");

    static final String USAGE = """
            Makes pictures with the built-in model by parts of the method, each against the ones before it, measures
            them and writes a table and contact sheets. Without options some 700 pictures: that takes an hour or so.

              --out DIR          where to write; default docs/ablation
              --seeds N          seeds of each kind and defect; default 4
              --kinds A,B        of brick, wood, capsule, tile, metal; default all
              --defects A,B      of crack, scratch, hole, stain, dent, cut, contamination; default the first five
              --variants A,B     of blend, attention, localized, thresholds, clip, clip-original; default all.
                                 "plain" always runs: the others are compared with it
              --help             this text""";

    /**
     * Reads the options.
     *
     * @param args as given to {@code main}
     * @return what they say
     * @throws UsageException if they are wrong; the message says which and why
     */
    static AblationOptions parse(String... args) {
        var given = Arguments.pairs(OPTIONS, args);
        var kinds = List.of(SampleKind.values());
        var variants = List.of(AblationVariant.values());
        var wanted = new ArrayList<>(chosen(given, "--variants", variants, AblationVariant::option, variants));
        if (!wanted.contains(AblationVariant.PLAIN)) {
            wanted.add(0, AblationVariant.PLAIN);
        }
        return new AblationOptions(
                Arguments.path(given, "--out").orElse(Path.of("docs", "ablation")),
                (int) Arguments.number(given, "--seeds", 4, 1, 1000),
                chosen(given, "--kinds", kinds, SampleKind::noun, kinds),
                chosen(given, "--defects", DEFECTS, Function.identity(), DEFECTS.subList(0, DEFAULT_DEFECTS)),
                List.copyOf(wanted));
    }

    /** Every case in order: by kind, then defect, then seed. */
    List<AblationCase> cases(SampleKind kind) {
        var cases = new ArrayList<AblationCase>();
        for (var defect : defects) {
            for (int seed = 0; seed < seeds; seed++) {
                cases.add(new AblationCase(kind, defect, seed));
            }
        }
        return cases;
    }

    /** How many pictures this comes to. */
    int pictures() {
        return kinds.size() * defects.size() * seeds * variants.size();
    }

    /** A command line that says the same. */
    String commandLine() {
        return "--out %s --seeds %d --kinds %s --defects %s --variants %s"
                .formatted(
                        out,
                        seeds,
                        String.join(",", kinds.stream().map(SampleKind::noun).toList()),
                        String.join(",", defects),
                        String.join(
                                ",",
                                variants.stream().map(AblationVariant::option).toList()));
    }

    /** The values whose names are given, in the values' own order. */
    private static <T> List<T> chosen(
            Map<String, List<String>> given,
            String option,
            List<T> values,
            Function<T, String> name,
            List<T> otherwise) {
        var text = Arguments.value(given, option);
        if (text.isEmpty()) {
            return otherwise;
        }
        var names = Arrays.asList(text.get().split(",", -1));
        var known = values.stream().map(name).toList();
        for (var wanted : names) {
            if (!known.contains(wanted)) {
                throw new UsageException("%s must be of %s, parted by commas, but had \"%s\""
                        .formatted(option, String.join(",", known), wanted));
            }
        }
        return values.stream()
                .filter(value -> names.contains(name.apply(value)))
                .toList();
    }
}

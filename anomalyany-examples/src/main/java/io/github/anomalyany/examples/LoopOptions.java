// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.examples.Arguments.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What the command line of {@link CloseTheLoop} says.
 *
 * @param dataset the dataset's folder
 * @param shots good pictures of each category
 * @param seeds how many seeds, from 0
 * @param perNormal anomalies generated of each good picture
 * @param side at which maps and masks are compared
 * @param out the folder to write into
 */
record LoopOptions(Path dataset, List<Integer> shots, int seeds, int perNormal, int side, Path out) {
    private static final Path SAMPLE_DATA = Path.of("anomalyany-examples", "sample-data");
    private static final List<String> OPTIONS =
            List.of("--dataset", "--shots", "--seeds", "--per-normal", "--side", "--out");

    static final String USAGE = """
            Of a few good photos of each category generates anomalies, trains VLAD on them, and compares: (a) zero-shot,
            (b) bank only, (c) VLAD trained on CutPaste's and (d) on DRAEM's anomalies, (e) VLAD trained on ours. Stopped
            and started again, it goes on where it was.

              --dataset DIR      MVTec AD's layout, VisA's, or plain folders; default the examples' sample data
              --shots A,B        good pictures of each category; default 1,2,4
              --seeds N          draws of the good pictures; default 3
              --per-normal N     anomalies generated of each good picture; default 14, the paper has 100
              --side N           columns and rows at which maps and masks are compared; default 256
              --out DIR          where to write; default loop
              --help             this text""";

    /**
     * Reads the options.
     *
     * @param args as given to {@code main}
     * @return what they say
     * @throws UsageException if they are wrong; the message says which and why
     */
    static LoopOptions parse(String... args) {
        var given = Arguments.pairs(OPTIONS, args);
        Path dataset = Arguments.path(given, "--dataset").orElse(SAMPLE_DATA);
        if (!Files.isDirectory(dataset)) {
            throw new UsageException("--dataset %s: no such folder".formatted(dataset));
        }
        return new LoopOptions(
                dataset,
                EvaluationOptions.shots(given),
                (int) Arguments.number(given, "--seeds", 3, 1, 1000),
                (int) Arguments.number(given, "--per-normal", 14, 1, 10_000),
                (int) Arguments.number(given, "--side", 256, 1, 4096),
                Arguments.path(given, "--out").orElse(Path.of("loop")));
    }

    /** The seeds themselves. */
    List<Long> seedList() {
        return LongStream.range(0, seeds).boxed().toList();
    }
}

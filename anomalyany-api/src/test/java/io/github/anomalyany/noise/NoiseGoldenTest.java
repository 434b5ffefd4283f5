// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.noise;

import io.github.anomalyany.golden.GoldenCheck;
import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.GoldenTensor;
import io.github.anomalyany.golden.Goldens;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PyTorch's generator, and Philox with its published known answers. */
class NoiseGoldenTest {
    static List<GoldenFile> files() {
        return Goldens.open().files("noise");
    }

    @ParameterizedTest
    @MethodSource("files")
    void drawsTheSameNumbers(GoldenFile golden) {
        golden.verify(check -> {
            if (golden.stem().startsWith("philox")) {
                compareWords(golden, check);
            } else {
                compareTorch(golden, check);
            }
        });
    }

    private static void compareWords(GoldenFile golden, GoldenCheck check) {
        int rows = golden.in("counter").shape(0);
        long[] words = new long[4 * rows];
        for (int row = 0; row < rows; row++) {
            int[] block = Philox.block(
                    words(golden.in("counter").get(row)), words(golden.in("key").get(row)));
            for (int i = 0; i < 4; i++) {
                words[4 * row + i] = Integer.toUnsignedLong(block[i]);
            }
        }
        check.compare("words", words, rows, 4);
    }

    private static int[] words(GoldenTensor row) {
        int[] words = new int[row.size()];
        for (int i = 0; i < words.length; i++) {
            words[i] = (int) (long) row.at(i);
        }
        return words;
    }

    /** {@code <seed>.<shape>}, or {@code <seed>.sequence.<i>.<n>} drawn in the order of i. */
    private static void compareTorch(GoldenFile golden, GoldenCheck check) {
        Map<String, TreeMap<Integer, String>> sequences = new HashMap<>();
        for (String output : golden.outputs()) {
            String[] parts = output.split("\\.", -1);
            if (parts.length == 4) {
                sequences.computeIfAbsent(parts[0], seed -> new TreeMap<>()).put(Integer.valueOf(parts[2]), output);
            } else {
                check.compare(
                        output,
                        new TorchNoise(Long.parseLong(parts[0]))
                                .normal(golden.out(output).size()));
            }
        }
        sequences.forEach((seed, draws) -> {
            var noise = new TorchNoise(Long.parseLong(seed));
            for (String output : draws.values()) {
                check.compare(output, noise.normal(golden.out(output).size()));
            }
        });
    }
}

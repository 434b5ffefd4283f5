// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import io.github.anomalyany.examples.SampleData;
import io.github.anomalyany.image.RgbImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Bricks for the code of the pages. */
final class Photos {
    private Photos() {}

    /** A good one. */
    static RgbImage good(int number) {
        return read("train/good/%03d.png".formatted(number));
    }

    /** Several good ones. */
    static List<RgbImage> good(int from, int to) {
        return IntStream.range(from, to).mapToObj(Photos::good).toList();
    }

    /** One with a hole. */
    static RgbImage damaged() {
        return read("test/hole/000.png");
    }

    private static RgbImage read(String file) {
        try {
            return RgbImage.read(SampleData.BRICK.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes what an earlier run left, so that it can't pass for what this one makes. */
    static void delete(String... names) throws IOException {
        for (String name : names) {
            if (Files.exists(Path.of(name))) {
                try (Stream<Path> files = Files.walk(Path.of(name))) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }
}

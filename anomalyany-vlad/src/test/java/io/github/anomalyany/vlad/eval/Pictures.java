// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.data.Category;
import io.github.anomalyany.vlad.data.Dataset;
import io.github.anomalyany.vlad.data.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two categories of 8×8 pictures, three good ones to train on, two good and two dented to judge. The red of the first pixel
 * is a score. Where a bolt is dented it is green; nuts are nowhere. A dent is 4×4 pixels.
 */
final class Pictures {
    static final int SIDE = 8;
    static final Mask DENT = Mask.rectangle(SIDE, SIDE, new Region(2, 2, 4, 4));
    static final int TEST_PICTURES = 8;

    private final Path root;

    Pictures(Path root) {
        this.root = root;
    }

    /** Nuts: of four pairs one is in the wrong order. Bolts: none. */
    Dataset nutsAndBolts() throws IOException {
        return Dataset.of("parts", List.of(nut("nut"), bolt("bolt")));
    }

    Category nut(String name) throws IOException {
        return category(name, "nut", false, new int[] {10, 30}, new int[] {20, 40});
    }

    Category bolt(String name) throws IOException {
        return category(name, "bolt", true, new int[] {10, 20}, new int[] {30, 40});
    }

    Category category(String name, String folder, boolean green, int[] good, int[] dented) throws IOException {
        var train = new ArrayList<Sample>();
        for (int i = 0; i < 3; i++) {
            train.add(sample(folder + "/train/good/00" + i, i, false, false));
        }
        var test = new ArrayList<Sample>();
        for (int i = 0; i < good.length; i++) {
            test.add(sample(folder + "/test/good/00" + i, good[i], false, false));
        }
        for (int i = 0; i < dented.length; i++) {
            test.add(sample(folder + "/test/dent/00" + i, dented[i], true, green));
        }
        return new Category(name, train, test);
    }

    private Sample sample(String name, int red, boolean dented, boolean green) throws IOException {
        byte[] rgb = new byte[3 * SIDE * SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            boolean dent = dented && DENT.contains(i % SIDE, i / SIDE);
            rgb[3 * i] = (byte) red;
            rgb[3 * i + 1] = (byte) (green && dent ? 200 : 0);
        }
        var image = made(name + ".png");
        RgbImage.of(SIDE, SIDE, rgb).write(image);
        if (!dented) {
            return new Sample(image, Optional.empty(), Sample.GOOD);
        }
        var mask = made(name + "_mask.png");
        DENT.write(mask);
        return new Sample(image, Optional.of(mask), "dent");
    }

    private Path made(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return file;
    }
}

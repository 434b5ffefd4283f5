// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code normal}, and {@code test_normal}, {@code abnormal} and {@code masks} where they are. */
final class NormalAndAbnormal {
    private static final String DEFECT = "abnormal";

    private NormalAndAbnormal() {}

    static Category read(String name, Path folder) throws IOException {
        var train = Layout.normal(Listing.images(folder.resolve("normal")));
        var test = new ArrayList<Sample>();
        Path testNormal = folder.resolve("test_normal");
        if (Files.isDirectory(testNormal)) {
            test.addAll(Layout.normal(Listing.images(testNormal)));
        }
        test.addAll(abnormal(folder.resolve(DEFECT), folder.resolve("masks")));
        return new Category(name, train, test);
    }

    private static List<Sample> abnormal(Path folder, Path maskFolder) throws IOException {
        boolean masked = Files.isDirectory(maskFolder);
        if (!Files.isDirectory(folder)) {
            if (masked) {
                throw new IOException("there are masks in " + maskFolder + " but there is no folder " + folder);
            }
            return List.of();
        }
        var images = Listing.images(folder);
        Map<Path, Path> masks = masked ? Pairing.masks(folder, images, maskFolder) : Map.of();
        return images.stream()
                .map(image -> new Sample(image, Optional.ofNullable(masks.get(image)), DEFECT))
                .toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.examples.Pictures.Panel;
import io.github.anomalyany.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Writes what was generated: per picture the anomaly, its mask, heat map, contact sheet and provenance. */
final class ResultFolder {
    private final Path folder;
    private final RgbImage normal;

    ResultFolder(Path folder, RgbImage normal) {
        this.folder = folder;
        this.normal = normal;
    }

    /**
     * Writes one picture's files.
     *
     * @param made the picture
     * @param suffix end of the files' names, before the dot
     * @return the files
     * @throws IOException if one can't be written
     */
    List<Path> write(GeneratedAnomaly made, String suffix) throws IOException {
        var anomaly = folder.resolve("anomaly" + suffix + ".png");
        made.write(anomaly);

        var mask = folder.resolve("mask" + suffix + ".png");
        made.mask().write(mask);

        var heat = made.scores().overlay(normal, 0, 1);
        var heatMap = folder.resolve("heatmap" + suffix + ".png");
        heat.write(heatMap);

        var sheet = folder.resolve("contact-sheet" + suffix + ".png");
        Pictures.contactSheet(List.of(
                        new Panel("normal", normal),
                        new Panel("anomaly", made.image()),
                        new Panel("mask", made.mask().toImage()),
                        new Panel("map", heat)))
                .write(sheet);

        var provenance = folder.resolve("provenance" + suffix + ".json");
        writeWhole(provenance, made.provenance().toJson().getBytes(UTF_8));
        return List.of(anomaly, mask, heatMap, sheet, provenance);
    }

    /**
     * Writes a file, which is replaced only once the new one is complete.
     *
     * @param file the file; its folder must exist
     * @param bytes what it shall hold
     * @throws IOException if it can't be written
     */
    static void writeWhole(Path file, byte[] bytes) throws IOException {
        var part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.write(part, bytes);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}

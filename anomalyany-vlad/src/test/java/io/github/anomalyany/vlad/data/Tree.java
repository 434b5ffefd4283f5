// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import io.github.anomalyany.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Builds small datasets in a folder. */
final class Tree {
    static final int WIDTH = 6;
    static final int HEIGHT = 4;

    private final Path root;

    Tree(Path root) {
        this.root = root;
    }

    /** Grey pictures by relative path, with folders. */
    Tree pictures(String... paths) throws IOException {
        for (String path : paths) {
            filled(path, 90);
        }
        return this;
    }

    Tree filled(String path, int value) throws IOException {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        Arrays.fill(rgb, (byte) value);
        RgbImage.of(WIDTH, HEIGHT, rgb).write(made(path));
        return this;
    }

    Tree text(String path, String text) throws IOException {
        Files.writeString(made(path), text);
        return this;
    }

    Tree folders(String... paths) throws IOException {
        for (String path : paths) {
            Files.createDirectories(root.resolve(path));
        }
        return this;
    }

    Tree delete(String path) throws IOException {
        Files.delete(root.resolve(path));
        return this;
    }

    /** A category as in MVTec AD: normal 000 to 002 and 000 to be judged, scratches 000 and 001. */
    Tree mvtec(String category) throws IOException {
        return pictures(
                category + "/train/good/000.png",
                category + "/train/good/001.png",
                category + "/train/good/002.png",
                category + "/test/good/000.png",
                category + "/test/scratch/000.png",
                category + "/test/scratch/001.png",
                category + "/ground_truth/scratch/000_mask.png",
                category + "/ground_truth/scratch/001_mask.png");
    }

    private Path made(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return file;
    }

    /** Paths of images relative to the root. */
    List<String> images(List<Sample> samples) {
        return samples.stream().map(sample -> relative(sample.image())).toList();
    }

    String relative(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import io.github.anomalyany.internal.image.ImageDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Checks that the types of this package share. */
final class ImageArguments {
    private ImageArguments() {}

    static void checkSize(int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("width and height must be at least 1 but were " + width + "×" + height);
        }
        if ((long) width * height > RgbImage.MAX_PIXELS) {
            throw new IllegalArgumentException(
                    "width·height must be at most %d but was %d×%d".formatted(RgbImage.MAX_PIXELS, width, height));
        }
    }

    static void checkPixel(int x, int y, int width, int height) {
        if (x < 0 || x >= width || y < 0 || y >= height) {
            throw new IndexOutOfBoundsException(
                    "pixel (%d, %d) is outside the picture of %d×%d".formatted(x, y, width, height));
        }
    }

    static void checkLength(String name, int length, int width, int height) {
        if (length != width * height) {
            throw new IllegalArgumentException(
                    "%s must have %d·%d = %d values but had %d".formatted(name, width, height, width * height, length));
        }
    }

    static boolean isJpeg(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jpg") || name.endsWith(".jpeg");
    }

    static void checkPng(Path file) {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException(
                    "masks and pictures with texts are written as PNG only, pictures as PNG or JPEG:"
                            + " the name must end in .png, .jpg or .jpeg but was " + file);
        }
    }

    static byte[] readFile(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("it is a folder");
        }
        try (var input = Files.newInputStream(file)) {
            return readAll(input);
        }
    }

    static byte[] readAll(InputStream input) throws IOException {
        try {
            byte[] bytes = input.readNBytes(ImageDecoder.MAX_FILE_BYTES);
            if (input.read() >= 0) {
                throw new IOException("it has more bytes than the limit of " + ImageDecoder.MAX_FILE_BYTES);
            }
            return bytes;
        } catch (OutOfMemoryError e) {
            throw new IOException("not enough memory for its bytes; raise the heap limit (-Xmx)", e);
        }
    }
}

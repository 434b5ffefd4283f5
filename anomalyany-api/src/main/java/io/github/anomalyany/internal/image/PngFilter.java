// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

/** The row filters of PNG: differences to what is left, above and above left. */
final class PngFilter {
    static final int COUNT = 5;

    private PngFilter() {}

    /** Replaces a filtered row by its bytes. */
    static void undo(int filter, byte[] row, byte[] above, int pixelBytes) {
        for (int i = 0; i < row.length; i++) {
            row[i] += (byte) predicted(filter, row, above, i, pixelBytes);
        }
    }

    /** Writes the filtered form of a row. */
    static void apply(int filter, byte[] row, byte[] above, int pixelBytes, byte[] filtered) {
        for (int i = 0; i < row.length; i++) {
            filtered[i] = (byte) (row[i] - predicted(filter, row, above, i, pixelBytes));
        }
    }

    private static int predicted(int filter, byte[] row, byte[] above, int i, int pixelBytes) {
        int left = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xff;
        int up = above[i] & 0xff;
        return switch (filter) {
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) >> 1;
            case 4 -> paeth(left, up, i < pixelBytes ? 0 : above[i - pixelBytes] & 0xff);
            default -> 0;
        };
    }

    private static int paeth(int left, int up, int upLeft) {
        int toLeft = Math.abs(up - upLeft);
        int toUp = Math.abs(left - upLeft);
        int toUpLeft = Math.abs(left + up - 2 * upLeft);
        if (toLeft <= toUp && toLeft <= toUpLeft) {
            return left;
        }
        return toUp <= toUpLeft ? up : upLeft;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import io.github.anomalyany.image.RgbImage;

/** Turns squares by 90°. */
final class QuarterTurns {
    private QuarterTurns() {}

    static RgbImage turned(RgbImage square) {
        int side = square.width();
        byte[] from = square.toBytes();
        byte[] to = new byte[from.length];
        for (int i = 0; i < side * side; i++) {
            System.arraycopy(from, 3 * source(i, side), to, 3 * i, 3);
        }
        return RgbImage.of(side, side, to);
    }

    static boolean[] turned(boolean[] square, int side) {
        boolean[] turned = new boolean[square.length];
        for (int i = 0; i < square.length; i++) {
            turned[i] = square[source(i, side)];
        }
        return turned;
    }

    /** Where the pixel of a picture turned clockwise was. */
    private static int source(int i, int side) {
        return (side - 1 - i % side) * side + i / side;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.image.RgbImage;
import java.util.Arrays;

/** Writes labels without fonts, which a bare machine may lack and which differ between machines. */
final class PixelText {
    private static final String LETTERS = "aklmnoprsy cdehitu1234567";
    private static final String[] ROWS = {
        "..... #.... .##.. ..... ..... ..... ..... ..... ..... ..... ..... "
                + "..... ....# ..... #.... ..#.. .#... ..... ..#.. .###. .###. ...#. ##### .###. #####",
        "..... #.... ..#.. ..... ..... ..... ..... ..... ..... ..... ..... "
                + "..... ....# ..... #.... ..... .#... ..... .##.. #...# #...# ..##. #.... #.... ....#",
        ".###. #..#. ..#.. ##.#. #.##. .###. ####. #.##. .#### #...# ..... "
                + ".###. .##.# .###. #.##. .##.. ####. #...# ..#.. ....# ....# .#.#. ####. ####. ...#.",
        "....# #.#.. ..#.. #.#.# ##..# #...# #...# ##..# #.... #...# ..... "
                + "#.... #..## #...# ##..# ..#.. .#... #...# ..#.. ..##. ..##. #..#. ....# #...# ..#..",
        ".#### ##... ..#.. #.#.# #...# #...# #...# #.... .###. #...# ..... "
                + "#.... #...# ##### #...# ..#.. .#... #...# ..#.. .#... ....# ##### ....# #...# ..#..",
        "#...# #.#.. ..#.. #.#.# #...# #...# ####. #.... ....# .#### ..... "
                + "#.... #...# #.... #...# ..#.. .#..# #..## ..#.. #.... #...# ...#. #...# #...# ..#..",
        ".#### #..#. .###. #.#.# #...# .###. #.... #.... ####. ....# ..... "
                + ".###. .#### .###. #...# .###. ..##. .##.# .###. ##### .###. ...#. .###. .###. ..#..",
        "..... ..... ..... ..... ..... ..... #.... ..... ..... .###. ..... "
                + "..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ....."
    };

    private static final int SCALE = 2;
    /** Columns of a letter with the space after it. */
    private static final int STEP = 6;

    /** Rows of a label. */
    static final int HEIGHT = ROWS.length * SCALE;

    private PixelText() {}

    /** Columns of a label. */
    static int width(String text) {
        return STEP * SCALE * text.length();
    }

    /**
     * Draws a label, black on white.
     *
     * @param text at least one character
     * @return a picture of {@link #width(String)} × {@link #HEIGHT} pixels
     * @throws IllegalArgumentException if a character has no picture here
     */
    static RgbImage draw(String text) {
        int width = width(text);
        byte[] rgb = new byte[3 * width * HEIGHT];
        Arrays.fill(rgb, (byte) 0xff);
        for (int i = 0; i < text.length(); i++) {
            int letter = LETTERS.indexOf(text.charAt(i));
            if (letter < 0) {
                throw new IllegalArgumentException(
                        "label must consist of the characters \"%s\" but was \"%s\"".formatted(LETTERS, text));
            }
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < (STEP - 1) * SCALE; x++) {
                    if (ROWS[y / SCALE].charAt(STEP * letter + x / SCALE) == '#') {
                        int at = 3 * (y * width + STEP * SCALE * i + x);
                        Arrays.fill(rgb, at, at + 3, (byte) 0);
                    }
                }
            }
        }
        return RgbImage.of(width, HEIGHT, rgb);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import java.util.Arrays;
import java.util.List;

/** Pictures of results: several pictures side by side. */
public final class Pictures {
    private static final int LARGEST_PANEL = 512;
    private static final int GAP = 8;

    private Pictures() {}

    /**
     * One picture of a contact sheet.
     *
     * @param label letters and digits that {@link PixelText} can write, put above the picture
     * @param image the picture
     */
    public record Panel(String label, RgbImage image) {}

    /**
     * Puts pictures side by side on white, each with its label. Pictures with a side over 512 pixels are made smaller.
     *
     * @param panels at least one, from left to right
     * @return the sheet
     * @throws IllegalArgumentException if there is no panel
     */
    public static RgbImage contactSheet(List<Panel> panels) {
        if (panels.isEmpty()) {
            throw new IllegalArgumentException("panels must have at least one picture but is empty");
        }
        var images = panels.stream().map(panel -> shrink(panel.image())).toList();
        int[] columns = new int[panels.size()];
        int width = GAP;
        int height = 0;
        for (int i = 0; i < columns.length; i++) {
            columns[i] = Math.max(
                    images.get(i).width(), PixelText.width(panels.get(i).label()));
            width += columns[i] + GAP;
            height = Math.max(height, images.get(i).height());
        }
        int top = GAP + PixelText.HEIGHT + GAP;
        var sheet = new byte[3 * width * (top + height + GAP)];
        Arrays.fill(sheet, (byte) 0xff);
        for (int i = 0, left = GAP; i < columns.length; left += columns[i] + GAP, i++) {
            paste(PixelText.draw(panels.get(i).label()), sheet, width, left, GAP);
            paste(images.get(i), sheet, width, left, top);
        }
        return RgbImage.of(width, top + height + GAP, sheet);
    }

    /** Puts pictures below each other on white, from the left edge. */
    static RgbImage stack(List<RgbImage> rows) {
        int width = rows.stream().mapToInt(RgbImage::width).max().orElseThrow();
        int height = rows.stream().mapToInt(RgbImage::height).sum();
        var sheet = new byte[3 * width * height];
        Arrays.fill(sheet, (byte) 0xff);
        int top = 0;
        for (var row : rows) {
            paste(row, sheet, width, 0, top);
            top += row.height();
        }
        return RgbImage.of(width, height, sheet);
    }

    private static RgbImage shrink(RgbImage image) {
        double factor = (double) LARGEST_PANEL / Math.max(image.width(), image.height());
        if (factor >= 1) {
            return image;
        }
        int width = Math.max(1, (int) Math.round(image.width() * factor));
        int height = Math.max(1, (int) Math.round(image.height() * factor));
        return image.resize(width, height, Resampling.LANCZOS);
    }

    private static void paste(RgbImage image, byte[] sheet, int sheetWidth, int left, int top) {
        byte[] rgb = image.toBytes();
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(rgb, 3 * y * image.width(), sheet, 3 * ((top + y) * sheetWidth + left), 3 * image.width());
        }
    }
}

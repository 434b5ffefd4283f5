// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import java.util.Arrays;
import java.util.List;

/** Pictures of results: a score map over a photo, and several pictures side by side. */
public final class Pictures {
    /** How far the colour of score 1 covers the photo. */
    private static final double MOST_COVER = 0.85;

    private static final int LARGEST_PANEL = 512;
    private static final int GAP = 8;

    private Pictures() {}

    /**
     * Lays scores over a photo. The scale is the same in every picture: score 0 shows the photo as it is; from there to
     * score 1 colours go from dark violet over red to light yellow and cover the photo in proportion to the score, up to
     * 85 %.
     *
     * @param photo the photo
     * @param scores scores of its size; values beyond 0 to 1 count as the nearer end
     * @return a picture of the same size
     * @throws IllegalArgumentException if the sizes differ
     */
    public static RgbImage heatMap(RgbImage photo, ScoreMap scores) {
        if (photo.width() != scores.width() || photo.height() != scores.height()) {
            throw new IllegalArgumentException("scores must be %d×%d as the photo is, but were %d×%d"
                    .formatted(photo.width(), photo.height(), scores.width(), scores.height()));
        }
        byte[] rgb = photo.toBytes();
        float[] values = scores.toArray();
        for (int i = 0; i < values.length; i++) {
            int color = HeatColors.rgb(values[i]);
            double cover = MOST_COVER * Math.max(0, Math.min(1, values[i]));
            for (int channel = 0; channel < 3; channel++) {
                int over = color >> (16 - 8 * channel) & 0xff;
                int under = rgb[3 * i + channel] & 0xff;
                rgb[3 * i + channel] = (byte) Math.round(under + cover * (over - under));
            }
        }
        return RgbImage.of(photo.width(), photo.height(), rgb);
    }

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

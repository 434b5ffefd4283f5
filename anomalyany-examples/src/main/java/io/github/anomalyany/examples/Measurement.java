// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.Verdict.Criterion;
import io.github.anomalyany.Verdict.Reason;
import io.github.anomalyany.WordAttention;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What one picture of the ablation came to.
 *
 * @param made what was made
 * @param variant how
 * @param attentionInside mean attention of the word in the region at the last step
 * @param attentionPeak largest attention in the region, which is what guidance raises
 * @param attentionOutside mean attention around it
 * @param changeShare share of the visibly changed pixels that lie inside the region, before the surroundings are pasted back
 * @param changeInside mean colour difference inside the region, before that
 * @param changeOutside mean colour difference outside it, before that
 * @param visibleChange mean colour difference in the mask
 * @param clipMade CLIP's similarity of the picture to the description
 * @param clipNormal CLIP's similarity of the normal picture to the description
 * @param background changed pixels beyond the region and its feather
 * @param reasons what the picture failed; empty if accepted
 * @param seconds time that it took
 */
record Measurement(
        AblationCase made,
        AblationVariant variant,
        double attentionInside,
        double attentionPeak,
        double attentionOutside,
        double changeShare,
        double changeInside,
        double changeOutside,
        double visibleChange,
        double clipMade,
        double clipNormal,
        int background,
        List<Criterion> reasons,
        double seconds) {

    static Measurement of(
            AblationCase made,
            AblationVariant variant,
            RgbImage normal,
            Mask region,
            GeneratedAnomaly picture,
            Duration elapsed) {
        var attention = picture.attention();
        var change = picture.change();
        return new Measurement(
                made,
                variant,
                attention.stream()
                        .mapToDouble(WordAttention::meanInside)
                        .average()
                        .orElseThrow(),
                attention.stream()
                        .mapToDouble(word -> peak(word, region))
                        .average()
                        .orElseThrow(),
                attention.stream()
                        .mapToDouble(WordAttention::meanOutside)
                        .average()
                        .orElseThrow(),
                change.share(),
                change.inside(),
                change.outside(),
                change.mean(),
                similarity(picture, "made"),
                similarity(picture, "normal"),
                changedBeyond(
                        normal, picture.image(), region, variant.settings().feather()),
                picture.verdict().reasons().stream().map(Reason::criterion).toList(),
                elapsed.toNanos() / 1e9);
    }

    boolean accepted() {
        return reasons.isEmpty();
    }

    boolean changesMoreInside() {
        return changeInside > changeOutside;
    }

    /**
     * Counts changed pixels that are farther from a region than its feather reaches.
     *
     * @param before a picture
     * @param after the picture after the change, of the same size
     * @param region the region
     * @param feather pixels that the feather reaches
     * @return the count
     */
    static int changedBeyond(RgbImage before, RgbImage after, Mask region, int feather) {
        int changed = 0;
        for (int y = 0; y < before.height(); y++) {
            for (int x = 0; x < before.width(); x++) {
                if (before.rgb(x, y) != after.rgb(x, y) && !near(region, x, y, feather + 1)) {
                    changed++;
                }
            }
        }
        return changed;
    }

    /** Whether the region has a pixel at less than a distance. */
    private static boolean near(Mask region, int x, int y, int distance) {
        for (int dy = 1 - distance; dy < distance; dy++) {
            for (int dx = 1 - distance; dx < distance; dx++) {
                int column = x + dx;
                int row = y + dy;
                if (dx * dx + dy * dy < distance * distance
                        && column >= 0
                        && row >= 0
                        && column < region.width()
                        && row < region.height()
                        && region.contains(column, row)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Largest attention of the cells that a region touches. The model must see the whole picture and no border. */
    static double peak(WordAttention word, Mask region) {
        double peak = 0;
        for (int y = 0; y < region.height(); y++) {
            for (int x = 0; x < region.width(); x++) {
                if (region.contains(x, y)) {
                    int cell = y * word.rows() / region.height() * word.columns() + x * word.columns() / region.width();
                    peak = Math.max(peak, word.values()[cell]);
                }
            }
        }
        return peak;
    }

    private static double similarity(GeneratedAnomaly picture, String of) {
        var entry = picture.provenance().entries().get("clipSimilarity");
        if (entry instanceof Map<?, ?> similarity && similarity.get(of) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalStateException("the provenance has no CLIP similarity: the model has no CLIP beside it");
    }
}

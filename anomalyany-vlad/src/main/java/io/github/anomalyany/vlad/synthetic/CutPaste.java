// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import java.util.LinkedHashMap;
import java.util.Map;

/** A patch of the picture, its colours jittered, pasted elsewhere (Li et al. 2021). */
record CutPaste() implements SyntheticMethod {
    private static final double JITTER = 0.1;

    /** Side of the picture in which the sizes of scars are given. */
    private static final double SCAR_SIDE = 256;

    /** A rectangle to cut, and how far it is turned. */
    private record Patch(String kind, int width, int height, double degrees) {}

    @Override
    public String name() {
        return "cutpaste";
    }

    @Override
    public Drawing draw(RgbImage normal, Mask region, Draws random) {
        Patch patch = random.below(2) == 0 ? rectangle(normal, random) : scar(normal, random);
        var source = new Region(
                random.below(normal.width() - patch.width + 1),
                random.below(normal.height() - patch.height + 1),
                patch.width,
                patch.height);
        RgbImage cut = jitter(normal.crop(source), random);
        Region target = target(patch, region, random);
        return paste(normal, region, cut, patch, source, target);
    }

    private static Patch rectangle(RgbImage normal, Draws random) {
        double area = random.between(0.02, 0.15) * normal.width() * normal.height();
        double aspect = random.below(2) == 0 ? random.between(0.3, 1) : random.between(1, 3.3);
        return new Patch(
                "patch",
                side(Math.sqrt(area * aspect), normal.width()),
                side(Math.sqrt(area / aspect), normal.height()),
                0);
    }

    private static Patch scar(RgbImage normal, Draws random) {
        double scale = Math.min(normal.width(), normal.height()) / SCAR_SIDE;
        int width = side(scale * random.between(2, 16), normal.width());
        int height = side(scale * random.between(10, 25), normal.height());
        return new Patch("scar", width, height, random.between(-45, 45));
    }

    private static int side(double wanted, int most) {
        return (int) Math.max(1, Math.min(most, Math.round(wanted)));
    }

    /** Brightness, contrast, saturation and hue in random order. */
    private static RgbImage jitter(RgbImage patch, Draws random) {
        RgbImage changed = patch;
        for (int kind : random.order(4)) {
            double amount = random.between(-JITTER, JITTER);
            double grey = kind == 1 ? meanLuma(changed) : 0;
            changed = Colours.map(changed, rgb -> {
                switch (kind) {
                    case 0, 1 -> Colours.blend(rgb, grey, 1 + amount);
                    case 2 -> Colours.blend(rgb, Colours.luma(rgb), 1 + amount);
                    default -> Colours.shift(rgb, amount, 0);
                }
            });
        }
        return changed;
    }

    private static double meanLuma(RgbImage image) {
        double sum = 0;
        byte[] bytes = image.toBytes();
        for (int i = 0; i < bytes.length; i += 3) {
            sum += Colours.luma(new double[] {bytes[i] & 0xff, bytes[i + 1] & 0xff, bytes[i + 2] & 0xff});
        }
        return Math.rint(3 * sum / bytes.length);
    }

    /** A place wholly in the picture, each with its middle in the region alike; without such a place, one near the region. */
    private static Region target(Patch patch, Mask region, Draws random) {
        int middleX = patch.width / 2;
        int middleY = patch.height / 2;
        int roomX = region.width() - patch.width;
        int roomY = region.height() - patch.height;
        Mask middles = region.and(
                Mask.rectangle(region.width(), region.height(), new Region(middleX, middleY, roomX + 1, roomY + 1)));
        Mask from = middles.isEmpty() ? region : middles;
        int pixel = pixel(from, random.below(from.area()));
        int x = pixel % region.width() - middleX;
        int y = pixel / region.width() - middleY;
        return new Region(Math.max(0, Math.min(roomX, x)), Math.max(0, Math.min(roomY, y)), patch.width, patch.height);
    }

    /** The n-th set pixel. */
    private static int pixel(Mask mask, int n) {
        int left = n;
        for (int i = 0; ; i++) {
            if (mask.contains(i % mask.width(), i / mask.width()) && left-- == 0) {
                return i;
            }
        }
    }

    private static Drawing paste(
            RgbImage normal, Mask region, RgbImage cut, Patch patch, Region source, Region target) {
        int w = normal.width();
        double middleX = target.x() + target.width() / 2.0;
        double middleY = target.y() + target.height() / 2.0;
        var turn = Turn.byDegrees(patch.degrees);
        byte[] from = cut.toBytes();
        byte[] to = normal.toBytes();
        var pasted = new boolean[w * normal.height()];
        double reach = Math.sqrt((double) cut.width() * cut.width() + (double) cut.height() * cut.height()) / 2;
        int bottom = (int) Math.min(normal.height(), Math.ceil(middleY + reach));
        int right = (int) Math.min(w, Math.ceil(middleX + reach));
        for (int y = (int) Math.max(0, middleY - reach); y < bottom; y++) {
            for (int x = (int) Math.max(0, middleX - reach); x < right; x++) {
                double dx = x + 0.5 - middleX;
                double dy = y + 0.5 - middleY;
                int column = (int) Math.floor(turn.x(dx, dy) + cut.width() / 2.0);
                int row = (int) Math.floor(turn.y(dx, dy) + cut.height() / 2.0);
                boolean inside = column >= 0 && row >= 0 && column < cut.width() && row < cut.height();
                if (inside && region.contains(x, y)) {
                    pasted[y * w + x] = true;
                    System.arraycopy(from, 3 * (row * cut.width() + column), to, 3 * (y * w + x), 3);
                }
            }
        }
        return new Drawing(
                RgbImage.of(w, normal.height(), to),
                Mask.of(w, normal.height(), pasted),
                parameters(patch, source, target));
    }

    private static Map<String, Object> parameters(Patch patch, Region source, Region target) {
        var all = new LinkedHashMap<String, Object>();
        all.put("kind", patch.kind);
        all.put("width", patch.width);
        all.put("height", patch.height);
        all.put("degrees", patch.degrees);
        all.put("fromX", source.x());
        all.put("fromY", source.y());
        all.put("toX", target.x());
        all.put("toY", target.y());
        return all;
    }
}

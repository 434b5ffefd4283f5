// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A texture blended in where Perlin noise is high (Zavrtanik et al. 2021).
 *
 * @param textures to choose from; textures are drawn where there are none
 */
record Draem(List<RgbImage> textures) implements SyntheticMethod {
    /** Cells along a side are powers of two below 2 to this; the authors' code excludes its upper bound. */
    private static final int SCALES = 6;

    private static final double THRESHOLD = 0.5;
    private static final double MOST_BETA = 0.8;

    @Override
    public String name() {
        return "draem";
    }

    @Override
    public Drawing draw(RgbImage normal, Mask region, Draws random) {
        var parameters = new LinkedHashMap<String, Object>();
        Mask mask = mask(region, random, parameters);
        if (mask.isEmpty()) {
            return new Drawing(normal, mask, parameters);
        }
        RgbImage texture = texture(normal, random, parameters);
        double beta = random.between(0, MOST_BETA);
        parameters.put("beta", beta);
        return new Drawing(blend(normal, texture, mask, beta), mask, parameters);
    }

    private static Mask mask(Mask region, Draws random, Map<String, Object> parameters) {
        int w = region.width();
        int h = region.height();
        int cellsX = 1 << random.below(SCALES);
        int cellsY = 1 << random.below(SCALES);
        double degrees = random.between(-90, 90);
        parameters.put("cellsX", cellsX);
        parameters.put("cellsY", cellsY);
        parameters.put("degrees", degrees);
        var turn = Turn.byDegrees(degrees);
        var noise = new PerlinNoise(cellsX, cellsY, random);
        var pixels = new boolean[w * h];
        for (int i = 0; i < pixels.length; i++) {
            int column = i % w;
            int row = i / w;
            if (region.contains(column, row)) {
                double dx = column + 0.5 - w / 2.0;
                double dy = row + 0.5 - h / 2.0;
                double x = (turn.x(dx, dy) + w / 2.0) / w;
                double y = (turn.y(dx, dy) + h / 2.0) / h;
                boolean onNoise = x >= 0 && y >= 0 && x < 1 && y < 1; // a corner of the turned noise is nothing
                pixels[i] = onNoise && noise.at(x * cellsX, y * cellsY) > THRESHOLD;
            }
        }
        return Mask.of(w, h, pixels);
    }

    private RgbImage texture(RgbImage normal, Draws random, Map<String, Object> parameters) {
        RgbImage texture;
        if (textures.isEmpty()) {
            DrawnTexture kind = DrawnTexture.ALL.get(random.below(DrawnTexture.ALL.size()));
            parameters.put("texture", kind.label());
            texture = kind.draw(normal.width(), normal.height(), random);
        } else {
            RgbImage given = textures.get(random.below(textures.size()));
            parameters.put("texture", given.sha256());
            texture = given.resize(normal.width(), normal.height(), Resampling.BICUBIC);
        }
        List<TextureChange> changes = TextureChange.three(random);
        parameters.put("changes", changes.stream().map(TextureChange::label).toList());
        for (TextureChange change : changes) {
            texture = change.apply(texture, random);
        }
        return texture;
    }

    /** (1 − M)·I + M·((1 − β)·A + β·I). */
    private static RgbImage blend(RgbImage normal, RgbImage texture, Mask mask, double beta) {
        byte[] a = texture.toBytes();
        byte[] made = normal.toBytes();
        for (int i = 0; i < made.length; i++) {
            int pixel = i / 3;
            if (mask.contains(pixel % mask.width(), pixel / mask.width())) {
                made[i] = Colours.toByte((1 - beta) * (a[i] & 0xff) + beta * (made[i] & 0xff));
            }
        }
        return RgbImage.of(normal.width(), normal.height(), made);
    }
}

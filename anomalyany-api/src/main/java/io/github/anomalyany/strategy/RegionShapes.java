// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.strategy.RegionGrowth.Height;
import io.github.anomalyany.strategy.RegionProposal.Shape;
import java.util.List;

/** The shapes that {@link RegionProposal.Shape} names, as the order in which their pixels come. */
final class RegionShapes {
    /** What {@code ANY} chooses from. */
    static final List<Shape> ALL = List.of(Shape.ELLIPSE, Shape.POLYGON, Shape.STROKE, Shape.PERLIN_BLOB);

    private RegionShapes() {}

    /**
     * Draws a shape.
     *
     * @param shape not {@code ANY}
     * @param random where its form comes from
     * @param inside where it must stay
     * @param centre a pixel of {@code inside}
     * @param area pixels that it will get
     * @return the order of its pixels
     */
    static Height draw(Shape shape, RegionRandom random, Mask inside, int centre, int area) {
        int x = centre % inside.width();
        int y = centre / inside.width();
        return switch (shape) {
            case ELLIPSE -> ellipse(random, x, y, random.between(0.3, 1));
            case POLYGON -> polygon(random, x, y);
            case STROKE -> Stroke.draw(random, inside, x, y, area);
            case PERLIN_BLOB -> blob(random, x, y, area);
            case ANY -> throw new IllegalArgumentException("ANY must be drawn first");
        };
    }

    /** Squared distance from the centre, stretched across a random direction. */
    private static Height ellipse(RegionRandom random, int cx, int cy, double axes) {
        double angle = random.between(0, Math.PI);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        return (x, y) -> {
            double along = (x - cx) * cos + (y - cy) * sin;
            double across = ((y - cy) * cos - (x - cx) * sin) / axes;
            return (float) (along * along + across * across);
        };
    }

    /** The farthest beyond any of its sides, each in units of the side's distance from the centre. */
    private static Height polygon(RegionRandom random, int cx, int cy) {
        int sides = 4 + random.below(4);
        double turn = random.between(0, 2 * Math.PI);
        double[] nx = new double[sides];
        double[] ny = new double[sides];
        for (int i = 0; i < sides; i++) {
            // less than half a turn between neighbours, so that the polygon is closed
            double angle = turn + 2 * Math.PI * (i + random.between(0, 0.6)) / sides;
            double from = random.between(0.5, 1);
            nx[i] = StrictMath.cos(angle) / from;
            ny[i] = StrictMath.sin(angle) / from;
        }
        return (x, y) -> {
            double most = 0;
            for (int i = 0; i < sides; i++) {
                most = Math.max(most, (x - cx) * nx[i] + (y - cy) * ny[i]);
            }
            return (float) most;
        };
    }

    /** Distance from the centre in units of the radius, roughened by noise. */
    private static Height blob(RegionRandom random, int cx, int cy, int area) {
        double radius = Math.sqrt(area / Math.PI);
        Height round = ellipse(random, cx, cy, random.between(0.6, 1));
        double bump = radius * random.between(0.6, 1.2);
        double rough = random.between(1, 2);
        var noise = new GradientNoise(random);
        return (x, y) -> {
            double smooth = Math.sqrt(round.at(x, y)) / radius;
            return (float) Math.max(0, smooth + rough * (1 + noise.at((x - cx) / bump, (y - cy) / bump)));
        };
    }
}

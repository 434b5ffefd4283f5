// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.image.Mask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A wobbly line whose ends are thin: the height is the squared distance from it, counted more towards its ends. */
final class Stroke implements RegionGrowth.Height {
    /** Pieces of either half. */
    private static final int STEPS = 12;
    /** Directions tried for a line that stays inside. */
    private static final int HEADINGS = 12;
    /** Turns tried, wider and wider, before a half ends where the mask does. */
    private static final int TURNS = 3;
    /** Largest turn from piece to piece, in radians. */
    private static final double WOBBLE = 0.35;
    /** How much thinner than the middle the ends are. */
    private static final double TAPER = 0.75;

    private record Point(double x, double y) {}

    private final List<Point> line;

    private Stroke(List<Point> line) {
        this.line = line;
    }

    /** Draws a line through a pixel that stays inside a mask; its length is about 15 to 50 times its thickness. */
    static Stroke draw(RegionRandom random, Mask inside, int x, int y, int area) {
        double piece = Math.sqrt(area * random.between(15, 50)) / (2 * STEPS);
        double bend = random.between(-0.15, 0.15);
        List<Point> longest = List.of();
        for (int i = 0; i < HEADINGS && longest.size() < 2 * STEPS + 1; i++) {
            double heading = random.between(0, 2 * Math.PI);
            List<Point> line = walk(random, inside, new Point(x, y), heading + Math.PI, -bend, piece);
            Collections.reverse(line);
            line.add(new Point(x, y));
            line.addAll(walk(random, inside, new Point(x, y), heading, bend, piece));
            if (line.size() > longest.size()) {
                longest = line;
            }
        }
        return new Stroke(longest);
    }

    /** Up to {@link #STEPS} points; fewer where there is no way on. */
    private static List<Point> walk(
            RegionRandom random, Mask inside, Point from, double heading, double bend, double piece) {
        List<Point> points = new ArrayList<>();
        Point at = from;
        double towards = heading;
        for (int turn = 1; turn <= TURNS && points.size() < STEPS; turn++) {
            double tried = towards + bend + random.between(-WOBBLE, WOBBLE) * turn;
            var next = new Point(at.x + piece * StrictMath.cos(tried), at.y + piece * StrictMath.sin(tried));
            if (contains(inside, next)) {
                points.add(next);
                at = next;
                towards = tried;
                turn = 0;
            }
        }
        return points;
    }

    private static boolean contains(Mask mask, Point point) {
        int x = (int) Math.rint(point.x);
        int y = (int) Math.rint(point.y);
        return x >= 0 && y >= 0 && x < mask.width() && y < mask.height() && mask.contains(x, y);
    }

    @Override
    public float at(int x, int y) {
        double least = Double.POSITIVE_INFINITY;
        int last = line.size() - 1;
        for (int i = 0; i <= last; i++) {
            double fromMiddle = last == 0 ? 0 : 2.0 * i / last - 1;
            double thickness = 1 - TAPER * fromMiddle * fromMiddle;
            double distance = squaredDistance(line.get(i), line.get(Math.min(i + 1, last)), x, y);
            least = Math.min(least, distance / (thickness * thickness));
        }
        return (float) least;
    }

    /** From the piece between two points. */
    private static double squaredDistance(Point from, Point to, int x, int y) {
        double dx = to.x - from.x;
        double dy = to.y - from.y;
        double length = dx * dx + dy * dy;
        double share = length == 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length;
        double nearest = Math.max(0, Math.min(1, share));
        double offX = x - from.x - nearest * dx;
        double offY = y - from.y - nearest * dy;
        return offX * offX + offY * offY;
    }
}

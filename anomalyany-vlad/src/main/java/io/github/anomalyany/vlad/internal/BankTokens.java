// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.VladSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Collects and chooses the tokens of a bank (spec §4.1, §4.6). Belongs to one thread. */
final class BankTokens {
    /** One square for the backbone and which of its patches count. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Square(RgbImage image, boolean[] counts) {}

    private final Branches branches;
    private final Backbone backbone;
    private final VladSettings settings;

    BankTokens(Branches branches, Backbone backbone, VladSettings settings) {
        this.branches = branches;
        this.backbone = backbone;
        this.settings = settings;
    }

    /** Rows of length 1 of each stage. */
    List<float[]> of(List<RgbImage> normals, Optional<Mask> region) {
        var rows = new ArrayList<List<float[]>>(); // [stage][batch]
        int stages = backbone.adapterShape().stages();
        for (int stage = 0; stage < stages; stage++) {
            rows.add(new ArrayList<>());
        }
        var waiting = new ArrayList<Square>();
        for (RgbImage normal : normals) {
            for (Square square : squares(normal, region)) {
                waiting.add(square);
                if (waiting.size() == settings.batchSize()) {
                    collect(waiting, rows);
                }
            }
        }
        collect(waiting, rows);
        var chosen = new ArrayList<float[]>();
        for (int stage = 0; stage < stages; stage++) {
            chosen.add(chosen(rows.get(stage), stage));
        }
        return chosen;
    }

    private List<Square> squares(RgbImage normal, Optional<Mask> region) {
        var whole = List.of(new Region(0, 0, normal.width(), normal.height()));
        var tiles = settings.tiling()
                .map(tiling -> tiling.tiles(normal.width(), normal.height()))
                .orElse(whole);
        var squares = new ArrayList<Square>();
        for (Region tile : tiles) {
            int side = backbone.side();
            RgbImage part = normal.crop(tile).resize(side, side, Resampling.BICUBIC);
            boolean[] counts = counts(tile, region);
            for (int turn = 0; turn < settings.rotations(); turn++) {
                squares.add(new Square(part, counts));
                part = QuarterTurns.turned(part);
                counts = QuarterTurns.turned(counts, backbone.grid());
            }
        }
        return squares;
    }

    /** Patches whose centre lies on a pixel that counts. */
    private boolean[] counts(Region tile, Optional<Mask> region) {
        int grid = backbone.grid();
        boolean[] counts = new boolean[grid * grid];
        for (int i = 0; i < counts.length; i++) {
            double x = (i % grid + 0.5) * backbone.patchSize() / backbone.side();
            double y = (Math.floorDiv(i, grid) + 0.5) * backbone.patchSize() / backbone.side();
            counts[i] = region.isEmpty()
                    || region.get().contains(tile.x() + (int) (x * tile.width()), tile.y() + (int) (y * tile.height()));
        }
        return counts;
    }

    private void collect(List<Square> waiting, List<List<float[]>> rows) {
        if (waiting.isEmpty()) {
            return;
        }
        var tokens = branches.bankTokens(waiting.stream().map(Square::image).toList());
        int width = branches.bankWidth();
        for (int stage = 0; stage < tokens.size(); stage++) {
            rows.get(stage).add(counting(tokens.get(stage), waiting, width));
        }
        waiting.clear();
    }

    private static float[] counting(float[] tokens, List<Square> squares, int width) {
        float[] kept = new float[tokens.length];
        int from = 0;
        int to = 0;
        for (Square square : squares) {
            for (boolean counts : square.counts) {
                if (counts) {
                    System.arraycopy(tokens, from, kept, to, width);
                    to += width;
                }
                from += width;
            }
        }
        return to == tokens.length ? tokens : Arrays.copyOf(kept, to);
    }

    private float[] chosen(List<float[]> parts, int stage) {
        int width = branches.bankWidth();
        float[] all = new float
                [Math.toIntExact(parts.stream().mapToLong(part -> part.length).sum())];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        if (all.length == 0) {
            throw new IllegalArgumentException(
                    "region must hold the centre of a patch of %d pixels (of the picture at %d×%d) but holds none"
                            .formatted(backbone.patchSize(), backbone.side(), backbone.side()));
        }
        for (float token : all) {
            if (!Float.isFinite(token)) {
                throw new DetectionException(
                        "a reference's tokens aren't finite: the backbone's weights or the adapter hold"
                                + " NaN or infinite numbers; fetch or make them again");
            }
        }
        int count = all.length / width;
        int[] wanted = settings.bankSelection().select(all, count, width, settings.seed() + stage);
        check(wanted, count);
        if (wanted.length == count) {
            return all;
        }
        float[] kept = new float[wanted.length * width];
        for (int i = 0; i < wanted.length; i++) {
            System.arraycopy(all, wanted[i] * width, kept, i * width, width);
        }
        return kept;
    }

    private void check(int[] wanted, int count) {
        var seen = new BitSet(count);
        for (int index : wanted) {
            if (index < 0 || index >= count || seen.get(index)) {
                throw new DetectionException("the bank selection %s must give different indices in [0, %d) but gave %d"
                                .formatted(settings.bankSelection().description(), count, index)
                        + (index >= 0 && index < count ? " twice" : ""));
            }
            seen.set(index);
        }
        if (wanted.length == 0) {
            throw new DetectionException("the bank selection %s must give an index but gave none"
                    .formatted(settings.bankSelection().description()));
        }
    }
}

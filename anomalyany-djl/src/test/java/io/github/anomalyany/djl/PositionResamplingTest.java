// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.djl.ClipVisionTower.PositionResampling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator that takes a table of 16×16 positions to 36×36. Channel c of the table is 1 in column c, or in row c − 16, so
 * that the resampled channels are the operator's columns.
 */
class PositionResamplingTest extends RuntimeTest {
    private static final int NATIVE = 16;
    private static final int GRID = 36;
    private static final String TABLE = "vision_model.embeddings.position_embedding.weight";

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        var clip = TinyClip.seeded(1, NATIVE, 16);
        float[] table = clip.data(TABLE);
        Arrays.fill(table, TinyClip.WIDTH, table.length, 0);
        for (int cell = 0; cell < NATIVE * NATIVE; cell++) {
            table[(1 + cell) * TinyClip.WIDTH + cell % NATIVE] = 1;
            table[(1 + cell) * TinyClip.WIDTH + NATIVE + Math.floorDiv(cell, NATIVE)] = 1;
        }
        model = clip.writeHuggingFace(folder, Dtype.F32);
    }

    @Test
    void isAntialiasedAsOpenClipHasIt() {
        float[] table = positions(PositionResampling.ANTIALIASED, GRID * TinyClip.PATCH + 8);

        assertRow(table, 0, 0, 1.094477, -0.094477);
        assertRow(table, 1, 0, 0.886214, 0.124726, -0.010941);
        assertRow(table, 17, 6, -0.072445, 0.839249, 0.26106, -0.027864);
        assertRow(table, 35, 14, -0.094477, 1.094477);
    }

    @Test
    void isPlainBicubicAsHuggingFaceHasIt() {
        float[] table = positions(PositionResampling.PLAIN, GRID * TinyClip.PATCH);

        assertRow(table, 17, 6, -0.108668, 0.853181, 0.297282, -0.041795);
    }

    @Test
    void leavesTheClassTokenAndTheNativeTableAlone() throws IOException {
        float[] stored = TinyClip.seeded(1, NATIVE, 16).data(TABLE);
        float[] first = Arrays.copyOf(stored, TinyClip.WIDTH);

        assertThat(positions(PositionResampling.ANTIALIASED, GRID * TinyClip.PATCH))
                .startsWith(first);
        float[] own = positions(PositionResampling.ANTIALIASED, NATIVE * TinyClip.PATCH);
        assertThat(own).hasSize(stored.length).startsWith(first);
        assertThat(Arrays.copyOfRange(own, first.length, own.length)).containsOnly(0, 1);
    }

    private float[] positions(PositionResampling resampling, int side) {
        try (var clip = ClipModel.load(runtime, model);
                var pass = clip.vision()
                        .look(new float[3 * side * side], 1, side, side, resampling, Tape.Memory.INFERENCE)) {
            return pass.positions();
        }
    }

    /** Along both axes: row i of the operator has the weights from column {@code first} and zeros elsewhere. */
    private static void assertRow(float[] table, int i, int first, double... weights) {
        for (int other = 0; other < GRID; other++) {
            for (int c = 0; c < NATIVE; c++) {
                double wanted = c >= first && c < first + weights.length ? weights[c - first] : 0;
                float alongX = table[(1 + other * GRID + i) * TinyClip.WIDTH + c];
                float alongY = table[(1 + i * GRID + other) * TinyClip.WIDTH + NATIVE + c];
                assertThat(alongX).as("W[%d][%d] of columns", i, c).isCloseTo((float) wanted, within(2e-6f));
                assertThat(alongY).as("W[%d][%d] of rows", i, c).isCloseTo((float) wanted, within(2e-6f));
            }
        }
    }
}

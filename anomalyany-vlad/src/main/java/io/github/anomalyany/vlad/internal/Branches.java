// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import ai.djl.pytorch.engine.PtNDArray;
import io.github.anomalyany.djl.TensorScope;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.FeatureAdapter;
import io.github.anomalyany.vlad.LinearAdapters;
import io.github.anomalyany.vlad.ReferenceBank;
import io.github.anomalyany.vlad.VladSettings;
import io.github.anomalyany.vlad.VladSettings.BankTokens;
import io.github.anomalyany.vlad.VladSettings.Reduction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two branches on the grid of patches: how far each patch looks damaged (vision-language, spec §3.3), and how far it is
 * from every reference (vision-vision, spec §4.2). Belongs to one thread at a time.
 */
final class Branches implements AutoCloseable {
    /**
     * Scores of one square picture.
     *
     * @param language S_VL
     * @param languageGrid Σ P, row by row
     * @param visionGrid Σ D, row by row; zeros without references
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Scores(double language, float[] languageGrid, float[] visionGrid) {}

    private final Backbone backbone;
    private final FeatureAdapter adapter;
    private final VladSettings settings;
    private final double imageScale;
    private final double pixelScale;
    private final TensorScope lasting;
    private final List<PtNDArray> matrices = new ArrayList<>();

    Branches(Backbone backbone, FeatureAdapter adapter, VladSettings settings) {
        this.backbone = backbone;
        this.adapter = adapter;
        this.settings = settings;
        imageScale = settings.imageLogitScale().orElseGet(backbone::logitScale);
        pixelScale = settings.pixelLogitScale().orElseGet(backbone::logitScale);
        lasting = backbone.runtime().scope();
        if (adapter instanceof LinearAdapters linear) {
            var shape = linear.shape();
            List<float[]> parameters = linear.parameters();
            for (int stage = 0; stage < shape.stages(); stage++) {
                matrices.add(lasting.tensor(parameters.get(2 * stage), shape.sharedWidth(), shape.tokenWidth()));
                matrices.add(lasting.tensor(parameters.get(2 * stage + 1), shape.sharedWidth()));
            }
        }
    }

    /** Whether banks hold adapted tokens. */
    boolean banksAreAdapted() {
        return settings.bankTokens() == BankTokens.ADAPTED
                || (settings.bankTokens() == BankTokens.ADAPTED_IF_TRAINED && adapter.isTrained());
    }

    /** Width of a bank's tokens. */
    int bankWidth() {
        var shape = adapter.shape();
        return banksAreAdapted() ? shape.sharedWidth() : shape.tokenWidth();
    }

    /** Scores of some square pictures. */
    List<Scores> scores(List<RgbImage> squares, float[] directions, Optional<ReferenceBank> bank) {
        return backbone.look(squares, look -> {
            try (var scope = backbone.runtime().scope()) {
                return scores(scope, look, directions, bank.orElse(null));
            }
        });
    }

    private List<Scores> scores(
            TensorScope scope, Backbone.Look look, float[] directions, @Nullable ReferenceBank bank) {
        int cells = backbone.grid() * backbone.grid();
        float[] language = new float[look.count() * cells];
        float[] vision = new float[language.length];
        int stages = adapter.shape().stages();
        float weight = settings.reduction() == Reduction.SUM ? 1 : 1f / stages;
        PtNDArray text = scope.tensor(directions, 2, directions.length / 2);
        for (int stage = 0; stage < stages; stage++) {
            try (var temporary = backbone.runtime().scope()) {
                PtNDArray tokens = look.tokens(stage);
                PtNDArray adapted = temporary.call("unit_rows", adapted(temporary, stage, tokens));
                add(language, temporary.call("abnormal_share", adapted, text, pixelScale), weight);
                if (bank != null) {
                    PtNDArray query = banksAreAdapted() ? adapted : temporary.call("unit_rows", tokens);
                    PtNDArray references =
                            temporary.over(bank.data(stage), bank.isHalfPrecision(), bank.tokens(stage), bank.width());
                    add(vision, temporary.call("nearest_distance", query, references), weight);
                }
            }
        }
        return split(look, directions, cells, language, vision);
    }

    private List<Scores> split(Backbone.Look look, float[] directions, int cells, float[] language, float[] vision) {
        float[] embeddings = adapter.images(look.embeddings(), look.count());
        int width = directions.length / 2;
        if (embeddings.length != look.count() * width) {
            throw new DetectionException("the feature adapter %s must return %d·%d numbers for pictures but returned %d"
                    .formatted(adapter.description(), look.count(), width, embeddings.length));
        }
        var scores = new ArrayList<Scores>();
        for (int i = 0; i < look.count(); i++) {
            float[] embedding = Arrays.copyOfRange(embeddings, i * width, (i + 1) * width);
            scores.add(new Scores(
                    TextFeatures.abnormalShare(embedding, directions, imageScale),
                    Arrays.copyOfRange(language, i * cells, (i + 1) * cells),
                    Arrays.copyOfRange(vision, i * cells, (i + 1) * cells)));
            checkFinite(scores.get(i));
        }
        return scores;
    }

    private void checkFinite(Scores scores) {
        boolean finite = Double.isFinite(scores.language);
        for (int i = 0; i < scores.languageGrid.length; i++) {
            finite &= Float.isFinite(scores.languageGrid[i]) && Float.isFinite(scores.visionGrid[i]);
        }
        if (!finite) {
            throw new DetectionException(
                    "scores aren't finite: the backbone's weights, the adapter %s or the bank hold NaN or infinite numbers;"
                                    .formatted(adapter.description())
                            + " fetch or make them again");
        }
    }

    private PtNDArray adapted(TensorScope scope, int stage, PtNDArray tokens) {
        if (!matrices.isEmpty()) {
            return scope.call("adapt", tokens, matrices.get(2 * stage), matrices.get(2 * stage + 1));
        }
        long rows = tokens.getShape().get(0) * tokens.getShape().get(1);
        float[] adapted = adapter.patches(stage, tokens.toFloatArray(), (int) rows);
        long width = adapter.shape().sharedWidth();
        if (adapted.length != rows * width) {
            throw new DetectionException("the feature adapter %s must return %d·%d numbers but returned %d"
                    .formatted(adapter.description(), rows, width, adapted.length));
        }
        return scope.tensor(adapted, tokens.getShape().get(0), tokens.getShape().get(1), width);
    }

    private static void add(float[] sum, PtNDArray values, float weight) {
        float[] numbers = values.toFloatArray();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * numbers[i];
        }
    }

    /** Rows of length 1 of each stage, as a bank holds them: [pictures·patches, width]. */
    List<float[]> bankTokens(List<RgbImage> squares) {
        return backbone.look(squares, look -> {
            var stages = new ArrayList<float[]>();
            for (int stage = 0; stage < adapter.shape().stages(); stage++) {
                try (var temporary = backbone.runtime().scope()) {
                    PtNDArray tokens = look.tokens(stage);
                    PtNDArray kept = banksAreAdapted() ? adapted(temporary, stage, tokens) : tokens;
                    stages.add(temporary.call("unit_rows", kept).toFloatArray());
                }
            }
            return stages;
        });
    }

    @Override
    public void close() {
        lasting.close();
    }
}

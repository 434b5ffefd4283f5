// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.djl.ClipTokenizer;
import io.github.anomalyany.djl.Encoding;
import io.github.anomalyany.djl.Overlong;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.SchedulePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request against the model, all of it and before anything expensive, and then encodes what its samples share.
 */
final class RequestPreparation {
    private final DiffusionModel model;
    private final GenerationRequest request;
    private final GenerationSettings settings;
    private final List<String> problems = new ArrayList<>();

    private final @Nullable Encoding prompt;
    private final @Nullable Encoding negative;
    private final @Nullable Encoding description;
    private final List<AttentionMaps.Word> words = new ArrayList<>();
    private final @Nullable SchedulePlan plan;
    private final @Nullable WorkingFrame frame;

    RequestPreparation(DiffusionModel model, GenerationRequest request, GenerationSettings settings) {
        this.model = model;
        this.request = request;
        this.settings = settings;
        prompt = checked(() -> encode(model.tokenizer(), request.anomaly()));
        negative = checked(() -> encode(model.tokenizer(), request.negativePrompt()));
        description = settings.clipRefinement().isPresent() ? checked(this::encodeDescription) : null;
        if (prompt != null) {
            findWords(prompt);
        }
        plan = checked(this::plan);
        frame = checked(this::frame);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    private <T> @Nullable T checked(Supplier<T> part) {
        try {
            return part.get();
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
            return null;
        }
    }

    private Encoding encode(ClipTokenizer tokenizer, String text) {
        return tokenizer.encode(text, request.truncatesPrompts() ? Overlong.TRUNCATE : Overlong.REFUSE);
    }

    private Encoding encodeDescription() {
        ClipTokenizer tokenizer = model.clipTokenizer()
                .orElseThrow(() -> new IllegalArgumentException(
                        "clipRefinement needs a CLIP model: set clipDirectory(...), or put one into the model's folder"
                                + " \"clip\""));
        return encode(tokenizer, request.description());
    }

    private void findWords(Encoding encoding) {
        for (String word : request.emphasized()) {
            checked(() -> words.add(
                    new AttentionMaps.Word(word, encoding.spansOf(word).get(0))));
        }
    }

    private SchedulePlan plan() {
        var schedule = model.schedule();
        SchedulePlan whole = settings.scheduler().plan(schedule, settings.steps(), 0);
        int start = settings.conditioning().startIndex(whole, schedule);
        if (start < 0 || start >= whole.steps().size()) {
            throw new IllegalArgumentException("the conditioning %s starts at step %d of %d"
                    .formatted(
                            settings.conditioning().description(),
                            start,
                            whole.steps().size()));
        }
        return settings.scheduler().plan(schedule, settings.steps(), start);
    }

    private WorkingFrame frame() {
        var normal = request.normal();
        var placement = settings.frame().place(normal.width(), normal.height(), model.size());
        int scale = model.vae().description().scale();
        var working = new WorkingFrame(normal, request.region(), placement, scale, settings.feather());
        boolean seen = false;
        for (float cell : working.latentRegion()) {
            seen |= cell > 0;
        }
        if (!seen) {
            throw new IllegalArgumentException("the region lies outside the frame %s: the model would not see it"
                    .formatted(settings.frame().description()));
        }
        return working;
    }

    SchedulePlan schedulePlan() {
        return present(plan);
    }

    /** Encodes the prompts and the normal picture. */
    PreparedRequest encode(RunWatch watch) {
        WorkingFrame working = present(frame);
        float[] text = watch.pass(() -> model.textEncoder()
                .lastHiddenStates(
                        List.of(present(negative).ids(), present(prompt).ids())));
        model.textEncoder().release(); // not needed again in this run
        var placement = working.placement();
        float[] normalLatents = watch.pass(
                () -> model.vae().encodeScaled(working.pixels(), placement.modelHeight(), placement.modelWidth()));
        int level = model.unet().config().tappedLevel();
        int rows = halved(working.latentRows(), level);
        int columns = halved(working.latentColumns(), level);
        return new PreparedRequest(
                working,
                normalLatents,
                text,
                present(prompt).ids().length,
                List.copyOf(words),
                working.latentRegion(),
                rows,
                columns,
                working.share(rows, columns),
                description == null ? new float[0] : watch.pass(() -> embed(description)));
    }

    private float[] embed(Encoding encoding) {
        try (var pass = model.clip().orElseThrow().text().encode(List.of(encoding.ids()))) {
            return pass.embeddings();
        }
    }

    private static int halved(int length, int times) {
        int halved = length;
        for (int i = 0; i < times; i++) {
            halved = (halved + 1) / 2;
        }
        return halved;
    }

    private static <T> T present(@Nullable T part) {
        return Optional.ofNullable(part).orElseThrow();
    }
}

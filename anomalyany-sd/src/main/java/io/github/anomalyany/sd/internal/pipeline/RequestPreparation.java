// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.djl.ClipTokenizer;
import io.github.anomalyany.djl.ClipVisionTower.PositionResampling;
import io.github.anomalyany.djl.Encoding;
import io.github.anomalyany.djl.Overlong;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.internal.image.ClipPreprocessor;
import io.github.anomalyany.sd.internal.vae.Autoencoder;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.RefinementDecoder;
import io.github.anomalyany.strategy.SchedulePlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request against the model, all of it and before anything expensive, and then encodes what its samples share.
 */
final class RequestPreparation {
    /** Measured: 64 megapixels pass with 47 bytes of heap a pixel and fail with 31. */
    private static final long HEAP_BYTES_PER_PIXEL = 45;

    private final DiffusionModel model;
    private final GenerationRequest request;
    private final GenerationSettings settings;
    private final List<String> problems = new ArrayList<>();

    private final @Nullable Encoding prompt;
    private final @Nullable Encoding negative;
    private final @Nullable Encoding description;
    private final @Nullable Encoding clipDescription;
    private final List<AttentionMaps.Word> words = new ArrayList<>();
    private final @Nullable SchedulePlan plan;
    private final @Nullable WorkingFrame frame;
    private final @Nullable TargetRegion firstRegion;

    RequestPreparation(DiffusionModel model, GenerationRequest request, GenerationSettings settings) {
        this.model = model;
        this.request = request;
        this.settings = settings;
        prompt = checked(() -> encode(model.tokenizer(), request.anomaly()));
        negative = checked(() -> encode(model.tokenizer(), request.negativePrompt()));
        boolean refines = settings.clipRefinement().isPresent();
        boolean looks = refines || settings.acceptance().clipMargin().isPresent();
        description = refines ? checked(() -> encode(model.tokenizer(), request.description())) : null;
        clipDescription = looks ? checked(this::encodeForClip) : null;
        if (refines) {
            checked(this::refinementDecoder);
        }
        if (prompt != null) {
            findWords(prompt);
        }
        plan = checked(this::plan);
        frame = checked(this::frame);
        firstRegion = frame == null ? null : checked(() -> region(Attempt.first(0, request.seed())));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    private <T> @Nullable T checked(Supplier<T> part) {
        try {
            return part.get();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            if (!problems.contains(message)) {
                problems.add(message);
            }
            return null;
        }
    }

    private Encoding encode(ClipTokenizer tokenizer, String text) {
        return tokenizer.encode(text, request.truncatesPrompts() ? Overlong.TRUNCATE : Overlong.REFUSE);
    }

    private Encoding encodeForClip() {
        ClipTokenizer tokenizer = model.clipTokenizer()
                .orElseThrow(() -> new IllegalArgumentException(
                        "clipRefinement and clipMargin need a CLIP model: set clipDirectory(...), put one into the"
                                + " model's folder \"clip\", or turn refinement off with withoutClipRefinement()"));
        return encode(tokenizer, request.description());
    }

    /** The decoder that shows CLIP the picture. */
    Autoencoder refinementDecoder() {
        RefinementDecoder wanted = settings.releasedGuidance().isPresent()
                ? RefinementDecoder.FULL_VAE
                : settings.promptRefinement().decoder();
        Optional<Autoencoder> small = model.smallDecoder();
        if (wanted == RefinementDecoder.AUTOENCODER_TINY && small.isEmpty()) {
            throw new IllegalArgumentException("refinementDecoder AUTOENCODER_TINY needs one: set"
                    + " refinementDecoderDirectory(...), or put it into the model's folder \"taesd\"");
        }
        return wanted == RefinementDecoder.FULL_VAE ? model.vae() : small.orElse(model.vae());
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
        checkHeap(normal);
        var placement = settings.frame().place(normal.width(), normal.height(), model.size());
        return new WorkingFrame(normal, placement, model.vae().description().scale());
    }

    /** Pasting and annotating need whole-picture arrays; better to say so now than after all steps. */
    private static void checkHeap(RgbImage normal) {
        long needed = HEAP_BYTES_PER_PIXEL * normal.width() * normal.height();
        long most = Runtime.getRuntime().maxMemory();
        if (needed > most) {
            throw new IllegalArgumentException(
                    "normal has %d×%d pixels, which takes %.1f GB of Java heap where there are %.1f: scale it down, crop it, or"
                                    .formatted(normal.width(), normal.height(), needed / 1e9, most / 1e9)
                            + " raise -Xmx");
        }
    }

    /** The region of an attempt, for which the request's proposal is asked. */
    TargetRegion region(Attempt attempt) {
        if (firstRegion != null && attempt.equals(Attempt.first(0, request.seed()))) {
            return firstRegion;
        }
        Mask mask = request.region().propose(request.normal(), attempt.seed(), attempt.image());
        checkMask(mask);
        if (firstRegion != null && firstRegion.mask().equals(mask)) {
            return firstRegion;
        }
        var region = new TargetRegion(
                present(frame), mask, settings.regionSampling(), settings.feather(), gridRows(), gridColumns());
        if (region.isOutOfSight()) {
            throw new IllegalArgumentException("the region lies outside the frame %s: the model would not see it"
                    .formatted(settings.frame().description()));
        }
        return region;
    }

    private void checkMask(Mask mask) {
        var normal = request.normal();
        if (mask.width() != normal.width() || mask.height() != normal.height() || mask.isEmpty()) {
            throw new IllegalArgumentException(
                    "the region proposal %s must give a mask of %d×%d with at least one pixel but"
                                    .formatted(request.region().description(), normal.width(), normal.height())
                            + " gave %d×%d with %d".formatted(mask.width(), mask.height(), mask.area()));
        }
    }

    GenerationSettings settings() {
        return settings;
    }

    SchedulePlan schedulePlan() {
        return present(plan);
    }

    private int gridRows() {
        return halved(present(frame).latentRows(), model.unet().config().tappedLevel());
    }

    private int gridColumns() {
        return halved(present(frame).latentColumns(), model.unet().config().tappedLevel());
    }

    /** Encodes the prompts and the normal picture. */
    PreparedRequest encode(RunWatch watch) {
        WorkingFrame working = present(frame);
        long[] negativeIds = present(negative).ids();
        var texts = new ArrayList<>(List.of(negativeIds, present(prompt).ids()));
        if (description != null) {
            texts.add(description.ids());
        }
        float[] states = watch.pass(() -> model.textEncoder().lastHiddenStates(texts));
        model.textEncoder().release(); // not needed again in this run
        int length = states.length / texts.size();
        var placement = working.placement();
        Autoencoder.Latents normal = watch.pass(
                () -> model.vae().encodeScaled(working.pixels(), placement.modelHeight(), placement.modelWidth()));
        return new PreparedRequest(
                working,
                normal.mean(),
                normal.deviation(),
                Arrays.copyOf(states, 2 * length),
                description == null ? new float[0] : withRow(states, length),
                negativeIds.length,
                List.copyOf(words),
                gridRows(),
                gridColumns(),
                clipDescription == null ? new float[0] : watch.pass(() -> embed(clipDescription)),
                settings.acceptance().clipMargin().isEmpty() ? new float[0] : watch.pass(() -> look(request.normal())));
    }

    /** The first row, of the negative prompt, and the third, of the description. */
    private static float[] withRow(float[] states, int length) {
        float[] rows = Arrays.copyOf(states, 2 * length);
        System.arraycopy(states, 2 * length, rows, length, length);
        return rows;
    }

    private float[] embed(Encoding encoding) {
        try (var pass = model.clip().orElseThrow().text().encode(List.of(encoding.ids()))) {
            return pass.embeddings();
        }
    }

    /** CLIP's embedding of a whole picture. */
    float[] look(RgbImage image) {
        var vision = model.clip().orElseThrow().vision();
        int side = vision.imageSize();
        // the whole picture, whatever its shape: CLIP's own crop would leave out what lies at the ends of a long one
        float[] pixels = ClipPreprocessor.pixelValues(image.resize(side, side, Resampling.BICUBIC));
        try (var seen = vision.look(pixels, 1, side, side, PositionResampling.PLAIN, Tape.Memory.INFERENCE)) {
            return seen.embeddings();
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

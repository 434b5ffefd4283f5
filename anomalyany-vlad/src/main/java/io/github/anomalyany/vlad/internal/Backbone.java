// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import ai.djl.pytorch.engine.PtNDArray;
import com.google.common.hash.Hashing;
import com.google.common.io.Files;
import io.github.anomalyany.Device;
import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.ClipModel;
import io.github.anomalyany.djl.ClipTextTower;
import io.github.anomalyany.djl.ClipTokenizer;
import io.github.anomalyany.djl.ClipVariant;
import io.github.anomalyany.djl.ClipVisionTower;
import io.github.anomalyany.djl.ClipVisionTower.PositionResampling;
import io.github.anomalyany.djl.Overlong;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.TensorIndex;
import io.github.anomalyany.djl.TensorRuntime;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.BackboneSpec;
import io.github.anomalyany.vlad.BackboneSpec.Activation;
import io.github.anomalyany.vlad.BackboneSpec.PatchTokens;
import io.github.anomalyany.vlad.BackboneSpec.Positions;
import io.github.anomalyany.vlad.FeatureAdapter;
import io.github.anomalyany.vlad.VladSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A frozen CLIP: pictures to patch tokens and an embedding, sentences to embeddings. Any thread. */
public final class Backbone implements AutoCloseable {
    private static final int SENTENCES_AT_ONCE = 32;

    private final TensorRuntime runtime;
    private final ClipModel clip;
    private final ClipTokenizer tokenizer;
    private final BackboneSpec spec;
    private final Path folder;
    private final int side;
    private final int[] layers;
    private @Nullable String fingerprint;

    private Backbone(TensorRuntime runtime, ClipModel clip, BackboneSpec spec, Path folder, OptionalInt inputSide) {
        this.runtime = runtime;
        this.clip = clip;
        this.spec = spec;
        this.folder = folder;
        this.side = inputSide.orElse(spec.inputSide());
        tokenizer = tokenizer(folder, clip.text());
        layers = layers(spec.stages(), clip.vision().layers());
        if (side < clip.vision().patchSize()) {
            throw new IllegalArgumentException("inputSide must be at least the backbone's patch of %d pixels but was %d"
                    .formatted(clip.vision().patchSize(), side));
        }
    }

    private static int[] layers(List<Integer> wanted, int depth) {
        if (wanted.isEmpty()) {
            int[] quarters = new int[4];
            for (int i = 0; i < 4; i++) {
                quarters[i] = Math.max(1, depth * (i + 1) / 4);
            }
            return quarters;
        }
        if (wanted.get(wanted.size() - 1) > depth) {
            throw new IllegalArgumentException(
                    "stages must be in [1, %d], the backbone's layers, but were %s".formatted(depth, wanted));
        }
        return wanted.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * Loads a backbone.
     *
     * @param directory the model's folder, or one whose folder {@code clip} is it
     * @param wanted what the files don't tell
     * @param device where to run
     * @param inputSide side of the pictures; empty for what the specification recommends
     * @return the backbone, to be closed by the caller
     */
    public static Backbone load(Path directory, Optional<BackboneSpec> wanted, Device device, OptionalInt inputSide) {
        if (!java.nio.file.Files.isDirectory(directory)) {
            throw new ModelLoadException(
                    directory,
                    "is no folder; it must hold a CLIP model, as ModelStore.builder().allowDownloads(true).build()"
                            + ".huggingFace(\"openai/clip-vit-large-patch14\") fetches one");
        }
        Path inner = directory.resolve("clip");
        Path folder = java.nio.file.Files.isDirectory(inner) ? inner : directory;
        var runtime = TensorRuntime.open(device);
        try {
            var clip = ClipModel.load(runtime, folder, variant(folder, wanted));
            try {
                var spec = wanted.orElseGet(() -> known(clip.vision()));
                return new Backbone(runtime, clip, spec, folder, inputSide);
            } catch (RuntimeException | Error e) {
                clip.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            runtime.close();
            throw e;
        }
    }

    private static ClipVariant variant(Path folder, Optional<BackboneSpec> wanted) {
        boolean openClip = ClipModel.isOpenClip(folder);
        var activation = wanted.flatMap(BackboneSpec::activation);
        if (openClip && activation.isEmpty()) {
            throw new ModelLoadException(
                    folder,
                    "is in the layout of open_clip, which doesn't tell the activation: name the backbone,"
                            + " BackboneSpec.openAi() or BackboneSpec.laion()");
        }
        var asConfigured = ClipVariant.asConfigured();
        return new ClipVariant(
                activation.map(Activation.QUICK_GELU::equals),
                wanted.map(BackboneSpec::visionHeadWidth).orElse(asConfigured.visionHeadWidth()),
                wanted.map(BackboneSpec::textHeadWidth).orElse(asConfigured.textHeadWidth()));
    }

    /** The built-in CLIP is known by its size, which no published one has. */
    private static BackboneSpec known(ClipVisionTower vision) {
        var builtIn = vision.width() == 128 && vision.layers() == 6 && vision.projection() == 128;
        return builtIn ? BackboneSpec.builtIn() : BackboneSpec.openAi();
    }

    /** The folder's own files, those of a diffusion model around it, or what all CLIP models share. */
    private static ClipTokenizer tokenizer(Path folder, ClipTextTower text) {
        for (Path home : List.of(folder, folder.resolveSibling("tokenizer"))) {
            if (java.nio.file.Files.exists(home.resolve("vocab.json"))
                    || java.nio.file.Files.exists(home.resolve(ClipTokenizer.OPENAI_FILE))) {
                return ClipTokenizer.load(home, text.positions());
            }
        }
        return text.vocabulary() == ClipTokenizer.STANDARD_SIZE
                ? ClipTokenizer.standard(folder, text.positions())
                : ClipTokenizer.load(folder, text.positions());
    }

    /**
     * What pictures show. Valid inside {@link Backbone#look} only.
     */
    public final class Look {
        private final ClipVisionTower.Pass pass;
        private final int count;

        private Look(ClipVisionTower.Pass pass, int count) {
            this.pass = pass;
            this.count = count;
        }

        /**
         * How many pictures there are.
         *
         * @return at least 1
         */
        public int count() {
            return count;
        }

        /**
         * The pictures' embeddings, not normalised.
         *
         * @return [count, sharedWidth]
         */
        public float[] embeddings() {
            return pass.embeddings();
        }

        /**
         * Patch tokens as the specification takes them.
         *
         * @param stage from 0
         * @return [count, patches, tokenWidth]
         */
        public PtNDArray tokens(int stage) {
            return spec.patchTokens() == PatchTokens.RAW
                    ? pass.tokens(layers[stage]).data()
                    : pass.projectedTokens(layers[stage]).data();
        }
    }

    /**
     * Looks at pictures.
     *
     * @param squares pictures of {@link #side()}
     * @param use takes what it needs
     * @param <T> of the result
     * @return what {@code use} returns
     */
    public <T> T look(List<RgbImage> squares, Function<Look, T> use) {
        float[] pixels = new float[squares.size() * 3 * side * side];
        for (int i = 0; i < squares.size(); i++) {
            prepare(squares.get(i), pixels, i);
        }
        var positions =
                spec.positions() == Positions.ANTIALIASED ? PositionResampling.ANTIALIASED : PositionResampling.PLAIN;
        try (var pass = clip.vision().look(pixels, squares.size(), side, side, positions, Tape.Memory.INFERENCE)) {
            return use.apply(new Look(pass, squares.size()));
        }
    }

    private void prepare(RgbImage square, float[] pixels, int index) {
        byte[] rgb = square.toBytes();
        int plane = side * side;
        for (int c = 0; c < 3; c++) {
            double mean = spec.mean().get(c);
            double deviation = spec.deviation().get(c);
            int at = (3 * index + c) * plane;
            for (int i = 0; i < plane; i++) {
                pixels[at + i] = (float) (((rgb[3 * i + c] & 0xff) / 255.0 - mean) / deviation);
            }
        }
    }

    /**
     * Embeds sentences.
     *
     * @param sentences any number
     * @return one row of {@code sharedWidth} each, not normalised
     */
    public List<float[]> embed(List<String> sentences) {
        var rows = new ArrayList<float[]>();
        for (int from = 0; from < sentences.size(); from += SENTENCES_AT_ONCE) {
            var part = sentences.subList(from, Math.min(sentences.size(), from + SENTENCES_AT_ONCE));
            var ids = part.stream()
                    .map(sentence ->
                            tokenizer.encode(sentence, Overlong.TRUNCATE).ids())
                    .toList();
            try (var pass = clip.text().encode(ids)) {
                float[] all = pass.embeddings();
                int width = all.length / part.size();
                for (int i = 0; i < part.size(); i++) {
                    rows.add(java.util.Arrays.copyOfRange(all, i * width, (i + 1) * width));
                }
            }
        }
        return rows;
    }

    /**
     * Where tensors are made.
     *
     * @return owned by this backbone
     */
    public TensorRuntime runtime() {
        return runtime;
    }

    /**
     * Side of the pictures.
     *
     * @return pixels
     */
    public int side() {
        return side;
    }

    /**
     * Patches along a side.
     *
     * @return at least 1
     */
    public int grid() {
        return side / clip.vision().patchSize();
    }

    /**
     * Side of a patch.
     *
     * @return pixels
     */
    public int patchSize() {
        return clip.vision().patchSize();
    }

    /**
     * What an adapter has to fit.
     *
     * @return stages and widths
     */
    public FeatureAdapter.Shape adapterShape() {
        var vision = clip.vision();
        int tokens = spec.patchTokens() == PatchTokens.RAW ? vision.width() : vision.projection();
        return new FeatureAdapter.Shape(layers.length, tokens, vision.projection());
    }

    /**
     * The matrix that takes a token to the shared space as CLIP itself would: its projection, or the identity for tokens that
     * went through it.
     *
     * @return [sharedWidth, tokenWidth]
     * @throws ModelLoadException if it isn't finite
     */
    public float[] projection() {
        if (spec.patchTokens() == PatchTokens.RAW) {
            float[] matrix = clip.vision().projectionMatrix();
            for (float number : matrix) {
                if (!Float.isFinite(number)) {
                    throw new ModelLoadException(
                            folder, "holds NaN or infinite numbers in the projection of pictures; fetch it again");
                }
            }
            return matrix;
        }
        int width = clip.vision().projection();
        float[] identity = new float[width * width];
        for (int i = 0; i < width; i++) {
            identity[i * width + i] = 1;
        }
        return identity;
    }

    /**
     * The factor of cosines that the backbone was trained with.
     *
     * @return 100 for published ones
     */
    public double logitScale() {
        return clip.logitScale();
    }

    /**
     * Settings that suit the backbone.
     *
     * @return those of the built-in CLIP, or the library's
     */
    public VladSettings recommendedSettings() {
        return spec.equals(BackboneSpec.builtIn()) ? VladSettings.builtIn() : VladSettings.sdk();
    }

    /**
     * Which weights these are and how they are used.
     *
     * @return one line; equal for backbones that give equal tokens
     */
    public synchronized String fingerprint() {
        if (fingerprint == null) {
            fingerprint = "%s, weights %s, layers %s, positions %s"
                    .formatted(
                            spec.description(),
                            hash(),
                            java.util.Arrays.toString(layers),
                            spec.positions().name().toLowerCase(Locale.ROOT));
        }
        return fingerprint;
    }

    private String hash() {
        var all = Hashing.sha256().newHasher();
        try {
            for (Path file : TensorIndex.files(folder)) {
                all.putBytes(
                        Files.asByteSource(file.toFile()).hash(Hashing.sha256()).asBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.hash().toString().substring(0, 16);
    }

    /** Frees the model. */
    @Override
    public void close() {
        try {
            clip.close();
        } finally {
            runtime.close();
        }
    }
}

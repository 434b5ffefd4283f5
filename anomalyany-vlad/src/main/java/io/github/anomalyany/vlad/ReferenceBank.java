// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import com.google.gson.Gson;
import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.SafetensorsFile;
import io.github.anomalyany.djl.SafetensorsWriter;
import io.github.anomalyany.vlad.internal.HalfFloats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The patch tokens of good pictures of one category, to which a detector compares (spec §4). Made by {@link
 * VladDetector#index}; fits detectors with the same backbone, input side and adapter. Lies outside the Java heap and is freed
 * with the object. Immutable, safe for many threads.
 */
public final class ReferenceBank {
    private static final String KIND = "vlad-bank";
    private static final String FORMAT = "1";

    private final String category;
    private final String encoder;
    private final int width;
    private final boolean half;
    private final List<ByteBuffer> stages;
    private final List<String> sources;
    private final Optional<Calibration> calibration;

    private ReferenceBank(
            String category,
            String encoder,
            int width,
            boolean half,
            List<ByteBuffer> stages,
            List<String> sources,
            Optional<Calibration> calibration) {
        this.category = category;
        this.encoder = encoder;
        this.width = width;
        this.half = half;
        this.stages = List.copyOf(stages);
        this.sources = List.copyOf(sources);
        this.calibration = calibration;
    }

    /**
     * Makes a bank of tokens. Detectors do this; here for detectors of one's own.
     *
     * @param category name of the category
     * @param encoder what made the tokens; equal for banks that can be compared
     * @param width width of a token
     * @param half whether to keep them in half precision
     * @param stages rows of length 1, one token after the other, for each stage
     * @param sources fingerprints of the pictures
     * @return the bank
     * @throws IllegalArgumentException if there is no stage, a stage is empty, its length is no multiple of the width, or it takes
     *     2 GiB or more
     */
    public static ReferenceBank of(
            String category, String encoder, int width, boolean half, List<float[]> stages, List<String> sources) {
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(encoder, "encoder");
        if (width < 1 || stages.isEmpty()) {
            throw new IllegalArgumentException(
                    "width must be at least 1 and stages must have an element but there were %d and %d"
                            .formatted(width, stages.size()));
        }
        var stored = new ArrayList<ByteBuffer>();
        for (float[] tokens : stages) {
            if (tokens.length == 0 || tokens.length % width != 0) {
                throw new IllegalArgumentException("a stage must have a positive multiple of %d numbers but had %d"
                        .formatted(width, tokens.length));
            }
            stored.add(packed(tokens, half));
        }
        return new ReferenceBank(category, encoder, width, half, stored, sources, Optional.empty());
    }

    private static ByteBuffer packed(float[] tokens, boolean half) {
        long bytes = (long) tokens.length * (half ? 2 : 4);
        var buffer = direct(bytes);
        for (float token : tokens) {
            if (half) {
                buffer.putShort(HalfFloats.narrow(token));
            } else {
                buffer.putFloat(token);
            }
        }
        return buffer.flip();
    }

    private static ByteBuffer direct(long bytes) {
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a stage of the bank would take %,d bytes, more than 2 GiB: choose BankSelection.coreset or half precision"
                            .formatted(bytes));
        }
        return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The category.
     *
     * @return its name
     */
    public String category() {
        return category;
    }

    /**
     * What made the tokens.
     *
     * @return backbone, input side, adapter, in words
     */
    public String encoder() {
        return encoder;
    }

    /**
     * Width of a token.
     *
     * @return numbers
     */
    public int width() {
        return width;
    }

    /**
     * Whether tokens are kept in half precision.
     *
     * @return true if so
     */
    public boolean isHalfPrecision() {
        return half;
    }

    /**
     * How many stages there are.
     *
     * @return at least 1
     */
    public int stages() {
        return stages.size();
    }

    /**
     * Tokens of a stage.
     *
     * @param stage from 0
     * @return at least 1
     */
    public int tokens(int stage) {
        return stages.get(stage).capacity() / (width * (half ? 2 : 4));
    }

    /**
     * The numbers of a stage.
     *
     * @param stage from 0
     * @return direct, little-endian, single or half precision, rows of {@link #width()}; read-only
     */
    public ByteBuffer data(int stage) {
        return stages.get(stage).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * What the tokens take outside the Java heap.
     *
     * @return bytes
     */
    public long sizeInBytes() {
        return stages.stream().mapToLong(ByteBuffer::capacity).sum();
    }

    /**
     * The pictures that the bank was made of.
     *
     * @return their {@link io.github.anomalyany.image.RgbImage#sha256()}
     */
    public List<String> sources() {
        return sources;
    }

    /**
     * The thresholds that go with the bank.
     *
     * @return the calibration; empty where there is none
     */
    public Optional<Calibration> calibration() {
        return calibration;
    }

    /**
     * The same bank with thresholds.
     *
     * @param calibration thresholds for this bank
     * @return a bank that shares this one's tokens
     */
    public ReferenceBank withCalibration(Calibration calibration) {
        return new ReferenceBank(category, encoder, width, half, stages, sources, Optional.of(calibration));
    }

    /**
     * All tokens of several banks.
     *
     * @param banks at least one; of one category and encoder
     * @return a bank without calibration
     * @throws IllegalArgumentException if the banks don't fit together
     */
    public static ReferenceBank merge(List<ReferenceBank> banks) {
        if (banks.isEmpty()) {
            throw new IllegalArgumentException("banks must have an element but is empty");
        }
        var first = banks.get(0);
        for (var bank : banks) {
            boolean fits = bank.encoder.equals(first.encoder)
                    && bank.category.equals(first.category)
                    && bank.half == first.half
                    && bank.width == first.width
                    && bank.stages() == first.stages();
            if (!fits) {
                throw new IllegalArgumentException(
                        "banks must have one category, encoder and precision but were %s and %s"
                                .formatted(first, bank));
            }
        }
        var merged = new ArrayList<ByteBuffer>();
        for (int stage = 0; stage < first.stages(); stage++) {
            int at = stage;
            var all = direct(
                    banks.stream().mapToLong(bank -> bank.data(at).capacity()).sum());
            banks.forEach(bank -> all.put(bank.data(at)));
            merged.add(all.flip());
        }
        var sources = banks.stream().flatMap(bank -> bank.sources.stream()).toList();
        return new ReferenceBank(
                first.category, first.encoder, first.width, first.half, merged, sources, Optional.empty());
    }

    /**
     * Writes the bank as safetensors. A file of that name is replaced only once the new one is complete.
     *
     * @param file where to; the folder must exist
     * @throws IOException if it can't be written
     */
    public void save(Path file) throws IOException {
        var writer = new SafetensorsWriter()
                .note("format", FORMAT)
                .note("kind", KIND)
                .note("category", category)
                .note("encoder", encoder)
                .note("sources", String.join(" ", sources));
        calibration.ifPresent(found -> writer.note("calibration", new Gson().toJson(found)));
        for (int stage = 0; stage < stages(); stage++) {
            writer.tensor("bank." + stage, half ? Dtype.F16 : Dtype.F32, data(stage), tokens(stage), width);
        }
        writer.write(file);
    }

    /**
     * Opens a bank that {@link #save} wrote. The tokens stay in the file until they are used, so that many processes share
     * them.
     *
     * @param file where from; must not be changed in place afterwards
     * @return the bank
     * @throws ModelLoadException if the file can't be read or holds no bank
     */
    public static ReferenceBank load(Path file) {
        try (var stored = SafetensorsFile.open(file)) {
            var notes = stored.metadata();
            if (!KIND.equals(notes.get("kind")) || !FORMAT.equals(notes.get("format"))) {
                throw new ModelLoadException(file, "holds no reference bank of format " + FORMAT);
            }
            var stages = new ArrayList<ByteBuffer>();
            var first = stored.get("bank.0");
            while (stored.entries().containsKey("bank." + stages.size())) {
                var stage = stored.get("bank." + stages.size());
                long[] shape = stage.shape();
                boolean known = stage.dtype() == Dtype.F32 || stage.dtype() == Dtype.F16;
                if (!known || shape.length != 2 || shape[0] < 1 || shape[1] < 1) {
                    throw new ModelLoadException(file, stage.name(), "must be a matrix of F32 or F16", null);
                }
                if (stage.dtype() != first.dtype() || shape[1] != first.shape()[1]) {
                    throw new ModelLoadException(file, stage.name(), "must have the width and dtype of bank.0", null);
                }
                stages.add(stage.map());
            }
            String sources = notes.getOrDefault("sources", "");
            return new ReferenceBank(
                    notes.getOrDefault("category", ""),
                    notes.getOrDefault("encoder", ""),
                    (int) first.shape()[1],
                    first.dtype() == Dtype.F16,
                    stages,
                    sources.isEmpty() ? List.of() : Arrays.asList(sources.split(" ")),
                    Optional.ofNullable(notes.get("calibration")).map(json -> calibration(file, json)));
        }
    }

    private static Calibration calibration(Path file, String json) {
        try {
            return Objects.requireNonNull(new Gson().fromJson(json, Calibration.class));
        } catch (RuntimeException e) {
            throw new ModelLoadException(file, "calibration", "is damaged: " + e.getMessage(), e);
        }
    }

    /** Category, size and encoder. */
    @Override
    public String toString() {
        return "ReferenceBank[%s, %d pictures, %,d bytes, %s]"
                .formatted(category, sources.size(), sizeInBytes(), encoder);
    }
}

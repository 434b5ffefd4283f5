// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import io.github.anomalyany.ModelLoadException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All tensors of one network by name, whether they lie in one file or in several. Closing it closes the files; maps made
 * from the tensors stay valid. Safe for use by many threads.
 */
public final class TensorIndex implements AutoCloseable {
    private static final int MAX_LISTED = 5;

    private final Path source;
    private final List<SafetensorsFile> files;
    private final Map<String, TensorEntry> entries;

    private TensorIndex(Path source, List<SafetensorsFile> files, Map<String, TensorEntry> entries) {
        this.source = source;
        this.files = files;
        this.entries = entries;
    }

    /** When the shape of a stored tensor counts as the wanted one. */
    public enum ShapeMatch {
        /** When it is equal. */
        EXACT,
        /** When it is equal but for trailing sides of 1: a 1×1 convolution [m, n, 1, 1] also serves as a matrix [m, n]. */
        POINTWISE;

        boolean test(long[] wanted, long[] actual) {
            return Arrays.equals(trimmed(wanted), trimmed(actual));
        }

        private long[] trimmed(long[] shape) {
            int rank = shape.length;
            while (this == POINTWISE && rank > 2 && shape[rank - 1] == 1) {
                rank--;
            }
            return Arrays.copyOf(shape, rank);
        }
    }

    /**
     * Opens the weights in the folder of one network, under their stored names. See {@link WeightFiles} for the file
     * names that are looked for.
     *
     * @param folder the folder, such as {@code unet}
     * @return the tensors, which the caller closes
     * @throws ModelLoadException if there are no weights or any of the files is damaged
     */
    public static TensorIndex open(Path folder) {
        return open(folder, UnaryOperator.identity());
    }

    /**
     * Opens the weights in the folder of one network and renames the tensors, for files that use older names.
     *
     * @param folder the folder, such as {@code unet}
     * @param rename gives each stored name the name under which this index has the tensor
     * @return the tensors, which the caller closes
     * @throws ModelLoadException if there are no weights, any of the files is damaged, or two tensors get one name
     */
    public static TensorIndex open(Path folder, UnaryOperator<String> rename) {
        return open(WeightFiles.find(folder), rename);
    }

    /**
     * The weight files that {@link #open} reads from a folder.
     *
     * @param folder the folder, such as {@code unet}
     * @return one file, or the shards
     * @throws ModelLoadException if there are no weights
     */
    public static List<Path> files(Path folder) {
        return WeightFiles.find(folder).shards();
    }

    /** The same files under other names. */
    TensorIndex view(Map<String, TensorEntry> others) {
        return new TensorIndex(source, files, Collections.unmodifiableMap(others));
    }

    static TensorIndex open(WeightFiles weights, UnaryOperator<String> rename) {
        var files = new ArrayList<SafetensorsFile>();
        try {
            for (var shard : weights.shards()) {
                files.add(SafetensorsFile.open(shard));
            }
            weights.checkShards(files);
            return new TensorIndex(weights.source(), List.copyOf(files), renamed(files, rename));
        } catch (RuntimeException | Error e) {
            files.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    private static Map<String, TensorEntry> renamed(List<SafetensorsFile> files, UnaryOperator<String> rename) {
        var entries = new LinkedHashMap<String, TensorEntry>();
        for (var file : files) {
            for (var entry : file.entries().values()) {
                var other = entries.putIfAbsent(rename.apply(entry.name()), entry);
                if (other != null) {
                    throw new ModelLoadException(
                            file.path(),
                            ModelJson.shown(entry.name()),
                            "is there twice, also as " + ModelJson.shown(other.name()) + " in " + other.file(),
                            null);
                }
            }
        }
        return Collections.unmodifiableMap(entries);
    }

    /**
     * The file that stands for the whole in messages: the single weight file or the index of the shards.
     *
     * @return its path
     */
    public Path source() {
        return source;
    }

    /**
     * The names of the tensors, after renaming.
     *
     * @return an immutable set in the order of the files
     */
    public Set<String> names() {
        return entries.keySet();
    }

    /**
     * Finds a tensor.
     *
     * @param name its name, after renaming
     * @return the tensor
     * @throws ModelLoadException if there is none of that name
     */
    public TensorEntry get(String name) {
        @Nullable TensorEntry entry = entries.get(Objects.requireNonNull(name, "name"));
        if (entry == null) {
            throw new ModelLoadException(source, ModelJson.shown(name), "is missing", null);
        }
        return entry;
    }

    /**
     * Requires that the tensors are those which an architecture has: none missing, none unexpected, each of the wanted
     * shape and of a number format that weights can have.
     *
     * @param wanted shapes by name
     * @param ignorable accepts the names of tensors that may be there besides
     * @param match when a shape counts as the wanted one
     * @throws ModelLoadException if anything differs; it names the first tensor and tells what else is wrong
     */
    public void require(Map<String, long[]> wanted, Predicate<String> ignorable, ShapeMatch match) {
        var faults = new LinkedHashMap<String, String>();
        wanted.forEach((name, shape) -> {
            @Nullable TensorEntry entry = entries.get(name);
            if (entry == null) {
                faults.put(name, "is missing; the configuration wants the shape " + Arrays.toString(shape));
            } else if (!match.test(shape, entry.shape())) {
                faults.put(
                        name,
                        "has the shape " + Arrays.toString(entry.shape()) + " but the configuration wants "
                                + Arrays.toString(shape));
            } else if (!entry.dtype().isWeight()) {
                faults.put(name, "has the dtype " + entry.dtype() + " but weights are F32, F16 or BF16");
            }
        });
        for (var name : names()) {
            if (!wanted.containsKey(name) && !ignorable.test(name)) {
                faults.put(name, "is unexpected; the configuration describes a network without it");
            }
        }
        if (!faults.isEmpty()) {
            throw mismatch(faults);
        }
    }

    private ModelLoadException mismatch(Map<String, String> faults) {
        var listed = new ArrayList<>(faults.entrySet()).subList(0, Math.min(MAX_LISTED, faults.size()));
        var first = listed.get(0);
        var message = new StringBuilder(first.getValue());
        for (var other : listed.subList(1, listed.size())) {
            message.append("; ")
                    .append(ModelJson.shown(other.getKey()))
                    .append(' ')
                    .append(other.getValue());
        }
        if (faults.size() > listed.size()) {
            message.append("; and ").append(faults.size() - listed.size()).append(" more tensors differ");
        }
        @Nullable TensorEntry entry = entries.get(first.getKey());
        Path file = entry == null ? source : entry.file();
        return new ModelLoadException(file, ModelJson.shown(first.getKey()), message.toString(), null);
    }

    /** Closes the files. Closing twice does nothing. */
    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }
}

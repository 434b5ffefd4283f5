// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model directory can't be used: a file is missing, damaged, of another architecture or of an unsafe kind. */
public final class ModelLoadException extends AnomalyAnyException {
    private static final long serialVersionUID = 1L;

    /** Path of the file at fault. */
    private final String file;
    /** Name of the tensor at fault. */
    private final @Nullable String tensor;

    /**
     * Creates the exception.
     *
     * @param file the file at fault
     * @param problem what is wrong with it and what to do
     */
    public ModelLoadException(Path file, String problem) {
        this(file, null, problem, null);
    }

    /**
     * Creates the exception.
     *
     * @param file the file at fault
     * @param tensor the tensor at fault, or null when the whole file is
     * @param problem what is wrong with it and what to do
     * @param cause what it followed from, or null
     */
    public ModelLoadException(Path file, @Nullable String tensor, String problem, @Nullable Throwable cause) {
        super(file + (tensor == null ? "" : ": tensor " + tensor) + ": " + problem);
        if (cause != null) {
            initCause(cause);
        }
        this.file = file.toString();
        this.tensor = tensor;
    }

    /**
     * The file at fault.
     *
     * @return its path
     */
    public Path file() {
        return Path.of(file);
    }

    /**
     * The tensor at fault.
     *
     * @return its name, or empty when the whole file is at fault
     */
    public Optional<String> tensor() {
        return Optional.ofNullable(tensor);
    }
}

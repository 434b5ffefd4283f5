// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.vlad.data.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Measures methods on a dataset, k-shot and over several seeds, and writes the tables of the papers (CUT, arXiv 2406.01078v1,
 * tables 1 and 2).
 *
 * <pre>{@code
 * var report = Evaluation.builder()
 *         .dataset(Datasets.open(folder))
 *         .methods(List.of(EvaluationMethod.zeroShot("zero-shot", detector), EvaluationMethod.of("bank", detector)))
 *         .shots(List.of(1, 2, 4))
 *         .seeds(List.of(0L, 1L, 2L, 3L, 4L))
 *         .output(Path.of("evaluation"))
 *         .build()
 *         .run();
 * System.out.println(report.markdown());
 * }</pre>
 *
 * <p>A cell is one category with one method, number of shots and seed. Each finished one is a file in the folder
 * {@code cells} of the output, with its metrics and every picture's score; another run with the same output goes on where
 * this one stopped. A cell is done again if its file is damaged, or if what it depends on changed: the names and sizes of the
 * files, the method's description, or a setting. Equal runs write equal files.
 */
public final class Evaluation {
    private static final int MAX_SIDE = 4096;
    /** From here on exact metrics could take more memory than binned ones. */
    private static final long EXACT_PIXELS = 1L << 23;

    final Dataset dataset;
    final List<EvaluationMethod> methods;
    final List<Integer> shots;
    final List<Long> seeds;
    final int side;
    final MaskResampling masks;
    final double proLimit;
    final long exactPixels;
    final Path output;
    final EvaluationListener listener;
    final CancellationToken cancellation;

    private Evaluation(Builder builder, Dataset dataset, Path output) {
        this.dataset = dataset;
        this.output = output;
        methods = builder.methods;
        shots = builder.shots;
        seeds = builder.seeds;
        side = builder.side;
        masks = builder.masks;
        proLimit = builder.proLimit;
        exactPixels = builder.exactPixels;
        listener = builder.listener;
        cancellation = builder.cancellation;
    }

    /**
     * Starts describing an evaluation.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Evaluates what no earlier run finished and writes {@code report.md}, {@code report.csv}, {@code report.json}, {@code
     * index.html} and {@code misses/*.png} into the output folder.
     *
     * @return the report
     * @throws IOException if a picture can't be read or a file can't be written
     * @throws EvaluationCancelledException if the token or an interrupt asked to stop; finished cells stay
     * @throws io.github.anomalyany.AnomalyAnyException if a method failed; finished cells stay
     */
    public EvaluationReport run() throws IOException {
        return new EvaluationRun(this).run();
    }

    /** Collects what an evaluation needs. Not safe for use by several threads at once. */
    public static final class Builder {
        private @Nullable Dataset dataset;
        private @Nullable Path output;
        private List<EvaluationMethod> methods = List.of();
        private List<Integer> shots = List.of(1, 2, 4);
        private List<Long> seeds = List.of(0L, 1L, 2L, 3L, 4L);
        private int side = 512;
        private MaskResampling masks = MaskResampling.BILINEAR;
        private double proLimit = 0.3;
        private long exactPixels = EXACT_PIXELS;
        private EvaluationListener listener = progress -> {};
        private CancellationToken cancellation = new CancellationToken();

        private Builder() {}

        /**
         * Sets the pictures. Required.
         *
         * @param dataset all its categories are evaluated
         * @return this builder
         */
        public Builder dataset(Dataset dataset) {
            this.dataset = Objects.requireNonNull(dataset, "dataset");
            return this;
        }

        /**
         * Sets the methods. Required.
         *
         * @param methods at least one, with different names; the rows of the tables come in this order
         * @return this builder
         */
        public Builder methods(List<EvaluationMethod> methods) {
            this.methods = List.copyOf(methods);
            return this;
        }

        /**
         * Sets how many good pictures of each category a method gets. Default: 1, 2, 4.
         *
         * @param shots different numbers of at least 1, at least one number
         * @return this builder
         */
        public Builder shots(List<Integer> shots) {
            this.shots = List.copyOf(shots);
            return this;
        }

        /**
         * Sets by which seeds good pictures are drawn. Default: 0 to 4.
         *
         * @param seeds different numbers, at least one
         * @return this builder
         */
        public Builder seeds(List<Long> seeds) {
            this.seeds = List.copyOf(seeds);
            return this;
        }

        /**
         * Sets the size at which maps and masks are compared. Default: 512, the paper's.
         *
         * @param side columns and rows, 1 to 4096
         * @return this builder
         */
        public Builder side(int side) {
            this.side = side;
            return this;
        }

        /**
         * Sets how masks are brought to that size. Default: {@link MaskResampling#BILINEAR}.
         *
         * @param masks how
         * @return this builder
         */
        public Builder masks(MaskResampling masks) {
            this.masks = Objects.requireNonNull(masks, "masks");
            return this;
        }

        /**
         * Sets up to which false positive rate the area under the per-region overlap is taken. Default: 0.3.
         *
         * @param limit above 0, at most 1
         * @return this builder
         */
        public Builder proLimit(double limit) {
            this.proLimit = limit;
            return this;
        }

        /**
         * Sets up to how many pixels of a category the metrics are {@linkplain PixelMetrics#exact() exact}; with more they
         * are {@linkplain PixelMetrics#streaming() binned}. Default: 2²³, 32 pictures at 512.
         *
         * @param pixels 0 for never, {@link Long#MAX_VALUE} for always
         * @return this builder
         */
        public Builder exactPixels(long pixels) {
            this.exactPixels = pixels;
            return this;
        }

        /**
         * Sets where the report and the finished cells go. Required.
         *
         * @param folder created if need be
         * @return this builder
         */
        public Builder output(Path folder) {
            this.output = Objects.requireNonNull(folder, "folder");
            return this;
        }

        /**
         * Sets who hears about the progress. Default: nobody.
         *
         * @param listener the listener
         * @return this builder
         */
        public Builder listener(EvaluationListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Sets what can stop the evaluation. It looks between any two batches of pictures.
         *
         * @param cancellation the token
         * @return this builder
         */
        public Builder cancellation(CancellationToken cancellation) {
            this.cancellation = Objects.requireNonNull(cancellation, "cancellation");
            return this;
        }

        /**
         * Checks everything that can be known before pictures are read.
         *
         * @return the evaluation
         * @throws IllegalStateException if dataset, methods or output are missing
         * @throws IllegalArgumentException if a value is out of range or occurs twice, or a category has fewer good pictures
         *     than shots
         */
        public Evaluation build() {
            if (dataset == null || output == null || methods.isEmpty()) {
                throw new IllegalStateException("dataset, methods and output are required");
            }
            checkDifferent(
                    "names of methods",
                    methods.stream().map(EvaluationMethod::name).toList());
            methods.forEach(method -> check(!method.name().isBlank(), "names of methods must not be blank"));
            check(side >= 1 && side <= MAX_SIDE, "side must be 1 to %d but was %d".formatted(MAX_SIDE, side));
            check(proLimit > 0 && proLimit <= 1, "proLimit must be in (0, 1] but was " + proLimit);
            check(exactPixels >= 0, "exactPixels must be at least 0 but was " + exactPixels);
            if (methods.stream().anyMatch(EvaluationMethod::usesNormals)) {
                checkDifferent("shots", shots);
                checkDifferent("seeds", seeds);
                checkShots(dataset);
            }
            return new Evaluation(this, dataset, output);
        }

        private void checkShots(Dataset dataset) {
            for (int k : shots) {
                check(k >= 1, "shots must be at least 1 but had " + k);
                for (var name : dataset.categories()) {
                    int most = dataset.category(name).train().size();
                    check(
                            k <= most,
                            "shots must be at most %d, the number of normal images of %s, but had %d"
                                    .formatted(most, name, k));
                }
            }
        }

        private static void checkDifferent(String what, List<?> values) {
            check(!values.isEmpty(), what + " must have a value but is empty");
            check(new HashSet<>(values).size() == values.size(), what + " must be different but were " + values);
        }

        private static void check(boolean fine, String message) {
            if (!fine) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}

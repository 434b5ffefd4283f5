// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.prompt.DefectCatalog;
import io.github.anomalyany.strategy.RegionProposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What to generate. Pixel fields are in the frame of {@link #normal()}. Immutable; safe to share between threads. */
public final class GenerationRequest {
    private static final int MAX_COUNT = 100_000;
    private static final int MAX_RETRIES = 100;

    private final RgbImage normal;
    private final String anomaly;
    private final List<String> emphasized;
    private final String negativePrompt;
    private final @Nullable String description;
    private final RegionProposal region;
    private final int retries;
    private final long seed;
    private final int count;
    private final boolean truncating;
    private final @Nullable GenerationSettings settings;

    private GenerationRequest(Builder builder, RgbImage normal, List<String> emphasized) {
        this.normal = normal;
        this.anomaly = builder.anomaly;
        this.emphasized = List.copyOf(emphasized);
        this.negativePrompt = builder.negativePrompt;
        this.description = builder.description;
        this.region = builder.mask == null ? builder.region : RegionProposal.mask(builder.mask);
        this.retries = builder.retries;
        this.seed = builder.seed;
        this.count = builder.count;
        this.truncating = builder.truncating;
        this.settings = builder.settings;
    }

    /**
     * Starts building a request.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The picture of a good part.
     *
     * @return any size
     */
    public RgbImage normal() {
        return normal;
    }

    /**
     * What the damaged part looks like.
     *
     * @return the prompt
     */
    public String anomaly() {
        return anomaly;
    }

    /**
     * The words of the prompt that the model has to draw.
     *
     * @return at least one
     */
    public List<String> emphasized() {
        return emphasized;
    }

    /**
     * What the picture should not look like.
     *
     * @return the prompt of the unconditional branch, default empty
     */
    public String negativePrompt() {
        return negativePrompt;
    }

    /**
     * The damage in more detail, for CLIP refinement (AnomalyAny's c′).
     *
     * @return the description; the prompt itself where none was given
     */
    public String description() {
        return description == null ? anomaly : description;
    }

    /**
     * Where the anomaly may be.
     *
     * @return proposes a mask for each picture, default {@link RegionProposal#wholeImage()}
     */
    public RegionProposal region() {
        return region;
    }

    /**
     * Further tries for each picture that is rejected, each with a seed of its own that follows from the request's.
     *
     * @return 0 to 100, default 0
     */
    public int retries() {
        return retries;
    }

    /**
     * Seed of all random numbers.
     *
     * @return any number, default 0
     */
    public long seed() {
        return seed;
    }

    /**
     * Pictures to make, each with noise of its own.
     *
     * @return 1 to 100,000, default 1
     */
    public int count() {
        return count;
    }

    /**
     * Whether prompts too long for the model are cut.
     *
     * @return default false: they are refused
     */
    public boolean truncatesPrompts() {
        return truncating;
    }

    /**
     * How to generate.
     *
     * @return settings that replace the generator's as a whole, or empty for the generator's
     */
    public Optional<GenerationSettings> settings() {
        return Optional.ofNullable(settings);
    }

    /** Collects values. Not safe for use by several threads at once. */
    public static final class Builder {
        private @Nullable RgbImage normal;
        private String anomaly = "";
        private List<String> emphasized = List.of();
        private @Nullable DefectCatalog catalog;
        private String negativePrompt = "";
        private @Nullable String description;
        private RegionProposal region = RegionProposal.wholeImage();
        private @Nullable Mask mask;
        private int retries;
        private long seed;
        private int count = 1;
        private boolean truncating;
        private @Nullable GenerationSettings settings;

        private Builder() {}

        /**
         * Sets the picture of a good part. Required.
         *
         * @param normal any size
         * @return this builder
         */
        public Builder normal(RgbImage normal) {
            this.normal = Objects.requireNonNull(normal, "normal");
            return this;
        }

        /**
         * Sets what the damaged part looks like. Required.
         *
         * @param prompt as {@code "a hazelnut with a deep crack"}
         * @return this builder
         */
        public Builder anomaly(String prompt) {
            this.anomaly = Objects.requireNonNull(prompt, "prompt");
            return this;
        }

        /**
         * Names the words of the prompt that the model has to draw. Default: the first word that the defect catalogue knows.
         *
         * @param words words as they stand in the prompt, several pieces joined by spaces allowed
         * @return this builder
         */
        public Builder emphasize(String... words) {
            this.emphasized = List.of(words);
            return this;
        }

        /**
         * Sets the defect words to look for in the prompt. Default: {@link DefectCatalog#standard()}.
         *
         * @param catalog the words
         * @return this builder
         */
        public Builder catalog(DefectCatalog catalog) {
            this.catalog = Objects.requireNonNull(catalog, "catalog");
            return this;
        }

        /**
         * Sets what the picture should not look like. Default: nothing.
         *
         * @param prompt the prompt of the unconditional branch
         * @return this builder
         */
        public Builder negativePrompt(String prompt) {
            this.negativePrompt = Objects.requireNonNull(prompt, "prompt");
            return this;
        }

        /**
         * Describes the damage in more detail, for CLIP refinement. Default: the prompt.
         *
         * @param description the description
         * @return this builder
         */
        public Builder description(String description) {
            this.description = Objects.requireNonNull(description, "description");
            return this;
        }

        /**
         * Sets where the anomaly may be. Default: anywhere.
         *
         * @param region a mask of the normal picture's size, not empty
         * @return this builder
         */
        public Builder region(Mask region) {
            this.mask = Objects.requireNonNull(region, "region");
            return this;
        }

        /**
         * Sets who proposes where the anomaly may be, for each picture anew. Default: {@link RegionProposal#wholeImage()}.
         *
         * @param region ours or one of your own
         * @return this builder
         */
        public Builder region(RegionProposal region) {
            this.region = Objects.requireNonNull(region, "region");
            this.mask = null;
            return this;
        }

        /**
         * Sets how often a rejected picture is tried again. Default: 0.
         *
         * @param retries 0 to 100
         * @return this builder
         */
        public Builder retries(int retries) {
            this.retries = retries;
            return this;
        }

        /**
         * Sets the seed of all random numbers. Default: 0.
         *
         * @param seed any number
         * @return this builder
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets how many pictures to make. Default: 1.
         *
         * @param count 1 to 100,000
         * @return this builder
         */
        public Builder count(int count) {
            this.count = count;
            return this;
        }

        /**
         * Cuts prompts that are too long for the model instead of refusing them.
         *
         * @return this builder
         */
        public Builder truncatePrompts() {
            this.truncating = true;
            return this;
        }

        /**
         * Sets how to generate, in the place of the generator's settings as a whole.
         *
         * @param settings the settings
         * @return this builder
         */
        public Builder settings(GenerationSettings settings) {
            this.settings = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Makes the request.
         *
         * @return an immutable request
         * @throws IllegalArgumentException if something is missing or out of range; the message names all of it
         */
        public GenerationRequest build() {
            var problems = new ArrayList<String>();
            List<String> words = words(problems);
            if (count < 1 || count > MAX_COUNT) {
                problems.add("count must be in [1, %d] but was %d".formatted(MAX_COUNT, count));
            }
            if (retries < 0 || retries > MAX_RETRIES) {
                problems.add("retries must be in [0, %d] but was %d".formatted(MAX_RETRIES, retries));
            }
            if (normal == null) {
                problems.add("normal is required: the picture of a good part");
            } else if (mask != null) {
                checkRegion(mask, normal, problems);
            }
            if (normal == null || !problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
            return new GenerationRequest(this, normal, words);
        }

        private List<String> words(List<String> problems) {
            if (anomaly.isBlank()) {
                problems.add("anomaly is required: a prompt such as \"a hazelnut with a deep crack\"");
                return List.of();
            }
            if (!emphasized.isEmpty()) {
                if (emphasized.stream().anyMatch(String::isBlank)) {
                    problems.add("emphasize must not have blank words but was " + emphasized);
                }
                return emphasized;
            }
            // reads resources, so only where no words were named
            DefectCatalog known = catalog == null ? DefectCatalog.standard() : catalog;
            Optional<String> defect = known.find(anomaly);
            if (defect.isEmpty()) {
                problems.add(("no word of the prompt \"%s\" is a known defect: name the word to draw, one of %s, with"
                                + " emphasize(\"...\"), or add it to the defect catalogue")
                        .formatted(anomaly, DefectCatalog.words(anomaly)));
            }
            return defect.stream().toList();
        }

        private static void checkRegion(Mask region, RgbImage normal, List<String> problems) {
            if (region.width() != normal.width() || region.height() != normal.height()) {
                problems.add("region must be %d×%d as the normal picture is, but was %d×%d"
                        .formatted(normal.width(), normal.height(), region.width(), region.height()));
            } else if (region.isEmpty()) {
                problems.add("region must have at least one pixel but is empty; leave it out for the whole picture");
            }
        }
    }
}

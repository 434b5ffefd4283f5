// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.strategy.RegionProposal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which anomalies to generate of good pictures, for training.
 *
 * @param perNormal anomalies of each good picture, 1 to 10,000
 * @param prompts sentences, taken in turn, {@code {}} standing for the category as it is said
 * @param region where anomalies may be
 * @param settings how to generate; empty for the generator's own
 * @param retries attempts after a picture was rejected, 0 to 100; without success it is left out
 * @param seed from it, the good picture and the anomaly's number follows the seed of each anomaly
 */
public record SamplePlan(
        int perNormal,
        List<String> prompts,
        RegionProposal region,
        Optional<GenerationSettings> settings,
        int retries,
        long seed) {
    /**
     * Checks the values.
     *
     * @param perNormal anomalies of each good picture
     * @param prompts sentences, taken in turn
     * @param region where anomalies may be
     * @param settings how to generate
     * @param retries attempts after a picture was rejected
     * @param seed of which the seed of each anomaly follows
     * @throws IllegalArgumentException if a value is out of range or there is no prompt
     */
    public SamplePlan {
        Arguments.range("perNormal", perNormal, 1, 10_000);
        Arguments.range("retries", retries, 0, 100);
        prompts = List.copyOf(prompts);
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("prompts must have a sentence but is empty");
        }
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(settings, "settings");
    }

    /**
     * The paper's few-shot budget (CUT §5.1): 100 anomalies of each good picture.
     *
     * @return with the paper's prompt, anywhere on the object, or on the picture where there is none
     */
    public static SamplePlan fewShot() {
        return withBudget(100);
    }

    /**
     * The paper's full-shot budget (CUT §5.1): 5 anomalies of each good picture.
     *
     * @return with the paper's prompt, anywhere on the object, or on the picture where there is none
     */
    public static SamplePlan fullShot() {
        return withBudget(5);
    }

    private static SamplePlan withBudget(int perNormal) {
        return new SamplePlan(
                perNormal,
                List.of("A photo of a {} that is damaged"),
                RegionProposal.foreground().orElse(RegionProposal.wholeImage()),
                Optional.empty(),
                1,
                0);
    }

    /**
     * The same with another number of anomalies.
     *
     * @param perNormal anomalies of each good picture
     * @return a new plan
     */
    public SamplePlan withPerNormal(int perNormal) {
        return new SamplePlan(perNormal, prompts, region, settings, retries, seed);
    }

    /**
     * The same with other prompts.
     *
     * @param prompts sentences, taken in turn
     * @return a new plan
     */
    public SamplePlan withPrompts(List<String> prompts) {
        return new SamplePlan(perNormal, prompts, region, settings, retries, seed);
    }

    /**
     * The same elsewhere.
     *
     * @param region where anomalies may be
     * @return a new plan
     */
    public SamplePlan withRegion(RegionProposal region) {
        return new SamplePlan(perNormal, prompts, region, settings, retries, seed);
    }

    /**
     * The same generated otherwise.
     *
     * @param settings how to generate
     * @return a new plan
     */
    public SamplePlan withSettings(GenerationSettings settings) {
        return new SamplePlan(perNormal, prompts, region, Optional.of(settings), retries, seed);
    }

    /**
     * The same with another seed.
     *
     * @param seed of which the seed of each anomaly follows
     * @return a new plan
     */
    public SamplePlan withSeed(long seed) {
        return new SamplePlan(perNormal, prompts, region, settings, retries, seed);
    }
}

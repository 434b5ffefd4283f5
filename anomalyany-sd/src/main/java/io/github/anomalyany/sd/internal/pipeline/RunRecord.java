// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.Provenance;
import io.github.anomalyany.Verdict.Reason;
import io.github.anomalyany.strategy.SchedulePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Writes down how a picture was made. Holds nothing that differs between equal runs, as times would. */
final class RunRecord {
    private static final String VERSION = version();

    private RunRecord() {}

    /** A finished sample and what it was made from. */
    record Of(
            GenerationRequest request,
            GenerationSettings settings,
            PreparedRequest prepared,
            SchedulePlan plan,
            Sample sample,
            Annotation annotation,
            Optional<ClipSimilarity> similarity) {}

    static Provenance of(DiffusionModel model, Of of) {
        var request = of.request;
        Attempt attempt = of.sample.attempt();
        var all = new LinkedHashMap<String, Object>();
        all.put("prompt", request.anomaly());
        all.put("emphasized", request.emphasized());
        all.put("negativePrompt", request.negativePrompt());
        of.settings.clipRefinement().ifPresent(refinement -> all.put("description", request.description()));
        all.put("normal", request.normal().sha256());
        all.put("region", request.region().description());
        all.put("regionArea", of.sample.region().mask().area());
        all.put("seed", request.seed());
        all.put("image", attempt.image());
        all.put("attempt", attempt.number());
        all.put("attemptSeed", attempt.seed());
        all.put("settings", of.settings.describe());
        all.put("frame", of.prepared.frame().placement().toString());
        all.put("start", start(model, of.plan));
        all.put("passes", passes(of.sample, of.plan));
        of.similarity.ifPresent(similarity -> all.put("clipSimilarity", similarity(similarity)));
        all.put("annotation", annotation(of.annotation));
        all.put("model", model.fingerprint().hashes());
        all.put("device", model.runtime().device().toString());
        all.put("versions", versions(model));
        String retry = attempt.number() == 0 ? "" : "-retry" + attempt.number();
        return new Provenance("anomaly-%d-%d%s".formatted(request.seed(), attempt.image(), retry), all);
    }

    private static Map<String, Object> similarity(ClipSimilarity similarity) {
        var entries = new LinkedHashMap<String, Object>();
        entries.put("made", similarity.made());
        entries.put("normal", similarity.normal());
        return entries;
    }

    /** In a fixed order, as everything here: equal runs of different JVMs write equal files. */
    private static Map<String, Object> versions(DiffusionModel model) {
        var versions = new LinkedHashMap<String, Object>();
        versions.put("anomalyany", VERSION);
        versions.put("pytorch", model.runtime().engineVersion());
        return versions;
    }

    private static Map<String, Object> start(DiffusionModel model, SchedulePlan plan) {
        double timestep = plan.steps().get(0).timestep();
        double alpha = model.schedule().alphaCumulative((int) Math.rint(timestep));
        var start = new LinkedHashMap<String, Object>();
        start.put("timestep", timestep);
        start.put("sigma", Math.sqrt(1 - alpha));
        start.put("steps", plan.steps().size());
        return start;
    }

    private static Map<String, Object> passes(Sample sample, SchedulePlan plan) {
        var passes = new LinkedHashMap<String, Object>();
        passes.put("denoising", plan.steps().size());
        passes.put("attention", sample.guidance().tally().attentionPasses());
        passes.put("image", sample.guidance().tally().imagePasses());
        return passes;
    }

    private static Map<String, Object> annotation(Annotation annotation) {
        var entries = new LinkedHashMap<String, Object>();
        entries.put("area", annotation.change().area());
        entries.put("meanChange", annotation.change().mean());
        entries.put("maxChange", annotation.change().max());
        entries.put("changeInside", annotation.change().inside());
        entries.put("changeOutside", annotation.change().outside());
        entries.put("shareInside", annotation.change().share());
        entries.put("accepted", annotation.verdict().accepted());
        entries.put(
                "reasons",
                annotation.verdict().reasons().stream().map(Reason::toString).toList());
        return entries;
    }

    private static String version() {
        var properties = new Properties();
        try (var in = RunRecord.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}

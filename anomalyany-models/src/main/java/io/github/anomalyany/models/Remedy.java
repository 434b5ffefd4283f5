// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The lines to run that fetch a model, in Java and in a shell.
 *
 * @param model the model
 * @param cache the cache, if it isn't the environment's
 */
record Remedy(HubModel model, Optional<Path> cache) {
    /** What a model of either kind is loaded from; an asterisk also matches slashes. */
    private static final List<String> MODEL_FILES =
            List.of("*.json", "*.txt", "*model.safetensors", "*model-*.safetensors");

    private static final List<String> NO_MODEL_FILES = List.of("safety_checker/*");

    String java() {
        var named =
                model.equals(HubModel.of(model.id())) ? quoted(model.id()) : "HubModel.of(" + quoted(model.id()) + ")";
        if (!model.revision().equals("main")) {
            named += ".withRevision(" + quoted(model.revision()) + ")";
        }
        named += patterns(".withInclude(", model.include()) + patterns(".withExclude(", model.exclude());
        return "ModelStore.builder()%s.allowDownloads(true).build().huggingFace(%s)"
                .formatted(
                        cache.map(folder -> ".cache(Path.of(" + quoted(folder.toString()) + "))")
                                .orElse(""),
                        named);
    }

    String shell() {
        boolean own = !model.include().isEmpty();
        return "hf download " + model.id()
                + (model.revision().equals("main") ? "" : " --revision " + model.revision())
                + options(" --include", own ? model.include() : MODEL_FILES)
                + options(" --exclude", own || !model.exclude().isEmpty() ? model.exclude() : NO_MODEL_FILES)
                + cache.map(folder -> " --cache-dir " + quoted(folder.toString()))
                        .orElse("");
    }

    private static String patterns(String method, List<String> patterns) {
        return patterns.isEmpty()
                ? ""
                : patterns.stream().map(Remedy::quoted).collect(Collectors.joining(", ", method, ")"));
    }

    private static String options(String option, List<String> patterns) {
        return patterns.isEmpty()
                ? ""
                : patterns.stream().map(Remedy::quoted).collect(Collectors.joining(" ", option + " ", ""));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

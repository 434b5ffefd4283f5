// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.vlad.data.Dataset;
import io.github.anomalyany.vlad.data.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All categories with one method, number of shots and seed.
 *
 * @param normals the good pictures by category
 */
record Round(EvaluationMethod method, int shots, long seed, Map<String, List<Sample>> normals) {
    /** What is evaluated, in order. */
    static List<Round> all(Evaluation evaluation) {
        var rounds = new ArrayList<Round>();
        for (var method : evaluation.methods) {
            if (!method.usesNormals()) {
                rounds.add(of(evaluation.dataset, method, 0, 0));
                continue;
            }
            for (int shots : evaluation.shots) {
                for (long seed : evaluation.seeds) {
                    rounds.add(of(evaluation.dataset, method, shots, seed));
                }
            }
        }
        return rounds;
    }

    private static Round of(Dataset dataset, EvaluationMethod method, int shots, long seed) {
        var normals = new LinkedHashMap<String, List<Sample>>();
        for (var category : dataset.categories()) {
            normals.put(
                    category,
                    shots == 0 ? List.of() : dataset.category(category).kShot(shots, seed));
        }
        return new Round(method, shots, seed, normals);
    }

    List<Sample> normals(String category) {
        return normals.getOrDefault(category, List.of());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.Provenance;
import io.github.anomalyany.Verdict;
import io.github.anomalyany.Verdict.Criterion;
import io.github.anomalyany.Verdict.Reason;
import io.github.anomalyany.VisibleChange;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.vlad.synthetic.SyntheticMethod.Drawing;
import io.github.anomalyany.vlad.synthetic.SyntheticRun.Attempt;
import java.util.LinkedHashMap;
import java.util.List;

/** Writes down what was drawn. Holds nothing that differs between equal runs. */
record SyntheticRecord(
        String method, GenerationRequest request, Attempt attempt, Mask region, Drawing drawing, int drawings) {
    /** Distance of black and white. */
    private static final double LARGEST = Math.sqrt(3) * 255;

    GeneratedAnomaly toAnomaly() {
        Mask mask = drawing.mask();
        VisibleChange change = change();
        Verdict verdict = verdict();
        var scores = new float[mask.width() * mask.height()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = mask.contains(i % mask.width(), i / mask.width()) ? 1 : 0;
        }
        return new GeneratedAnomaly(
                drawing.image(),
                mask,
                ScoreMap.of(mask.width(), mask.height(), scores),
                List.of(),
                change,
                verdict,
                provenance(change, verdict));
    }

    /** Nothing changes outside the mask, and the mask is in the region, so sums over the picture are sums over either. */
    private VisibleChange change() {
        byte[] before = request.normal().toBytes();
        byte[] after = drawing.image().toBytes();
        double sum = 0;
        double max = 0;
        for (int i = 0; i < before.length; i += 3) {
            int r = (after[i] & 0xff) - (before[i] & 0xff);
            int g = (after[i + 1] & 0xff) - (before[i + 1] & 0xff);
            int b = (after[i + 2] & 0xff) - (before[i + 2] & 0xff);
            double difference = 100 * Math.sqrt(r * r + g * g + b * b) / LARGEST;
            sum += difference;
            max = Math.max(max, difference);
        }
        int area = drawing.mask().area();
        return new VisibleChange(area, sum / Math.max(1, area), max, sum / region.area(), 0, 1);
    }

    private Verdict verdict() {
        if (drawing.mask().isEmpty()) {
            return rejected(
                    Criterion.EMPTY_MASK,
                    "none of %d drawings reached the region of %d pixels; widen the region or try another seed"
                            .formatted(drawings, region.area()));
        }
        if (drawing.image().equals(request.normal())) {
            return rejected(
                    Criterion.NO_VISIBLE_CHANGE,
                    "none of %d drawings changed the picture: what was put in looks like what was there"
                            .formatted(drawings));
        }
        return new Verdict(List.of());
    }

    private static Verdict rejected(Criterion criterion, String detail) {
        return new Verdict(List.of(new Reason(criterion, detail)));
    }

    private Provenance provenance(VisibleChange change, Verdict verdict) {
        var all = new LinkedHashMap<String, Object>();
        all.put("generator", method);
        all.put("prompt", request.anomaly());
        all.put("normal", request.normal().sha256());
        all.put("region", request.region().description());
        all.put("regionArea", region.area());
        all.put("seed", request.seed());
        all.put("image", attempt.image());
        all.put("attempt", attempt.number());
        all.put("attemptSeed", attempt.seed());
        all.put("drawings", drawings);
        all.put("parameters", drawing.parameters());
        all.put("area", change.area());
        all.put("meanChange", change.mean());
        all.put("maxChange", change.max());
        all.put("accepted", verdict.accepted());
        all.put("reasons", verdict.reasons().stream().map(Reason::toString).toList());
        String retry = attempt.number() == 0 ? "" : "-retry" + attempt.number();
        return new Provenance("%s-%d-%d%s".formatted(method, request.seed(), attempt.image(), retry), all);
    }
}

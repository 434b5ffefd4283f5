// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/** 1 − the largest smoothed attention of the word that has the least (Attend-and-Excite; AnomalyAny eq. 4 and 7). */
final class MaxPerWordLoss implements AttentionLoss {
    private final boolean regional;

    MaxPerWordLoss(boolean regional) {
        this.regional = regional;
    }

    @Override
    public String description() {
        return "max-per-word(region=" + regional + ")";
    }

    @Override
    public LossAndGradient evaluate(AttentionMaps maps, StepInfo step) {
        var attention = SmoothedAttention.of(maps);
        AttentionMaps.Word weakest = null;
        int at = 0;
        double most = Double.POSITIVE_INFINITY;
        for (AttentionMaps.Word word : maps.words()) {
            float[] map = attention.map(word);
            int peak = peak(map, maps.region());
            double value = map[peak] * weight(maps.region(), peak);
            if (value < most) {
                most = value;
                weakest = word;
                at = peak;
            }
        }
        if (weakest == null) {
            throw new IllegalArgumentException("maps must name at least one word");
        }
        var gradient = new float[maps.region().length];
        gradient[at] = -weight(maps.region(), at);
        return new LossAndGradient(1 - most, attention.gradient(weakest, gradient));
    }

    private int peak(float[] map, float[] region) {
        int best = 0;
        for (int i = 1; i < map.length; i++) {
            if (map[i] * weight(region, i) > map[best] * weight(region, best)) {
                best = i;
            }
        }
        return best;
    }

    private float weight(float[] region, int cell) {
        return regional ? region[cell] : 1;
    }
}

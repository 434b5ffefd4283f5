// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.WordAttention;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.SmoothedAttention;
import java.util.List;

/** Where the words of a finished sample attended in its last step. */
final class FinalAttention {
    private final PreparedRequest request;
    private final TargetRegion region;
    private final AttentionMaps maps;
    private final SmoothedAttention smoothed;

    FinalAttention(PreparedRequest request, Sample sample) {
        this.request = request;
        region = sample.region();
        maps = request.maps(sample.finalAttention(), region);
        smoothed = SmoothedAttention.of(maps);
    }

    /** The mean over the words, divided by its largest value inside the region, at the picture's size. */
    ScoreMap scores() {
        float[] map = PaperGuidance.meanOverWords(smoothed, maps.words());
        float largest = 0;
        for (int i = 0; i < map.length; i++) {
            largest = Math.max(largest, region.grid()[i] > 0 ? map[i] : 0);
        }
        for (int i = 0; i < map.length; i++) {
            map[i] = largest > 0 ? Math.min(1, map[i] / largest) : 0;
        }
        return region.spread(map, request.gridRows(), request.gridColumns());
    }

    /** Each word's own. */
    List<WordAttention> words() {
        return maps.words().stream().map(this::word).toList();
    }

    private WordAttention word(AttentionMaps.Word word) {
        float[] map = smoothed.map(word);
        double inside = 0;
        double outside = 0;
        double share = 0;
        for (int i = 0; i < map.length; i++) {
            float m = region.grid()[i];
            inside += m * map[i];
            outside += (1 - m) * map[i];
            share += m;
        }
        double rest = map.length - share;
        return new WordAttention(
                word.text(),
                request.gridRows(),
                request.gridColumns(),
                map,
                share > 0 ? inside / share : 0,
                rest > 0 ? outside / rest : 0);
    }
}

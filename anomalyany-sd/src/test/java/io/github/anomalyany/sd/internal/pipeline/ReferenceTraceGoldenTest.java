// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.golden.Goldens;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.sd.StableDiffusionOptions;
import io.github.anomalyany.strategy.Conditioning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The {@code reference()} preset against recorded runs of the released code: each step, each inner pass. */
class ReferenceTraceGoldenTest {
    private static final Path FOLDER = Goldens.open().path("reference-trace");

    static List<RecordedTrace> traces() {
        return RecordedTrace.all(FOLDER);
    }

    static List<RecordedTrace> tracesWithPicture() {
        return traces().stream()
                .filter(trace -> trace.file("output").isPresent())
                .toList();
    }

    /** First each step from the recorded state: errors can't add up, so this is where a wrong step shows. */
    @ParameterizedTest
    @MethodSource("traces")
    void makesEachStepFromTheRecordedState(RecordedTrace trace) throws IOException {
        var check = TraceCheck.of(FOLDER, true);
        try (var replay = new TraceReplay(trace, check)) {
            int replayed = 0;
            for (int step = 0; step < trace.steps(); step++) {
                if (replay.isRecorded(step)) {
                    replay.startAt(step);
                    replay.step();
                    replayed++;
                }
            }
            assertThat(replayed).as("steps whose incoming state was recorded").isPositive();
            String last = "step.%d.latents_out".formatted(trace.steps() - 1);
            replay.compareImage(trace.floats(last), "of the last recorded latents");
        }
        check.finish(50);
    }

    @ParameterizedTest
    @MethodSource("traces")
    void makesTheWholeRunFreely(RecordedTrace trace) throws IOException {
        var check = TraceCheck.of(FOLDER, false);
        try (var replay = new TraceReplay(trace, check)) {
            replay.compareStart();
            for (int step = 0; step < trace.steps(); step++) {
                replay.step();
            }
            replay.compareImage(replay.latents(), "at the end");
        }
        check.finish(50);
    }

    /** The same run through the generator's front door, up to the rounding of its picture. */
    @ParameterizedTest
    @MethodSource("tracesWithPicture")
    void theGeneratorMakesTheRecordedPictureInsideTheRegion(RecordedTrace trace) throws IOException {
        var recorded = RgbImage.read(trace.file("output").orElseThrow());
        var request = TraceReplay.request(trace, Conditioning.released(trace.number("strength")));
        try (var model = TraceReplay.load(trace);
                var generator = new StableDiffusionGenerator(
                        model, GenerationSettings.reference(), StableDiffusionOptions.defaults())) {
            var result = generator.generate(request);
            var made = Stream.concat(result.accepted().stream(), result.rejected().stream())
                    .findFirst()
                    .orElseThrow();
            var region = request.region().propose(request.normal(), 0, 0);
            int differing = 0;
            for (int y = 0; y < recorded.height(); y++) {
                for (int x = 0; x < recorded.width(); x++) {
                    if (region.contains(x, y)) {
                        differing += made.image().rgb(x, y) == recorded.rgb(x, y) ? 0 : 1;
                    }
                }
            }
            assertThat(differing / (double) region.area()).isLessThanOrEqualTo(3 * 0.002);
        }
    }
}

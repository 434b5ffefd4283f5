// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.TinyClip;
import io.github.anomalyany.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was trained and saved gives the same bits in another process. */
class FreshJvmTest {
    @TempDir
    private Path folder;

    @Test
    void savedAdaptersAndBanksGiveTheSameBitsInAFreshJvm() throws IOException, InterruptedException {
        TinyClip.seeded(1).writeHuggingFace(folder, Dtype.F32);
        TinyDetectors.picture(83, 61, 12).write(folder.resolve("picture.png"));
        var normals = TinyDetectors.pictures(3, 64, 48, 50);
        String backbone;
        try (var untrained = TinyDetectors.on(folder).build()) {
            backbone = untrained.encoder().substring(0, untrained.encoder().indexOf(", side"));
        }
        var trained = TinyDetectors.adapters(2, Map.of("backbone", backbone));
        try (var detector = TinyDetectors.on(folder).adapter(trained).build()) {
            var bank = detector.index("bolt", normals);
            var calibration = Calibrator.quantile(0.9)
                    .leaveOneOut(detector, "bolt", normals)
                    .orElseThrow();
            trained.save(folder.resolve("adapters.safetensors"));
            bank.withCalibration(calibration).save(folder.resolve("bank.safetensors"));
            var picture = RgbImage.read(folder.resolve("picture.png"));

            assertThat(freshJvm()).isEqualTo(summary(detector.detect(picture, bank.withCalibration(calibration))));
        }
    }

    /** Everything to the bit. */
    static String summary(Detection found) {
        var map = Hashing.sha256().newHasher();
        for (float value : found.map().toArray()) {
            map.putFloat(value);
        }
        return "%x %x %x %s %s %s"
                .formatted(
                        Double.doubleToRawLongBits(found.score()),
                        Double.doubleToRawLongBits(found.language()),
                        Double.doubleToRawLongBits(found.vision().orElseThrow()),
                        map.hash(),
                        found.decision(),
                        found.regions().size());
    }

    private String freshJvm() throws IOException, InterruptedException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                folder.toString());
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = process.getInputStream()) {
            String printed = new String(output.readAllBytes(), UTF_8).strip();
            assertThat(process.waitFor()).isZero();
            return printed;
        }
    }

    /** Loads and detects. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            try (var detector = TinyDetectors.on(folder)
                    .adapter(LinearAdapters.load(folder.resolve("adapters.safetensors")))
                    .build()) {
                var bank = ReferenceBank.load(folder.resolve("bank.safetensors"));
                var found = detector.detect(RgbImage.read(folder.resolve("picture.png")), bank);
                System.out.println(summary(found));
            }
        }
    }
}

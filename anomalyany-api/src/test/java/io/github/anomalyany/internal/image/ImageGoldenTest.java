// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.golden.GoldenCheck;
import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.GoldenTensor;
import io.github.anomalyany.golden.Goldens;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Resizing, interpolation with gradients, smoothing and thresholds against Pillow, PyTorch, SciPy and scikit-image. */
class ImageGoldenTest {
    static List<GoldenFile> files() {
        return Goldens.open().files("image");
    }

    @ParameterizedTest
    @MethodSource("files")
    void equalsThePythonLibraries(GoldenFile golden) {
        golden.verify(check -> {
            String kind = golden.stem().split("-", 2)[0];
            switch (kind) {
                case "pillow" -> compareResized(golden, check);
                case "bicubic", "bilinear", "area" -> compareInterpolated(kind, golden, check);
                case "gaussian" -> compareSmoothed(golden, check);
                case "otsu" -> compareThresholds(golden, check);
                default -> throw new AssertionError("no test for " + golden);
            }
        });
    }

    /** {@code out.<filter>.<i>} from {@code in.image.<i>}, [rows, columns] or [rows, columns, 3]. */
    private static void compareResized(GoldenFile golden, GoldenCheck check) {
        for (String output : golden.outputs()) {
            String[] parts = output.split("\\.", -1);
            GoldenTensor image = golden.in("image." + parts[1]);
            GoldenTensor theirs = golden.out(output);
            var resampler = parts[0].equals("bicubic") ? PillowResampler.BICUBIC : PillowResampler.LANCZOS;
            assertThat(parts[0]).isIn("bicubic", "lanczos");
            int channels = image.shape().length == 3 ? image.shape(2) : 1;
            byte[] ours = resampler.resize(
                    image.toBytes(), channels, image.shape(1), image.shape(0), theirs.shape(1), theirs.shape(0));
            check.compare(output, ours);
        }
    }

    private static void compareInterpolated(String kind, GoldenFile golden, GoldenCheck check) {
        GoldenTensor x = golden.in("x");
        GoldenTensor y = golden.out("y");
        int width = x.shape(-1);
        int height = x.shape(-2);
        var interpolation = switch (kind) {
            case "bicubic" -> Interpolation.bicubic(width, height, y.shape(-1), y.shape(-2));
            case "bilinear" -> Interpolation.bilinear(width, height, y.shape(-1), y.shape(-2));
            default -> Interpolation.area(width, height, y.shape(-1), y.shape(-2));
        };
        check.compare("y", interpolation.apply(x.toFloats()));
        if (golden.hasIn("output_weights")) {
            check.compare(
                    "grad_x", interpolation.gradient(golden.in("output_weights").toFloats()));
        }
    }

    /** The deviations are listed in the header: {@code …, sigma [4.0, 1.5]}. */
    private static void compareSmoothed(GoldenFile golden, GoldenCheck check) {
        var list = Pattern.compile(".*sigma \\[([^]]*)].*").matcher(golden.about());
        assertThat(list.matches()).as(golden.about()).isTrue();
        String[] sigmas = list.group(1).split(",", -1);
        for (int i = 0; i < sigmas.length; i++) {
            GoldenTensor x = golden.in("x." + i);
            float[] smoothed =
                    GaussianFilter.apply(x.toFloats(), x.shape(1), x.shape(0), Double.parseDouble(sigmas[i].strip()));
            check.compare("y." + i, smoothed);
        }
    }

    private static void compareThresholds(GoldenFile golden, GoldenCheck check) {
        for (String name : golden.outputs()) {
            GoldenTensor image = golden.in(name);
            check.compare(name, image.isIntegral() ? Otsu.threshold(image.toInts()) : Otsu.threshold(image.toFloats()));
        }
    }
}

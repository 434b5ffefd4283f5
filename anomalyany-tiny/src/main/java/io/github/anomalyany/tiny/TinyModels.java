// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.tiny;

import io.github.anomalyany.AnomalyGenerator;
import java.nio.file.Path;

/**
 * The built-in model: Stable Diffusion and CLIP in 13 million parameters, for trying out and for tests.
 *
 * <pre>{@code
 * try (var generator = TinyModels.generator().build()) {
 *     var made = generator.generate(RgbImage.read(photo), "a photo of brick with a hole");
 * }
 * }</pre>
 *
 * <p>It knows brick, grass, gravel, wood, metal, fabric, leather, tile, capsule and nut, and crack, scratch, hole, stain,
 * dent, cut and contamination, and nothing else. Engines read a model from files, so it is unpacked on first use: 42 MB
 * in a folder of their own below the cache, in one of
 *
 * <ol>
 *   <li>the system property {@code anomalyany.cache}
 *   <li>the environment variable {@code ANOMALYANY_CACHE}
 *   <li>{@code $XDG_CACHE_HOME/anomalyany}
 *   <li>{@code ~/.cache/anomalyany}; on Windows {@code %LOCALAPPDATA%\anomalyany}, on macOS {@code
 *       ~/Library/Caches/anomalyany}
 * </ol>
 *
 * <p>Threads and processes may ask at the same time. A file that was damaged or lost is unpacked again.
 */
public final class TinyModels {
    private TinyModels() {}

    /**
     * The model's folder in the default cache, unpacked if need be. Every file's SHA-256 was compared by this JVM.
     *
     * @return a folder in the diffusers layout, with a CLIP model in its folder {@code clip}
     * @throws io.github.anomalyany.ModelLoadException if it can't be unpacked; the message names the folder and how to
     *     choose another
     * @throws io.github.anomalyany.AnomalyAnyException if no cache is named and the home folder is unknown
     */
    public static Path directory() {
        return directory(CacheLocation.ofThisJvm());
    }

    /**
     * The model's folder in a cache, unpacked if need be. Every file's SHA-256 was compared by this JVM.
     *
     * @param cache a folder to unpack into; created if need be
     * @return a folder in the diffusers layout, with a CLIP model in its folder {@code clip}
     * @throws io.github.anomalyany.ModelLoadException if it can't be unpacked; the message names the folder
     */
    public static Path directory(Path cache) {
        return new BundleCache(Bundle.builtIn(), cache).directory();
    }

    /**
     * The shortest way to a generator: {@code TinyModels.generator().build()}.
     *
     * @return a builder that has the built-in model
     * @throws io.github.anomalyany.ModelLoadException if the model can't be unpacked
     */
    public static AnomalyGenerator.Builder generator() {
        return AnomalyGenerator.builder().modelDirectory(directory());
    }
}

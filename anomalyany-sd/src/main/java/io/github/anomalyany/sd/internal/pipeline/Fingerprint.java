// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import com.google.common.hash.Hashing;
import com.google.common.io.Files;
import io.github.anomalyany.djl.TensorIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** SHA-256 of a model's weight files, for provenance; computed when first asked for, since gigabytes take seconds. */
final class Fingerprint {
    private final Path directory;
    private final Optional<Path> clip;
    private @Nullable Map<String, Object> hashes;

    Fingerprint(Path directory, Optional<Path> clip) {
        this.directory = directory;
        this.clip = clip;
    }

    /** Hashes by file, as {@code unet/diffusion_pytorch_model.safetensors}. */
    synchronized Map<String, Object> hashes() {
        if (hashes == null) {
            var all = new LinkedHashMap<String, Object>();
            for (String part : List.of("text_encoder", "unet", "vae")) {
                add(all, part, directory.resolve(part));
            }
            clip.ifPresent(folder -> add(all, "clip", folder));
            hashes = Collections.unmodifiableMap(all);
        }
        return hashes;
    }

    private static void add(Map<String, Object> all, String part, Path folder) {
        try {
            for (Path file : TensorIndex.files(folder)) {
                var hash = Files.asByteSource(file.toFile()).hash(Hashing.sha256());
                all.put(part + "/" + file.getFileName(), hash.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

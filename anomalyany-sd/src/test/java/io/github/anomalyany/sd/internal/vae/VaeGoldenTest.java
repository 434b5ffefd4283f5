// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.vae;

import io.github.anomalyany.djl.RuntimeTest;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.golden.GoldenCheck;
import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.Goldens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The autoencoders against diffusers: encoding, decoding, and the decoder's gradient. */
class VaeGoldenTest extends RuntimeTest {
    static Stream<Arguments> cases() {
        return Goldens.open().files("vae").stream()
                .flatMap(file ->
                        Stream.of(Tape.Memory.ALL, Tape.Memory.BLOCK_INPUTS).map(m -> Arguments.of(file, m)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsDiffusers(GoldenFile golden, Tape.Memory memory) {
        String stem = golden.stem();
        Path model = Goldens.open().path("models/" + stem.substring(0, stem.lastIndexOf('-')));
        Path folder = Files.isDirectory(model.resolve("vae")) ? model.resolve("vae") : model;
        try (var vae = Autoencoder.load(runtime, folder)) {
            golden.verify(check -> {
                compareEncoder(golden, vae, check);
                compareDecoder(golden, vae, memory, check);
            });
        }
    }

    private static void compareEncoder(GoldenFile golden, Autoencoder vae, GoldenCheck check) {
        int[] shape = golden.in("image").shape();
        float[] moments = vae.moments(golden.in("image").toFloats(), shape[2], shape[3]);
        if (!vae.description().gaussian()) {
            check.compare("encoded", moments);
            return;
        }
        var posterior = Posterior.of(moments);
        check.compare("moments", moments);
        check.compare("mean", posterior.mean());
        check.compare("mode", posterior.mean());
        check.compare("logvar", posterior.logVariance());
        check.compare("std", posterior.deviation());
        check.compare("sampled", posterior.sample(golden.in("noise").toFloats()));
    }

    private static void compareDecoder(GoldenFile golden, Autoencoder vae, Tape.Memory memory, GoldenCheck check) {
        int[] shape = golden.in("z").shape();
        float[] z = golden.in("z").toFloats();
        check.compare("decoded", vae.decode(z, shape[2], shape[3]));
        try (var pass = vae.decoding(z, shape[2], shape[3], memory)) {
            check.compare("grad_z", pass.gradient(golden.in("output_weights").toFloats()));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelLayoutTest {
    @Test
    void takesHalfPrecisionOnlyWhereThereIsNothingElse() {
        var names =
                diffusion("unet/diffusion_pytorch_model.fp16.safetensors", "vae/diffusion_pytorch_model.safetensors");
        names.add("vae/diffusion_pytorch_model.fp16.safetensors");
        names.add("unet/diffusion_pytorch_model.non_ema.safetensors");

        assertThat(ModelLayout.select(names))
                .contains("unet/diffusion_pytorch_model.fp16.safetensors", "vae/diffusion_pytorch_model.safetensors")
                .doesNotContain(
                        "vae/diffusion_pytorch_model.fp16.safetensors",
                        "unet/diffusion_pytorch_model.non_ema.safetensors");
        assertThat(missing(names)).isEmpty();
    }

    @Test
    void takesAnIndexWithItsShards() {
        var names = diffusion(
                "unet/diffusion_pytorch_model.safetensors.index.json", "vae/diffusion_pytorch_model.safetensors");
        var shards = List.of(
                "unet/diffusion_pytorch_model-00001-of-00002.safetensors",
                "unet/diffusion_pytorch_model-00002-of-00002.safetensors");
        names.addAll(shards);
        names.add("unet/diffusion_pytorch_model.fp16-00001-of-00001.safetensors");

        assertThat(ModelLayout.select(names))
                .containsAll(shards)
                .contains("unet/diffusion_pytorch_model.safetensors.index.json")
                .doesNotContain("unet/diffusion_pytorch_model.fp16-00001-of-00001.safetensors");
    }

    @Test
    void takesShardsOfHalfPrecision() {
        for (var index : List.of(".safetensors.index.fp16.json", ".fp16.safetensors.index.json")) {
            var names = diffusion("unet/diffusion_pytorch_model" + index, "vae/diffusion_pytorch_model.safetensors");
            names.add("unet/diffusion_pytorch_model.fp16-00001-of-00001.safetensors");

            assertThat(ModelLayout.select(names))
                    .contains("unet/diffusion_pytorch_model.fp16-00001-of-00001.safetensors");
        }
    }

    @Test
    void takesAClipModelWithItsTokenizer() {
        var clip = Set.of("config.json", "model.safetensors", "vocab.json", "merges.txt", "preprocessor_config.json");
        var names = new HashSet<>(clip);
        names.addAll(Set.of(
                "README.md", "pytorch_model.bin", "tf_model.h5", "open_clip_model.safetensors", "onnx/model.onnx"));

        assertThat(ModelLayout.select(names)).containsExactlyInAnyOrderElementsOf(clip);
    }

    @Test
    void takesTheClipModelAndSmallDecoderOfADiffusionModel() {
        var names = diffusion("unet/diffusion_pytorch_model.safetensors", "vae/diffusion_pytorch_model.safetensors");
        var companions = Set.of(
                "clip/config.json",
                "clip/model.safetensors",
                "clip/vocab.json",
                "taesd/config.json",
                "taesd/diffusion_pytorch_model.safetensors");
        names.addAll(companions);

        assertThat(ModelLayout.select(names)).containsAll(companions);
    }

    @Test
    void leavesPicklesOutEverywhere() {
        var names = diffusion("unet/diffusion_pytorch_model.safetensors", "vae/diffusion_pytorch_model.safetensors");
        names.addAll(Set.of("tokenizer/evil.pkl", "scheduler/evil.pt", "vae/evil.ckpt", "clip/evil.pth"));

        assertThat(ModelLayout.select(names)).noneMatch(name -> name.contains("evil"));
    }

    @Test
    void saysWhatWeightsAreCalledWhereNoneAre() {
        assertThat(missing(diffusion()))
                .containsExactly("unet/diffusion_pytorch_model.safetensors", "vae/diffusion_pytorch_model.safetensors");
        assertThat(missing(Set.of("config.json"))).containsExactly("model.safetensors");
        assertThat(missing(Set.of())).singleElement().asString().contains("model_index.json", "config.json");
    }

    private static List<String> missing(Set<String> names) {
        return ModelLayout.missing(names::contains, index -> List.of());
    }

    private static Set<String> diffusion(String... weights) {
        var names = new HashSet<>(List.of(
                "model_index.json",
                "scheduler/scheduler_config.json",
                "tokenizer/vocab.json",
                "tokenizer/merges.txt",
                "unet/config.json",
                "vae/config.json",
                "text_encoder/config.json",
                "text_encoder/model.safetensors"));
        names.addAll(List.of(weights));
        return names;
    }
}

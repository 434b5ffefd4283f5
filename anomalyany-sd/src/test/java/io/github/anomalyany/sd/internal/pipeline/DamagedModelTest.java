// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.Device;
import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.Mutations;
import io.github.anomalyany.golden.Goldens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole model directories that can't be used: always the documented exception with the file's name, never more. */
class DamagedModelTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @BeforeEach
    void copyAModel() throws IOException {
        Mutations.copy(pipelines().get(0), folder);
    }

    /** Whole pipelines among the project's own goldens. */
    private static List<Path> pipelines() {
        try (var models = Files.list(Goldens.own().path("models"))) {
            return models.filter(model -> Files.exists(model.resolve("model_index.json")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void build(Path directory) {
        AnomalyGenerator.builder()
                .modelDirectory(directory)
                .device(Device.cpu())
                .build()
                .close();
    }

    /** What to do to the folder, and what the message must name. */
    private interface Damage {
        void to(Path folder) throws IOException;
    }

    private static Arguments damage(String named, Damage damage) {
        return Arguments.of(named, damage);
    }

    private static Damage edit(String file, String from, String to) {
        return folder -> {
            String text = Files.readString(folder.resolve(file));
            String edited = text.replaceFirst(from, to);
            assertThat(edited).isNotEqualTo(text);
            Files.writeString(folder.resolve(file), edited);
        };
    }

    private static Damage delete(String file) {
        return folder -> Files.delete(folder.resolve(file));
    }

    static Stream<Arguments> damages() {
        String unet = "unet/config.json";
        String vae = "vae/config.json";
        String text = "text_encoder/config.json";
        String scheduler = "scheduler/scheduler_config.json";
        return Stream.of(
                damage("model_index.json", delete("model_index.json")),
                damage("model_index.json", edit("model_index.json", "StableDiffusionPipeline", "FluxPipeline")),
                damage("unet", edit("model_index.json", "UNet2DConditionModel", "UNet3DConditionModel")),
                damage("tokenizer", edit("model_index.json", "\"CLIPTokenizer\"", "7")),
                damage("unet", delete(unet)),
                damage("act_fn", edit(unet, "\"silu\"", "\"mish\"")),
                damage("class_embed_type", edit(unet, "\\{", "{\"class_embed_type\": \"timestep\",")),
                damage("resnet_time_scale_shift", edit(unet, "\\{", "{\"resnet_time_scale_shift\": \"scale_shift\",")),
                damage("my_option", edit(unet, "\\{", "{\"my_option\": 1,")),
                damage("dual_cross_attention", edit(unet, "\\{", "{\"dual_cross_attention\": true,")),
                damage("down_block_types", edit(unet, "\"DownBlock2D\"", "\"AttnDownBlock2D\"")),
                damage("norm_num_groups", edit(unet, "\"norm_num_groups\": \\d+", "\"norm_num_groups\": 7")),
                damage("in_channels", edit(unet, "\"in_channels\": \\d+", "\"in_channels\": 0")),
                damage("conv_in.weight", edit(unet, "\"in_channels\": \\d+", "\"in_channels\": 9")),
                damage("attention_head_dim", edit(unet, "\"attention_head_dim\": \\d+", "\"attention_head_dim\": 5")),
                damage("layers_per_block", edit(unet, "\"layers_per_block\": \\d+", "\"layers_per_block\": \"2\"")),
                damage("unet", edit(unet, "\"layers_per_block\": \\d+", "\"layers_per_block\": 3")),
                damage(
                        "cross_attention_dim",
                        edit(unet, "\"cross_attention_dim\": \\d+", "\"cross_attention_dim\": -1")),
                damage("latents_mean", edit(vae, "\\{", "{\"latents_mean\": [0.1],")),
                damage("_class_name", edit(vae, "AutoencoderKL", "VQModel")),
                damage("latent_channels", edit(vae, "\"latent_channels\": \\d+", "\"latent_channels\": 1e9")),
                damage("vae", edit(vae, "\"latent_channels\": \\d+", "\"latent_channels\": 5")),
                damage("vae", delete("vae/diffusion_pytorch_model.safetensors")),
                damage("hidden_act", edit(text, "\"quick_gelu\"", "\"swish\"")),
                damage("model_type", edit(text, "clip_text_model", "t5")),
                damage(
                        "num_attention_heads",
                        edit(text, "\"num_attention_heads\": \\d+", "\"num_attention_heads\": 7")),
                damage("text_encoder", edit(text, "\"num_hidden_layers\": \\d+", "\"num_hidden_layers\": 9")),
                damage(
                        "position_embedding",
                        edit(text, "\"max_position_embeddings\": 77", "\"max_position_embeddings\": 78")),
                damage("token_embedding", edit(text, "\"vocab_size\": \\d+", "\"vocab_size\": 5")),
                damage("tokenizer", delete("tokenizer/vocab.json")),
                damage("tokenizer", delete("tokenizer/merges.txt")),
                damage("scheduler", delete(scheduler)),
                damage("prediction_type", edit(scheduler, "\\{", "{\"prediction_type\": \"sample\",")),
                damage("_class_name", edit(scheduler, "PNDMScheduler", "KarrasVeScheduler")),
                damage("beta_schedule", edit(scheduler, "scaled_linear", "sigmoid")),
                damage("beta_start", edit(scheduler, "0.00085", "-1")),
                damage("num_train_timesteps", edit(scheduler, "1000", "100000000")),
                damage("steps_offset", edit(scheduler, "\"steps_offset\": 1", "\"steps_offset\": \"one\"")),
                damage("thresholding", edit(scheduler, "\\{", "{\"thresholding\": true,")),
                damage("clip", folder -> Files.createDirectory(folder.resolve("clip"))),
                damage(
                        "unet",
                        folder -> Files.write(
                                folder.resolve("unet/diffusion_pytorch_model.safetensors"), new byte[] {1, 2, 3})));
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("damages")
    void namesTheFileOrOptionAtFault(String named, Damage damage) throws IOException {
        damage.to(folder);
        assertThatThrownBy(() -> assertTimeoutPreemptively(LIMIT, () -> build(folder)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(named);
    }

    @Test
    void neverOpensAPickleAndNamesTheFileToFetch() throws IOException {
        Files.move(
                folder.resolve("unet/diffusion_pytorch_model.safetensors"),
                folder.resolve("unet/diffusion_pytorch_model.bin"));
        assertThatThrownBy(() -> build(folder))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("diffusion_pytorch_model.bin")
                .hasMessageContaining("diffusion_pytorch_model.safetensors");
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        assertThatThrownBy(() -> build(folder.resolve("nowhere")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void randomDamageEndsInAGeneratorOrInTheDocumentedException() throws IOException {
        List<Path> files;
        try (var all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        int refused = 0;
        int rounds = 300;
        for (int round = 0; round < rounds; round++) {
            Path file = files.get(round % files.size());
            byte[] original = Files.readAllBytes(file);
            Mutations.replace(file, new Mutations(10_000 + round).damaged(file, original));
            String what = "round " + round + ", " + folder.relativize(file);
            refused += assertTimeoutPreemptively(LIMIT, () -> isRefused(folder), what) ? 1 : 0;
            Mutations.replace(file, original);
        }
        assertThat(refused).isBetween(rounds / 3, rounds - 1);
    }

    private static boolean isRefused(Path directory) {
        try {
            build(directory);
            return false;
        } catch (ModelLoadException e) {
            return true;
        }
    }
}

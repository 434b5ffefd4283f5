// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static io.github.anomalyany.djl.ClipVisionTower.PositionResampling.PLAIN;

import io.github.anomalyany.golden.GoldenCheck;
import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.GoldenTensor;
import io.github.anomalyany.golden.Goldens;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.StepInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** CLIP's towers against transformers: hidden states, pooled and projected outputs, positions, and gradients. */
class ClipGoldenTest extends RuntimeTest {
    private static final Goldens GOLDENS = Goldens.open();

    private static List<GoldenFile> endingWith(String kind) {
        return GOLDENS.files("clip").stream()
                .filter(file -> file.stem().matches(".*-" + kind))
                .toList();
    }

    private static String model(GoldenFile golden, String kind) {
        return golden.stem().replaceFirst("-" + kind + "$", "");
    }

    static List<GoldenFile> textEncoders() {
        return endingWith("text-encoder");
    }

    @ParameterizedTest
    @MethodSource("textEncoders")
    void encodesTextAsPipelinesDo(GoldenFile golden) {
        var folder = GOLDENS.path("models/" + model(golden, "text-encoder") + "/text_encoder");
        try (var tower = ClipTextTower.load(runtime, folder)) {
            golden.verify(check -> compareText(golden, tower, check));
        }
    }

    static List<GoldenFile> texts() {
        return endingWith("text");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void embedsTextAsClipDoes(GoldenFile golden) {
        try (var clip = ClipModel.load(runtime, GOLDENS.path("models/" + model(golden, "text")))) {
            golden.verify(check -> compareText(golden, clip.text(), check));
        }
    }

    private static void compareText(GoldenFile golden, ClipTextTower tower, GoldenCheck check) {
        try (var pass = tower.encode(rows(golden.in("input_ids")))) {
            int layers = 0;
            while (golden.hasOut("hidden_states." + layers)) {
                check.compare("hidden_states." + layers, pass.hidden(layers));
                layers++;
            }
            check.compare("last_hidden_state", pass.normed(layers - 1));
            check.compare("penultimate_normed", pass.normed(layers - 2));
            check.compare("pooled", pass.pooled());
            if (golden.hasOut("text_embeds")) {
                check.compare("text_embeds", pass.embeddings());
            }
        }
    }

    static List<GoldenFile> visions() {
        return endingWith("vision-\\d+x\\d+");
    }

    @ParameterizedTest
    @MethodSource("visions")
    void seesPicturesAsClipDoes(GoldenFile golden) {
        try (var clip = ClipModel.load(runtime, GOLDENS.path("models/" + model(golden, "vision-\\d+x\\d+")))) {
            int[] shape = golden.in("pixel_values").shape();
            float[] pixels = golden.in("pixel_values").toFloats();
            try (var pass = clip.vision().look(pixels, shape[0], shape[2], shape[3], PLAIN, Tape.Memory.INFERENCE)) {
                golden.verify(check -> compareVision(golden, pass, check));
            }
        }
    }

    private static void compareVision(GoldenFile golden, ClipVisionTower.Pass pass, GoldenCheck check) {
        for (String output : golden.outputs()) {
            int layer =
                    output.matches(".*\\.\\d+") ? Integer.parseInt(output.substring(output.lastIndexOf('.') + 1)) : -1;
            switch (output.replaceFirst("\\.\\d+$", "")) {
                case "hidden_states" -> check.compare(output, pass.hidden(layer));
                case "patches" -> check.compare(output, pass.patches(layer));
                case "pooled" -> check.compare(output, pass.pooled());
                case "image_embeds" -> check.compare(output, pass.embeddings());
                case "position_embedding" -> check.compare(output, pass.positions());
                default -> throw new IllegalStateException("unknown output " + output);
            }
        }
    }

    static List<GoldenFile> gradients() {
        return endingWith("gradient");
    }

    @ParameterizedTest
    @MethodSource("gradients")
    void carriesTheCosineBackToThePixels(GoldenFile golden) {
        try (var clip = ClipModel.load(runtime, GOLDENS.path("models/" + model(golden, "gradient")))) {
            golden.verify(check -> compareGradients(golden, clip, check));
        }
    }

    private static void compareGradients(GoldenFile golden, ClipModel clip, GoldenCheck check) {
        int[] shape = golden.in("pixel_values").shape();
        int batch = shape[0];
        float[] texts;
        try (var pass = clip.text().encode(rows(golden.in("input_ids")))) {
            texts = pass.embeddings();
        }
        float[] pixels = golden.in("pixel_values").toFloats();
        try (var pass = clip.vision().look(pixels, batch, shape[2], shape[3], PLAIN, Tape.Memory.ALL)) {
            float[] images = pass.embeddings();
            int width = images.length / batch;
            var losses = new double[batch];
            var imageGradients = new float[images.length];
            var textGradients = new float[texts.length];
            var logits = new double[batch * batch];
            for (int i = 0; i < batch; i++) {
                float[] image = row(images, i, width);
                float[] text = row(texts, i, width);
                var loss = ClipRefinement.cosine().evaluate(image, text, new StepInfo(0, 1, 0, 0));
                losses[i] = loss.loss();
                System.arraycopy(loss.gradient(), 0, imageGradients, i * width, width);
                // the cosine is symmetric, so its gradient for the text is that with the two exchanged
                var exchanged = ClipRefinement.cosine().evaluate(text, image, new StepInfo(0, 1, 0, 0));
                System.arraycopy(exchanged.gradient(), 0, textGradients, i * width, width);
                for (int j = 0; j < batch; j++) {
                    var pair = ClipRefinement.cosine().evaluate(image, row(texts, j, width), new StepInfo(0, 1, 0, 0));
                    logits[i * batch + j] = clip.logitScale() * (1 - pair.loss());
                }
            }
            check.compare("image_embeds", images);
            check.compare("text_embeds", texts);
            check.compare("loss", losses);
            check.compare("logits_per_image", logits);
            check.compare("grad_text_embeds", textGradients);
            check.compare("grad_pixel_values", pass.gradient(imageGradients));
        }
    }

    private static float[] row(float[] values, int row, int width) {
        return Arrays.copyOfRange(values, row * width, (row + 1) * width);
    }

    private static List<long[]> rows(GoldenTensor ids) {
        var rows = new ArrayList<long[]>();
        for (int i = 0; i < ids.shape(0); i++) {
            rows.add(ids.get(i).toLongs());
        }
        return rows;
    }
}

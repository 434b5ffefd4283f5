// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import io.github.anomalyany.ModelLoadException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A CLIP model in the layout of open_clip, seen under the names of the Hugging Face layout. The two differ in names, in
 * queries, keys and values being one tensor, and in the projections being transposed. There is no config: sizes come from
 * the shapes.
 */
final class OpenClipLayout {
    private static final String VISION = "visual.";
    private static final Map<String, String> LEAVES = Map.of(
            "ln_1.weight", "layer_norm1.weight",
            "ln_1.bias", "layer_norm1.bias",
            "ln_2.weight", "layer_norm2.weight",
            "ln_2.bias", "layer_norm2.bias",
            "attn.out_proj.weight", "self_attn.out_proj.weight",
            "attn.out_proj.bias", "self_attn.out_proj.bias",
            "mlp.c_fc.weight", "mlp.fc1.weight",
            "mlp.c_fc.bias", "mlp.fc1.bias",
            "mlp.c_proj.weight", "mlp.fc2.weight",
            "mlp.c_proj.bias", "mlp.fc2.bias");
    private static final Map<String, String> SINGLES = Map.ofEntries(
            Map.entry("visual.class_embedding", "vision_model.embeddings.class_embedding"),
            Map.entry("visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight"),
            Map.entry("visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"),
            Map.entry("visual.ln_pre.weight", "vision_model.pre_layrnorm.weight"),
            Map.entry("visual.ln_pre.bias", "vision_model.pre_layrnorm.bias"),
            Map.entry("visual.ln_post.weight", "vision_model.post_layernorm.weight"),
            Map.entry("visual.ln_post.bias", "vision_model.post_layernorm.bias"),
            Map.entry("token_embedding.weight", "text_model.embeddings.token_embedding.weight"),
            Map.entry("positional_embedding", "text_model.embeddings.position_embedding.weight"),
            Map.entry("ln_final.weight", "text_model.final_layer_norm.weight"),
            Map.entry("ln_final.bias", "text_model.final_layer_norm.bias"),
            Map.entry("logit_scale", "logit_scale"));
    private static final Map<String, String> TRANSPOSED =
            Map.of("visual.proj", "visual_projection.weight", "text_projection", "text_projection.weight");
    private static final String[] ATTENTION = {"q", "k", "v"};
    private static final double EPSILON = 1e-5;

    private final TensorIndex stored;
    private final ClipVariant variant;

    OpenClipLayout(TensorIndex stored, ClipVariant variant) {
        this.stored = stored;
        this.variant = variant;
    }

    static boolean matches(TensorIndex index) {
        return index.names().contains("visual.conv1.weight");
    }

    /** The tensors under Hugging Face's names; unknown ones keep theirs. */
    TensorIndex renamed() {
        var entries = new LinkedHashMap<String, TensorEntry>();
        for (String name : stored.names()) {
            TensorEntry entry = stored.get(name);
            int block = name.indexOf("transformer.resblocks.");
            if (SINGLES.containsKey(name)) {
                entries.put(SINGLES.get(name), entry);
            } else if (TRANSPOSED.containsKey(name)) {
                shape(name, 2);
                entries.put(TRANSPOSED.get(name), entry.transpose());
            } else if (block == 0 || (block == VISION.length() && name.startsWith(VISION))) {
                addOfBlock(entries, name, entry);
            } else {
                entries.put(name, entry);
            }
        }
        return stored.view(entries);
    }

    private void addOfBlock(Map<String, TensorEntry> entries, String name, TensorEntry entry) {
        boolean vision = name.startsWith(VISION);
        String rest = name.substring((vision ? VISION : "").length() + "transformer.resblocks.".length());
        int dot = rest.indexOf('.');
        String number = rest.substring(0, Math.max(0, dot));
        String leaf = rest.substring(dot + 1);
        String prefix = (vision ? "vision_model" : "text_model") + ".encoder.layers." + number + ".";
        if (leaf.equals("attn.in_proj_weight") || leaf.equals("attn.in_proj_bias")) {
            if (entry.shape().length == 0 || entry.shape()[0] % 3 != 0) {
                throw stored(name, "must hold queries, keys and values, a multiple of 3 rows");
            }
            for (int i = 0; i < 3; i++) {
                String part =
                        prefix + "self_attn." + ATTENTION[i] + "_proj." + leaf.substring("attn.in_proj_".length());
                entries.put(part, entry.part(i, 3));
            }
        } else {
            String known = LEAVES.get(leaf);
            entries.put(known == null ? name : prefix + known, entry);
        }
    }

    ClipVisionTower.Layout vision() {
        long[] patches = shape("visual.conv1.weight", 4);
        long positions = shape("visual.positional_embedding", 2)[0];
        int grid = (int) Math.round(Math.sqrt(positions - 1.0));
        if (grid < 1 || (long) grid * grid != positions - 1) {
            throw stored("visual.positional_embedding", "must have a square number of positions and one more");
        }
        int patch = (int) patches[2];
        int projection = (int) shape("visual.proj", 2)[1];
        return new ClipVisionTower.Layout(
                tower(VISION, patches[0], variant.visionHeadWidth()), grid * patch, patch, projection);
    }

    ClipTextTower.Layout text() {
        long[] tokens = shape("token_embedding.weight", 2);
        int positions = (int) shape("positional_embedding", 2)[0];
        int projection = (int) shape("text_projection", 2)[1];
        // open_clip pools at the highest id, as configs from before the end token was recorded ask for
        return new ClipTextTower.Layout(
                tower("", tokens[1], variant.textHeadWidth()),
                (int) tokens[0],
                positions,
                ClipTextTower.UNRECORDED_END,
                projection);
    }

    private ClipTower.Shape tower(String prefix, long width, int headWidth) {
        int layers = 0;
        while (stored.names().contains(prefix + "transformer.resblocks." + layers + ".ln_1.weight")) {
            layers++;
        }
        if (width % headWidth != 0) {
            throw new ModelLoadException(
                    stored.source(),
                    "has the width %d, which heads of %d don't divide: name the head width in the backbone's specification"
                            .formatted(width, headWidth));
        }
        String first = prefix + "transformer.resblocks.0.mlp.c_fc.weight";
        return new ClipTower.Shape(
                (int) width,
                layers,
                (int) width / headWidth,
                (int) shape(first, 2)[0],
                variant.quickGelu().orElse(false),
                EPSILON);
    }

    private long[] shape(String name, int rank) {
        long[] shape = stored.get(name).shape();
        if (shape.length != rank) {
            throw stored(name, "must have " + rank + " axes but has " + shape.length);
        }
        return shape;
    }

    private ModelLoadException stored(String name, String problem) {
        return new ModelLoadException(stored.source(), name, problem, null);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * A seeded CLIP, small enough for tests: vision 4 layers of 32, text 2 layers of 32, two heads each, patches of 14. Written in
 * the layout of Hugging Face or of open_clip. Every weight is a number that half precision and bfloat16 hold exactly, so that
 * files of all formats hold the same numbers.
 */
public final class TinyClip {
    /** Side of a patch. */
    public static final int PATCH = 14;

    /** Width of both towers' hidden states. */
    public static final int WIDTH = 32;

    /** Width of a head. */
    public static final int HEAD = 16;

    /** Layers of the vision tower. */
    public static final int LAYERS = 4;

    /** Number that {@code exp} takes to about 100. */
    private static final float LOG_SCALE = 4.59375f;

    private static final int TEXT_LAYERS = 2;
    private static final int INNER = 64;
    private static final int POSITIONS = 77;
    private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,-";
    private static final List<String> MERGES = List.of("t h", "th e</w>", "p h", "ph o", "o f</w>", "i n");

    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Tensor(float[] data, long... shape) {}

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final List<String> pieces = pieces();
    private final Random random;
    private final int grid;
    private final int shared;

    private TinyClip(long seed, int grid, int shared) {
        this.random = new Random(seed);
        this.grid = grid;
        this.shared = shared;
        String vision = "vision_model.";
        gaussian(vision + "embeddings.class_embedding", 0.5, WIDTH);
        gaussian(vision + "embeddings.patch_embedding.weight", 0.05, WIDTH, 3, PATCH, PATCH);
        gaussian(vision + "embeddings.position_embedding.weight", 0.3, 1 + (long) grid * grid, WIDTH);
        norm(vision + "pre_layrnorm");
        layers(vision, LAYERS);
        norm(vision + "post_layernorm");
        gaussian("visual_projection.weight", 0.2, shared, WIDTH);
        String text = "text_model.";
        gaussian(text + "embeddings.token_embedding.weight", 0.5, pieces.size(), WIDTH);
        gaussian(text + "embeddings.position_embedding.weight", 0.2, POSITIONS, WIDTH);
        layers(text, TEXT_LAYERS);
        norm(text + "final_layer_norm");
        gaussian("text_projection.weight", 0.2, shared, WIDTH);
        tensors.put("logit_scale", new Tensor(new float[] {LOG_SCALE}));
    }

    /**
     * A model for pictures of 28, with a shared space of 16.
     *
     * @param seed of the weights
     */
    public static TinyClip seeded(long seed) {
        return new TinyClip(seed, 2, 16);
    }

    /**
     * A model of other sizes.
     *
     * @param seed of the weights
     * @param grid patches along a side of the position table
     * @param shared width of the space of texts and pictures
     */
    public static TinyClip seeded(long seed, int grid, int shared) {
        return new TinyClip(seed, grid, shared);
    }

    private void layers(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            String layer = prefix + "encoder.layers." + i + ".";
            norm(layer + "layer_norm1");
            norm(layer + "layer_norm2");
            for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
                linear(layer + "self_attn." + part, WIDTH, WIDTH);
            }
            linear(layer + "mlp.fc1", INNER, WIDTH);
            linear(layer + "mlp.fc2", WIDTH, INNER);
        }
    }

    private void linear(String name, int out, int in) {
        gaussian(name + ".weight", 1 / Math.sqrt(in), out, in);
        gaussian(name + ".bias", 0.1, out);
    }

    private void norm(String name) {
        gaussian(name + ".weight", 0.1, WIDTH);
        float[] weight = data(name + ".weight");
        for (int i = 0; i < weight.length; i++) {
            weight[i] = coarse(1 + weight[i]);
        }
        gaussian(name + ".bias", 0.1, WIDTH);
    }

    private void gaussian(String name, double deviation, long... shape) {
        int count = 1;
        for (long side : shape) {
            count *= (int) side;
        }
        float[] data = new float[count];
        for (int i = 0; i < count; i++) {
            data[i] = coarse((float) (deviation * random.nextGaussian()));
        }
        tensors.put(name, new Tensor(data, shape));
    }

    /** What bfloat16 and half precision's normal numbers have in common. */
    private static float coarse(float number) {
        return Math.abs(number) < 0x1p-14f ? 0 : Float.intBitsToFloat(Float.floatToRawIntBits(number) & 0xffff0000);
    }

    /**
     * The numbers of a tensor, to be looked at or changed.
     *
     * @param name its name in the layout of Hugging Face
     */
    public float[] data(String name) {
        return Objects.requireNonNull(tensors.get(name), name).data;
    }

    /**
     * Writes config, weights and tokenizer.
     *
     * @param folder where to; created if need be
     * @param dtype F32, F16 or BF16
     */
    public Path writeHuggingFace(Path folder, Dtype dtype) throws IOException {
        var writer = new SafetensorsWriter();
        tensors.forEach((name, tensor) -> add(writer, dtype, name, tensor));
        writeTokenizer(folder);
        writer.write(folder.resolve("model.safetensors"));
        String tower =
                "\"hidden_act\":\"quick_gelu\",\"hidden_size\":%d,\"intermediate_size\":%d,\"num_attention_heads\":%d,"
                        .formatted(WIDTH, INNER, WIDTH / HEAD);
        Files.writeString(
                folder.resolve("config.json"),
                ("{\"model_type\":\"clip\",\"projection_dim\":%d,\"text_config\":{%s\"num_hidden_layers\":%d,\"vocab_size\":%d,"
                                + "\"max_position_embeddings\":%d,\"eos_token_id\":%d},\"vision_config\":{%s\"num_hidden_layers\":%d,"
                                + "\"image_size\":%d,\"patch_size\":%d}}")
                        .formatted(
                                shared,
                                tower,
                                TEXT_LAYERS,
                                pieces.size(),
                                POSITIONS,
                                pieces.size() - 1,
                                tower,
                                LAYERS,
                                grid * PATCH,
                                PATCH));
        return folder;
    }

    /**
     * Writes weights and tokenizer, the weights under open_clip's names with fused queries, keys and values and transposed
     * projections.
     *
     * @param folder where to; created if need be
     * @param dtype F32, F16 or BF16
     */
    public Path writeOpenClip(Path folder, Dtype dtype) throws IOException {
        var writer = new SafetensorsWriter();
        tensors.forEach((name, tensor) -> {
            if (name.contains(".q_proj.")) {
                add(writer, dtype, openClipName(name), fused(name));
            } else if (name.endsWith("_projection.weight")) {
                add(writer, dtype, openClipName(name), transposed(tensor));
            } else if (!name.contains(".k_proj.") && !name.contains(".v_proj.")) {
                add(writer, dtype, openClipName(name), tensor);
            }
        });
        writeTokenizer(folder);
        writer.write(folder.resolve("open_clip_model.safetensors"));
        return folder;
    }

    private static String openClipName(String name) {
        boolean vision = name.startsWith("vision_model.");
        return (vision ? "visual." : "")
                + name.replaceFirst("^(vision|text)_model\\.", "")
                        .replace("encoder.layers.", "transformer.resblocks.")
                        .replace("layer_norm1", "ln_1")
                        .replace("layer_norm2", "ln_2")
                        .replace("self_attn.q_proj.", "attn.in_proj_")
                        .replace("self_attn.", "attn.")
                        .replace("mlp.fc1", "mlp.c_fc")
                        .replace("mlp.fc2", "mlp.c_proj")
                        .replace("embeddings.class_embedding", "class_embedding")
                        .replace("embeddings.patch_embedding", "conv1")
                        .replace("embeddings.position_embedding.weight", "positional_embedding")
                        .replace("embeddings.token_embedding", "token_embedding")
                        .replace("pre_layrnorm", "ln_pre")
                        .replace("post_layernorm", "ln_post")
                        .replace("final_layer_norm", "ln_final")
                        .replace("visual_projection.weight", "visual.proj")
                        .replace("text_projection.weight", "text_projection");
    }

    private Tensor fused(String query) {
        float[] all = new float[3 * data(query).length];
        for (int i = 0; i < 3; i++) {
            float[] part = data(query.replace(".q_proj.", "." + "qkv".charAt(i) + "_proj."));
            System.arraycopy(part, 0, all, i * part.length, part.length);
        }
        long[] shape = Objects.requireNonNull(tensors.get(query)).shape.clone();
        shape[0] *= 3;
        return new Tensor(all, shape);
    }

    private static Tensor transposed(Tensor matrix) {
        int rows = (int) matrix.shape[0];
        int columns = (int) matrix.shape[1];
        float[] data = new float[rows * columns];
        for (int i = 0; i < data.length; i++) {
            data[i % columns * rows + Math.floorDiv(i, columns)] = matrix.data[i];
        }
        return new Tensor(data, columns, rows);
    }

    private static void add(SafetensorsWriter writer, Dtype dtype, String name, Tensor tensor) {
        var bytes = ByteBuffer.allocate(tensor.data.length * dtype.itemSize()).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : tensor.data) {
            int bits = Float.floatToRawIntBits(number);
            switch (dtype) {
                case F32 -> bytes.putInt(bits);
                case BF16 -> bytes.putShort((short) (bits >>> 16));
                case F16 -> bytes.putShort(half(number));
                default -> throw new IllegalArgumentException("no weights of " + dtype);
            }
        }
        writer.tensor(name, dtype, bytes, tensor.shape);
    }

    /** Of zero or a normal number that half precision holds exactly. */
    private static short half(float number) {
        int bits = Float.floatToRawIntBits(number);
        int exponent = (bits >>> 23 & 0xff) - 112;
        return (short) (number == 0 ? 0 : (bits >>> 16 & 0x8000) | (exponent << 10) | (bits >>> 13 & 0x3ff));
    }

    private static List<String> pieces() {
        var pieces = new ArrayList<String>();
        CHARACTERS.chars().forEach(c -> pieces.add(Character.toString(c)));
        CHARACTERS.chars().forEach(c -> pieces.add(Character.toString(c) + "</w>"));
        MERGES.forEach(merge -> pieces.add(merge.replace(" ", "")));
        pieces.add("<|startoftext|>");
        pieces.add("<|endoftext|>");
        return pieces;
    }

    private void writeTokenizer(Path folder) throws IOException {
        Files.createDirectories(folder);
        var vocabulary = new ArrayList<String>();
        for (String piece : pieces) {
            vocabulary.add("\"" + piece + "\":" + vocabulary.size());
        }
        Files.writeString(folder.resolve("vocab.json"), "{" + String.join(",", vocabulary) + "}");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", MERGES) + "\n");
    }
}

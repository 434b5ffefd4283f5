// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.djl.ClipTextTower;
import io.github.anomalyany.sd.internal.unet.Unet;
import io.github.anomalyany.sd.internal.vae.Autoencoder;
import io.github.anomalyany.tiny.TinyModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes a model directory of real size with random weights: speed and memory are the real ones, pictures are noise. The
 * architectures are those of Stable Diffusion 1.5 and 2.1-base, and the weights follow from the configs alone.
 *
 * <p>Usage: {@code WriteRandomModel {sd15|sd21-base} FOLDER [float32|float16]}. Takes 4.3 or 2.2 GB.
 */
public final class WriteRandomModel {
    private static final List<String> MODELS = List.of("sd15", "sd21-base");
    private static final List<String> DTYPES = List.of("float32", "float16");
    private static final int CHUNK = 1 << 22;

    private final Path folder;
    private final boolean half;
    private final SplittableRandom random = new SplittableRandom(0);

    private WriteRandomModel(Path folder, boolean half) {
        this.folder = folder;
        this.half = half;
    }

    /**
     * Runs the program.
     *
     * @param args model, folder, number format
     * @throws IOException if the folder can't be written
     */
    public static void main(String[] args) throws IOException {
        String dtype = args.length > 2 ? args[2] : "float32";
        if (args.length < 2 || !MODELS.contains(args[0]) || !DTYPES.contains(dtype)) {
            System.err.println("usage: WriteRandomModel {sd15|sd21-base} FOLDER [float32|float16]");
            System.exit(2);
        }
        new WriteRandomModel(Path.of(args[1]), dtype.equals("float16")).write(args[0]);
    }

    private void write(String model) throws IOException {
        for (String file : List.of(
                "model_index.json",
                "scheduler/scheduler_config.json",
                "unet/config.json",
                "vae/config.json",
                "text_encoder/config.json")) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            try (var in = WriteRandomModel.class.getResourceAsStream("models/" + model + "/" + file)) {
                Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        copyTokenizer();
        weights("unet/diffusion_pytorch_model", Unet.architecture(folder.resolve("unet")));
        weights("vae/diffusion_pytorch_model", Autoencoder.architecture(folder.resolve("vae")));
        weights("text_encoder/model", ClipTextTower.architecture(folder.resolve("text_encoder")));
    }

    private void copyTokenizer() throws IOException {
        Path from = TinyModels.directory().resolve("tokenizer");
        Path to = Files.createDirectories(folder.resolve("tokenizer"));
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void weights(String name, Map<String, long[]> shapes) throws IOException {
        Path file = folder.resolve(name + (half ? ".fp16" : "") + ".safetensors");
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            byte[] header = header(shapes).getBytes(StandardCharsets.UTF_8);
            var length = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .flip();
            writeAll(channel, length);
            writeAll(channel, ByteBuffer.wrap(header));
            for (var tensor : shapes.entrySet()) {
                fill(channel, tensor.getKey(), tensor.getValue());
            }
        }
        System.out.println(file);
    }

    private String header(Map<String, long[]> shapes) {
        var header = new StringBuilder("{");
        long offset = 0;
        for (var tensor : shapes.entrySet()) {
            long end = offset + count(tensor.getValue()) * (half ? 2 : 4);
            header.append(header.length() > 1 ? "," : "")
                    .append("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(
                                    tensor.getKey(),
                                    half ? "F16" : "F32",
                                    Arrays.toString(tensor.getValue()),
                                    offset,
                                    end));
            offset = end;
        }
        header.append('}');
        while (header.length() % 8 != 0) {
            header.append(' ');
        }
        return header.toString();
    }

    private static long count(long[] shape) {
        long count = 1;
        for (long side : shape) {
            count *= side;
        }
        return count;
    }

    /** Norms are the identity, biases zero, other weights uniform with the variance that keeps activations in range. */
    private void fill(FileChannel channel, String name, long[] shape) throws IOException {
        long count = count(shape);
        boolean isNorm = name.contains("norm");
        boolean isBias = name.endsWith(".bias");
        float bound = (float) Math.sqrt(3.0 * shape[0] / Math.max(1, count));
        var buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < count; i++) {
            float value = isBias ? 0 : isNorm ? 1 : bound * (2 * (random.nextInt() >>> 8) * 0x1p-24f - 1);
            if (half) {
                buffer.putShort(toHalf(value));
            } else {
                buffer.putFloat(value);
            }
            if (buffer.remaining() < 4) {
                writeAll(channel, buffer.flip());
                buffer.clear();
            }
        }
        writeAll(channel, buffer.flip());
    }

    /** Truncates to half precision; for the normal range, which all weights here are in. */
    private static short toHalf(float value) {
        int bits = Float.floatToIntBits(value);
        int exponent = ((bits >>> 23) & 0xff) - 127 + 15;
        int sign = (bits >>> 16) & 0x8000;
        return (short) (exponent <= 0 ? sign : sign | (exponent << 10) | ((bits >>> 13) & 0x3ff));
    }

    private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}

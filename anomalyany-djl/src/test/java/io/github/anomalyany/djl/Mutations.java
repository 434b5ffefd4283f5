// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Seeded random damage to the files of a model directory: the same seed always does the same damage. */
public final class Mutations {
    private static final int LENGTH_BYTES = 8;
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e999",
            "NaN",
            "2147483648",
            "9223372036854775807",
            "99999999999999999999999999",
            "0.5",
            "\"\"",
            "\"../../etc/passwd\"",
            "\"\\ud800\"",
            "[]",
            "{}",
            "[".repeat(5000),
            "{\"a\":".repeat(5000),
            "1".repeat(5000),
            "\"" + "x".repeat(5000) + "\"");

    private final SplittableRandom random;

    /** Damage of one seed. */
    public Mutations(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Copies a folder with everything in it. */
    public static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Puts bytes in the place of a file. A new file, since maps of the old one may be alive. */
    public static void replace(Path file, byte[] bytes) throws IOException {
        Path temporary = file.resolveSibling("replacement.tmp");
        Files.write(temporary, bytes);
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** One to three random changes to the content of a file; its name tells which ones make sense. */
    public byte[] damaged(Path file, byte[] original) {
        byte[] bytes = original.clone();
        for (int changes = random.nextInt(1, 4); changes > 0 && bytes.length > 0; changes--) {
            bytes = file.toString().endsWith(".safetensors") ? damagedTensors(bytes) : damagedText(bytes);
        }
        return bytes;
    }

    private byte[] damagedTensors(byte[] bytes) {
        int header = headerLength(bytes);
        int choice = random.nextInt(10);
        if (choice < 6) {
            return withHeader(bytes, header, damagedText(Arrays.copyOfRange(bytes, LENGTH_BYTES, header)));
        }
        if (choice < 8) {
            return damagedRange(bytes, 0, header);
        }
        return damagedRange(bytes, header, bytes.length);
    }

    /** Puts another header in front of the data, with its true length, so that reading it gets further than that. */
    private static byte[] withHeader(byte[] bytes, int header, byte[] text) {
        return ByteBuffer.allocate(LENGTH_BYTES + text.length + bytes.length - header)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(bytes, header, bytes.length - header)
                .array();
    }

    private static int headerLength(byte[] bytes) {
        if (bytes.length < LENGTH_BYTES) {
            return bytes.length;
        }
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return (int) Math.min(bytes.length, Math.max(0, Math.min(length, Integer.MAX_VALUE / 2)) + LENGTH_BYTES);
    }

    private byte[] damagedText(byte[] bytes) {
        if (bytes.length == 0 || random.nextInt(3) == 0) {
            return damagedRange(bytes, 0, bytes.length);
        }
        return random.nextBoolean() ? withOtherDigit(bytes) : withOtherValue(bytes);
    }

    private byte[] withOtherDigit(byte[] bytes) {
        var digits = new ArrayList<Integer>();
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] >= '0' && bytes[i] <= '9') {
                digits.add(i);
            }
        }
        byte[] result = bytes.clone();
        if (!digits.isEmpty()) {
            result[digits.get(random.nextInt(digits.size()))] = (byte) ('0' + random.nextInt(10));
        }
        return result;
    }

    /** Puts a strange value in the place of what stands between two separators of JSON. */
    private byte[] withOtherValue(byte[] bytes) {
        int start = random.nextInt(bytes.length);
        while (start > 0 && ":[,".indexOf(bytes[start - 1]) < 0) {
            start--;
        }
        int end = start;
        while (end < bytes.length && ",]}\n".indexOf(bytes[end]) < 0) {
            end++;
        }
        String value = VALUES.get(random.nextInt(VALUES.size()));
        return spliced(bytes, start, end, value.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] damagedRange(byte[] bytes, int from, int to) {
        if (from >= to) {
            return bytes;
        }
        int at = random.nextInt(from, to);
        int end = Math.min(to, at + random.nextInt(1, 40));
        byte[] result = bytes.clone();
        switch (random.nextInt(7)) {
            case 0 -> result[at] = (byte) random.nextInt();
            case 1 -> result[at] = (byte) (result[at] ^ 1 << random.nextInt(8));
            case 2 -> Arrays.fill(result, at, end, (byte) 0);
            case 3 -> result = Arrays.copyOf(bytes, at);
            case 4 -> result = spliced(bytes, at, end, new byte[0]);
            case 5 -> result = spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
            default -> {
                var inserted = new byte[end - at];
                random.nextBytes(inserted);
                result = spliced(bytes, at, at, inserted);
            }
        }
        return result;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
        var out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(middle);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.noise;

/**
 * What {@code torch.randn} draws from {@code torch.Generator("cpu").manual_seed(seed)}: the same numbers as a vectorised
 * PyTorch on x86 to the last bit, and as any other build to about 2e-6. PyTorch looks at the low 32 bits of the seed only.
 *
 * <p>Calls continue one sequence, and as in PyTorch the numbers depend on the sizes of the calls. Not for use by several
 * threads.
 */
public final class TorchNoise {
    private static final int BLOCK = 16;
    private static final int HALF = BLOCK / 2;

    private final MersenneTwister bits;
    private boolean hasSpare;
    private double spare;

    /**
     * Seeds a generator.
     *
     * @param seed any value
     */
    public TorchNoise(long seed) {
        bits = new MersenneTwister((int) seed);
    }

    /**
     * Draws standard normal numbers.
     *
     * @param count how many, 0 or more
     * @return a new array
     * @throws IllegalArgumentException if count is negative
     */
    public float[] normal(int count) {
        NoiseArguments.checkNotNegative("count", count);
        float[] normal = new float[count];
        if (count < BLOCK) {
            for (int i = 0; i < count; i++) {
                normal[i] = (float) nextNormal();
            }
            return normal;
        }
        fillUniform(normal, 0, count);
        for (int i = 0; i + BLOCK <= count; i += BLOCK) {
            boxMuller(normal, i);
        }
        if (count % BLOCK != 0) {
            fillUniform(normal, count - BLOCK, BLOCK);
            boxMuller(normal, count - BLOCK);
        }
        return normal;
    }

    /** Box and Muller's method in double precision; the sine waits for the next small draw, also across large ones. */
    private double nextNormal() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double u1 = nextDouble();
        double u2 = nextDouble();
        double radius = StrictMath.sqrt(-2 * StrictMath.log1p(-u2));
        double angle = 2 * Math.PI * u1;
        spare = radius * StrictMath.sin(angle);
        hasSpare = true;
        return radius * StrictMath.cos(angle);
    }

    private double nextDouble() {
        long high = bits.nextWord() & 0xFFFFFFFFL;
        long low = bits.nextWord() & 0xFFFFFFFFL;
        return ((high << 32 | low) & ((1L << 53) - 1)) * 0x1p-53;
    }

    private void fillUniform(float[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            values[i] = (bits.nextWord() & 0xFFFFFF) * 0x1p-24f;
        }
    }

    /** Turns 16 uniform numbers into normal ones: radii from the first eight, angles from the last eight. */
    private static void boxMuller(float[] values, int from) {
        for (int i = from; i < from + HALF; i++) {
            float radius = (float) Math.sqrt(-2f * VectorMath.log(1f - values[i]));
            float angle = (float) (2 * Math.PI) * values[i + HALF];
            values[i] = radius * VectorMath.cos(angle);
            values[i + HALF] = radius * VectorMath.sin(angle);
        }
    }
}

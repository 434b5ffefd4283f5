// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HalfFloatsTest {
    @Test
    void keepsEveryHalf() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float wide = HalfFloats.widen((short) bits);
            boolean isNan = (bits & 0x7fff) > 0x7c00;
            assertThat(Float.isNaN(wide)).as("%04x", bits).isEqualTo(isNan);
            if (!isNan) {
                assertThat(HalfFloats.narrow(wide)).as("%04x, %s", bits, wide).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void keepsNotANumber() {
        assertThat(HalfFloats.widen(HalfFloats.narrow(Float.NaN))).isNaN();
        assertThat(HalfFloats.widen(HalfFloats.narrow(Float.intBitsToFloat(0xff800001))))
                .isNaN();
    }

    @Test
    void knowsTheFormatsLandmarks() {
        assertThat(HalfFloats.widen((short) 0x3c00)).isEqualTo(1);
        assertThat(HalfFloats.widen((short) 0xc000)).isEqualTo(-2);
        assertThat(HalfFloats.widen((short) 0x7bff)).isEqualTo(65504);
        assertThat(HalfFloats.widen((short) 0x0400)).isEqualTo(0x1p-14f);
        assertThat(HalfFloats.widen((short) 0x0001)).isEqualTo(0x1p-24f);
        assertThat(HalfFloats.widen((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(HalfFloats.widen((short) 0x3555)).isEqualTo(1365 / 4096f);
        assertThat(HalfFloats.narrow(Math.nextDown(65520f))).isEqualTo((short) 0x7bff);
        assertThat(HalfFloats.narrow(65520)).isEqualTo((short) 0x7c00);
        assertThat(HalfFloats.narrow(Float.MIN_VALUE)).isEqualTo((short) 0);
        assertThat(HalfFloats.narrow(-0f)).isEqualTo((short) 0x8000);
    }

    @Test
    void roundsToTheNearestHalfAndTiesToEven() {
        var halves = new TreeMap<BigDecimal, Integer>();
        for (int bits = 0; bits < 0x7c00; bits++) {
            halves.put(new BigDecimal(HalfFloats.widen((short) bits)), bits);
        }
        var random = new Random(17);
        for (int round = 0; round < 50_000; round++) {
            float number;
            if (round % 3 == 0) { // a tie, or next to one
                int bits = random.nextInt(0x7bff);
                float tie = (HalfFloats.widen((short) bits) + HalfFloats.widen((short) (bits + 1))) / 2;
                number = Float.intBitsToFloat(Float.floatToRawIntBits(tie) + random.nextInt(3) - 1);
            } else {
                number = (float) Math.scalb(1 + random.nextDouble(), random.nextInt(46) - 30);
            }
            if (number > 65504) {
                continue;
            }
            assertThat(HalfFloats.narrow(number)).as("%s", number).isEqualTo((short) nearest(halves, number));
            assertThat(HalfFloats.narrow(-number)).as("%s", -number).isEqualTo((short)
                    (nearest(halves, number) | 0x8000));
        }
    }

    private static int nearest(NavigableMap<BigDecimal, Integer> halves, float number) {
        var exact = new BigDecimal(number);
        var below = halves.floorEntry(exact);
        var above = halves.ceilingEntry(exact);
        int order = exact.subtract(below.getKey()).compareTo(above.getKey().subtract(exact));
        if (order == 0) {
            return below.getValue() % 2 == 0 ? below.getValue() : above.getValue();
        }
        return order < 0 ? below.getValue() : above.getValue();
    }
}

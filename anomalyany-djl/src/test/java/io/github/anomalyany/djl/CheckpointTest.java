// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.djl.Tape.Memory;
import io.github.anomalyany.djl.Tape.Value;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CheckpointTest extends RuntimeTest {
    private static float[] twoBlocks() {
        try (var scope = runtime.scope()) {
            Tape tape = scope.tape(Memory.INFERENCE);
            Value x = tape.constant(scope.tensor(new float[] {1, 2}, 1, 2));
            return tape.call("affine", tape.call("affine", x, 2.0, 0.0), 3.0, 1.0)
                    .toArray();
        }
    }

    @Test
    void endsAPassBetweenTwoBlocksAndLeavesNoTensor() {
        int before = runtime.liveArrays();
        var asked = new AtomicInteger();
        Runnable question = () -> {
            if (asked.incrementAndGet() == 2) {
                throw new CancellationException("enough");
            }
        };
        assertThatThrownBy(() -> Checkpoint.during(question, CheckpointTest::twoBlocks))
                .isInstanceOf(CancellationException.class);
        assertThat(asked).hasValue(2);
        assertThat(runtime.liveArrays()).isEqualTo(before);
    }

    @Test
    void asksNobodyAfterwards() {
        var asked = new AtomicInteger();
        assertThat(Checkpoint.during(asked::incrementAndGet, CheckpointTest::twoBlocks))
                .containsExactly(7, 13);
        int during = asked.get();
        assertThat(twoBlocks()).containsExactly(7, 13);
        assertThat(asked).hasValue(during);
    }
}

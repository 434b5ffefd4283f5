// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import io.github.anomalyany.Device;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A test that needs the engine: one runtime on the CPU for all of a class. */
public abstract class RuntimeTest {
    /** The runtime of the class that is being tested. */
    protected static TensorRuntime runtime;

    @BeforeAll
    static void openRuntime() {
        runtime = TensorRuntime.open(Device.cpu());
    }

    @AfterAll
    static void closeRuntime() {
        runtime.close();
    }
}

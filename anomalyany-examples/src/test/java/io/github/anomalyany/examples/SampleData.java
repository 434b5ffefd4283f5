// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import java.nio.file.Path;

/** The pictures that ship with the examples. */
public final class SampleData {
    /** Bricks in the layout of MVTec AD. */
    public static final Path BRICK = Path.of(System.getProperty("basedir", "."), "sample-data", "brick");

    private SampleData() {}
}

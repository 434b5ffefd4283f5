// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Gives the memory of mapped files back to the operating system until they are read again. Does something on Linux only. */
final class Pages {
    private static final int DONT_NEED = 4;
    private static final @Nullable Function ADVISE = Platform.isLinux() ? Function.getFunction("c", "madvise") : null;
    private static final long SIZE =
            Platform.isLinux() ? Function.getFunction("c", "getpagesize").invokeInt(new Object[0]) : 1;

    private Pages() {}

    /** Whole pages of a map; what lies on a page with something else stays. A refusal changes nothing and is ignored. */
    static void release(ByteBuffer map) {
        if (ADVISE == null) {
            return;
        }
        long start = Pointer.nativeValue(Native.getDirectBufferPointer(map));
        long first = (start + SIZE - 1) / SIZE * SIZE;
        long length = (start + map.capacity()) / SIZE * SIZE - first;
        if (length > 0) {
            ADVISE.invokeInt(new Object[] {new Pointer(first), length, DONT_NEED});
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import io.github.anomalyany.internal.image.PngChunks.Chunk;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks the pixel data of a PNG row by row. */
final class PngData implements AutoCloseable {
    private final byte[] file;
    private final Iterator<Chunk> chunks;
    private final Inflater inflater = new Inflater();
    private final byte[] filter = new byte[1];

    PngData(byte[] file, List<Chunk> chunks) {
        this.file = file;
        this.chunks = chunks.iterator();
    }

    /**
     * Reads a row.
     *
     * @param row filled
     * @param y number of the row, for messages
     * @param height number of rows, for messages
     * @return its filter type, 0 to 4
     */
    int readRow(byte[] row, int y, int height) throws IOException {
        try {
            if (!fill(filter) || !fill(row)) {
                throw new IOException("the PNG is cut off: pixel data end at row " + y + " of " + height);
            }
        } catch (DataFormatException e) {
            throw new IOException("the PNG is damaged: pixel data can't be unpacked at row " + y + " of " + height, e);
        }
        if (filter[0] < 0 || filter[0] > 4) {
            throw new IOException("the PNG is damaged: row " + y + " has filter type " + filter[0]);
        }
        return filter[0];
    }

    private boolean fill(byte[] target) throws DataFormatException {
        int filled = 0;
        while (filled < target.length) {
            int count = inflater.inflate(target, filled, target.length - filled);
            filled += count;
            if (count == 0) {
                if (!inflater.needsInput() || !chunks.hasNext()) {
                    return false;
                }
                var chunk = chunks.next();
                inflater.setInput(file, chunk.offset(), chunk.length());
            }
        }
        return true;
    }

    @Override
    public void close() {
        inflater.end();
    }
}

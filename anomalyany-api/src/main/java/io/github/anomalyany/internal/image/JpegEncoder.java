// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** JPEG files, by the JDK's encoder. */
public final class JpegEncoder {
    private JpegEncoder() {}

    /**
     * Encodes a picture.
     *
     * @param image 8-bit RGB
     * @param quality 0 to 1
     * @return the bytes of a JPEG file
     * @throws IllegalArgumentException if the quality is out of range
     */
    public static byte[] encode(BufferedImage image, double quality) {
        if (!(quality >= 0 && quality <= 1)) {
            throw new IllegalArgumentException("quality must be in [0, 1] but was " + quality);
        }
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var bytes = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            var parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality((float) quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory can't fail so
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}

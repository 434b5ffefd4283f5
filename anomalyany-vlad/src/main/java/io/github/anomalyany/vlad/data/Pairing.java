// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pairs images and masks by the stems of their names: {@code 000.png} goes with {@code 000_mask.png} or {@code 000.png}. */
final class Pairing {
    private static final String SUFFIX = "_mask";
    private static final int MOST_NAMED = 5;

    private Pairing() {}

    /** The mask of every image of a folder. */
    static Map<Path, Path> masks(Path imageFolder, List<Path> images, Path maskFolder) throws IOException {
        var byStem = new HashMap<String, Path>();
        for (Path image : images) {
            byStem.put(Listing.stem(image), image);
        }
        var masks = new HashMap<Path, Path>();
        var withoutImage = new ArrayList<Path>();
        for (Path mask : Listing.masks(maskFolder)) {
            Path image = imageOf(mask, byStem);
            if (image == null) {
                withoutImage.add(mask);
            } else {
                Path other = masks.put(image, mask);
                if (other != null) {
                    throw new IOException("the image %s has two masks, %s and %s".formatted(image, other, mask));
                }
            }
        }
        var withoutMask =
                images.stream().filter(image -> !masks.containsKey(image)).toList();
        if (!withoutImage.isEmpty() || !withoutMask.isEmpty()) {
            throw new IOException("%s and %s don't pair:%s%s the mask of 000.png must be named 000%s.png or 000.png"
                    .formatted(
                            imageFolder,
                            maskFolder,
                            listed("without mask", withoutMask),
                            listed("without image", withoutImage),
                            SUFFIX));
        }
        return masks;
    }

    /** Whether a mask is named as that of an image. */
    static boolean matches(Path image, Path mask) {
        String stem = Listing.stem(image);
        return Listing.stem(mask).equals(stem) || Listing.stem(mask).equals(stem + SUFFIX);
    }

    private static @Nullable Path imageOf(Path mask, Map<String, Path> byStem) {
        String stem = Listing.stem(mask);
        Path same = byStem.get(stem);
        return same != null || !stem.endsWith(SUFFIX)
                ? same
                : byStem.get(stem.substring(0, stem.length() - SUFFIX.length()));
    }

    private static String listed(String what, List<Path> files) {
        if (files.isEmpty()) {
            return "";
        }
        var names = files.stream().limit(MOST_NAMED).map(Listing::name).toList();
        int more = files.size() - names.size();
        return " %s %s%s;".formatted(what, String.join(", ", names), more == 0 ? "" : " and " + more + " more");
    }
}

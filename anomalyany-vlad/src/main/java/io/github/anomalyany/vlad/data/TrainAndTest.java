// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code train/good}, {@code test/good}, {@code test/<defect>} and {@code ground_truth/<defect>}. Wants everything
 * that is there to have its place, since an image left out without a word changes a result.
 */
final class TrainAndTest {
    private TrainAndTest() {}

    static Category read(String name, Path folder) throws IOException {
        Path train = folder.resolve("train");
        for (Path other : foldersOf(train)) {
            if (!Listing.name(other).equals(Sample.GOOD) && Listing.of(other).hasPictures()) {
                throw new IOException("the images to train on must be normal, in %s, but %s has some too"
                        .formatted(train.resolve(Sample.GOOD), other));
            }
        }
        var normal = Layout.normal(Listing.images(train.resolve(Sample.GOOD)));
        return new Category(name, normal, test(folder.resolve("test"), folder.resolve("ground_truth")));
    }

    private static List<Sample> test(Path test, Path groundTruth) throws IOException {
        var samples = new ArrayList<Sample>();
        var defects = new HashSet<String>();
        for (Path folder : foldersOf(test)) {
            String defect = Listing.name(folder);
            var images = Listing.images(folder);
            if (defect.equals(Sample.GOOD)) {
                samples.addAll(Layout.normal(images));
            } else {
                defects.add(defect);
                samples.addAll(anomalous(defect, folder, images, groundTruth.resolve(defect)));
            }
        }
        if (samples.isEmpty()) {
            throw new IOException(test + " must have a folder good and one for each kind of defect but has none");
        }
        checkMasksAreUsed(groundTruth, defects);
        return samples;
    }

    private static List<Sample> anomalous(String defect, Path folder, List<Path> images, Path maskFolder)
            throws IOException {
        if (!Files.isDirectory(maskFolder)) {
            throw new IOException("there is no folder %s with the masks of %s; images without masks can be read as"
                            .formatted(maskFolder, folder)
                    + " normal and abnormal, see Datasets.folders");
        }
        var masks = Pairing.masks(folder, images, maskFolder);
        return images.stream()
                .map(image -> new Sample(image, Optional.ofNullable(masks.get(image)), defect))
                .toList();
    }

    private static void checkMasksAreUsed(Path groundTruth, Set<String> defects) throws IOException {
        if (Files.isDirectory(groundTruth)) {
            for (Path folder : foldersOf(groundTruth)) {
                if (!defects.contains(Listing.name(folder))
                        && Listing.of(folder).hasPictures()) {
                    throw new IOException("%s has masks but test has no images with defect %s%s"
                            .formatted(
                                    folder,
                                    Listing.name(folder),
                                    Listing.name(folder).equals(Sample.GOOD) ? ": normal images have no masks" : ""));
                }
            }
        }
    }

    /** The folders of a folder that has no pictures of its own. */
    private static List<Path> foldersOf(Path folder) throws IOException {
        var listing = Listing.of(folder);
        if (listing.hasPictures()) {
            throw new IOException(
                    "the pictures of " + folder + " must lie in folders of it, named good or by the defect");
        }
        return listing.folders();
    }
}

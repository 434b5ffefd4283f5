// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads datasets from folders. Only names are read here: which image belongs where, and which mask to which image. The
 * images themselves are read by the {@link Sample}s.
 *
 * <p>PNG and JPEG files are read, whatever the case of {@code .png}, {@code .jpg}, {@code .jpeg}. Hidden files and folders,
 * {@code Thumbs.db}, {@code desktop.ini}, {@code __MACOSX} and files that aren't pictures are passed over; links are
 * followed. Images are sorted by name. A mask has the name of its image, with or without {@code _mask} before the
 * extension: {@code 000.JPG} goes with {@code 000_mask.png} or {@code 000.png}.
 *
 * <table>
 * <caption>What is done about bad input</caption>
 * <tr><th>Input</th><th>Outcome</th></tr>
 * <tr><td>no such folder, or none of the folders looked for</td><td>{@code IOException} that names them</td></tr>
 * <tr><td>a folder without images</td><td>{@code IOException} that names it</td></tr>
 * <tr><td>image without mask, mask without image, two masks of one image</td><td>{@code IOException} that lists them; in
 *     {@link #folders(Path)} no image needs a mask if there is no folder of masks</td></tr>
 * <tr><td>masks of normal images</td><td>{@code IOException}</td></tr>
 * <tr><td>two images of one stem in one folder</td><td>{@code IOException} that names them</td></tr>
 * <tr><td>anomalous images to train on</td><td>{@code IOException}</td></tr>
 * <tr><td>pictures of other formats, pictures or folders where none belong, links to nowhere</td><td>{@code IOException}
 *     that names them</td></tr>
 * <tr><td>{@code 1cls.csv}: missing columns, lines of another length, unknown labels, files that aren't there or lie outside
 *     of the root, files named twice, names of image and mask that differ</td><td>{@code IOException} with the
 *     line</td></tr>
 * <tr><td>{@code 1cls.csv}: quoted values, other line ends, a byte order mark, empty lines, more columns, another order of
 *     columns</td><td>read</td></tr>
 * <tr><td>empty, damaged or cut off file</td><td>{@code IOException} that names it, when it is read</td></tr>
 * <tr><td>mask of another size than its image</td><td>{@code IOException} with files and sizes, when it is read</td></tr>
 * <tr><td>mask as JPEG</td><td>{@code IOException}</td></tr>
 * <tr><td>mask with other values than 0 and 255, such as VisA's classes 1 to 9; in colour; of 1 to 16 bits</td><td>set where
 *     a channel is above 0</td></tr>
 * <tr><td>mask with more than 32 different values, or with none above 0</td><td>likewise, with a warning in the
 *     log</td></tr>
 * <tr><td>grey images, images with alpha</td><td>read as RGB</td></tr>
 * <tr><td>unknown category, more references than normal images</td><td>{@code IllegalArgumentException} that says what there
 *     is</td></tr>
 * </table>
 */
public final class Datasets {
    private Datasets() {}

    /**
     * Reads MVTec AD and what has its layout: {@code <category>/train/good}, {@code <category>/test/good},
     * {@code <category>/test/<defect>} and {@code <category>/ground_truth/<defect>}. All images of {@code test} are to be
     * judged, the normal ones in {@code good}; each of the others has a mask. Folders that have none of the three folders
     * are passed over.
     *
     * @param root the folder of the categories, or the folder of one
     * @return the dataset, named as the folder
     * @throws IOException if something isn't as it should be; the message names the files
     */
    public static Dataset mvtec(Path root) throws IOException {
        return Layout.TRAIN_AND_TEST.read(root, Layout.nameOf(root));
    }

    /**
     * Reads VisA: as published, by {@code split_csv/1cls.csv}, or as its script puts it, in
     * {@code 1cls/<category>/train/good}, {@code test/good}, {@code test/bad} and {@code ground_truth/bad}. Both give the
     * same images in the same order to train on. Of the published files only those count that {@code 1cls.csv} names.
     *
     * @param root the folder of {@code split_csv}, of {@code 1cls}, or of the re-organised categories
     * @return the dataset, named as the folder; defects are {@code "anomaly"} as published, {@code "bad"} as re-organised
     * @throws IOException if something isn't as it should be; the message names the files
     */
    public static Dataset visa(Path root) throws IOException {
        String name = Layout.nameOf(root);
        if (Files.isRegularFile(VisaCsv.csv(root))) {
            return VisaCsv.read(root, name);
        }
        if (Files.isDirectory(root.resolve("1cls"))) {
            return Layout.TRAIN_AND_TEST.read(root.resolve("1cls"), name);
        }
        if (!Layout.TRAIN_AND_TEST.categories(root).isEmpty()) {
            return Layout.TRAIN_AND_TEST.read(root, name);
        }
        throw new IOException(
                root + " isn't VisA: it has neither split_csv/1cls.csv nor 1cls, nor categories with" + " train/good");
    }

    /**
     * Reads plain folders, of pictures and nothing else:
     *
     * <ul>
     *   <li>{@code normal}: all of them are to train on, none is kept back;
     *   <li>{@code test_normal}, if it is there: normal images to be judged;
     *   <li>{@code abnormal}, if it is there: anomalous images to be judged, with defect {@code "abnormal"};
     *   <li>{@code masks}, if it is there: a mask for each image of {@code abnormal}. Without this folder the images count
     *       as a whole only.
     * </ul>
     *
     * <p>Without {@code test_normal} there are no normal images to be judged, so that image-level metrics have no value.
     *
     * @param root the folder of {@code normal}, or a folder of such folders, each a category
     * @return the dataset, named as the folder; {@link Category#test()} may be empty
     * @throws IOException if something isn't as it should be; the message names the files
     */
    public static Dataset folders(Path root) throws IOException {
        return Layout.NORMAL_AND_ABNORMAL.read(root, Layout.nameOf(root));
    }

    /**
     * Reads a dataset of whichever layout.
     *
     * @param root as for {@link #mvtec(Path)}, {@link #visa(Path)} or {@link #folders(Path)}
     * @return the dataset
     * @throws IOException if it has none of these layouts, or several, or something isn't as it should be
     */
    public static Dataset open(Path root) throws IOException {
        if (Files.isRegularFile(VisaCsv.csv(root)) || Files.isDirectory(root.resolve("1cls"))) {
            return visa(root);
        }
        boolean trainAndTest = !Layout.TRAIN_AND_TEST.categories(root).isEmpty();
        boolean folders = !Layout.NORMAL_AND_ABNORMAL.categories(root).isEmpty();
        if (trainAndTest && folders) {
            throw new IOException(root + " has both folders named train, test or ground_truth and folders named normal,"
                    + " test_normal, abnormal or masks: say which by Datasets.mvtec or Datasets.folders");
        }
        if (trainAndTest) {
            return mvtec(root);
        }
        if (folders) {
            return folders(root);
        }
        throw new IOException(
                root + " is no dataset: looked in it and in its folders for train/good (as in MVTec AD) and"
                        + " normal, and in it for split_csv/1cls.csv and 1cls (VisA)");
    }
}

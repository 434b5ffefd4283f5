// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MvtecTest {
    @TempDir
    Path root;

    private Tree tree;

    @BeforeEach
    void tree() throws IOException {
        tree = new Tree(root).mvtec("tile");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertThatThrownBy(() -> Datasets.mvtec(root)).isInstanceOf(IOException.class);
    }

    private Category tile() throws IOException {
        return Datasets.mvtec(root).category("tile");
    }

    @Test
    void listsImagesWithoutMask() throws IOException {
        tree.delete("tile/ground_truth/scratch/000_mask.png");
        assertRefused().hasMessageContaining("without mask 000.png;").hasMessageContaining("000_mask.png");
    }

    @Test
    void listsMasksWithoutImage() throws IOException {
        for (int i = 2; i < 9; i++) {
            tree.pictures("tile/ground_truth/scratch/00" + i + "_mask.png");
        }
        assertRefused()
                .hasMessageContaining(
                        "without image 002_mask.png, 003_mask.png, 004_mask.png, 005_mask.png, 006_mask.png"
                                + " and 2 more;")
                .hasMessageContaining(root.resolve("tile/test/scratch").toString());
    }

    @Test
    void pairsByNameWhereTheSortedListsWouldPairWrongly() throws IOException {
        tree.delete("tile/test/scratch/000.png").delete("tile/ground_truth/scratch/001_mask.png");
        assertRefused().hasMessageContaining("without mask 001.png; without image 000_mask.png;");
    }

    @Test
    void refusesTwoMasksOfOneImage() throws IOException {
        tree.pictures("tile/ground_truth/scratch/000.png");
        assertRefused().hasMessageContaining("has two masks");
    }

    @Test
    void refusesAMaskAmongTheImages() throws IOException {
        tree.pictures("tile/test/scratch/000_mask.png");
        assertRefused().hasMessageContaining("without mask 000.png;");
    }

    @Test
    void refusesTwoImagesOfOneStem() throws IOException {
        tree.pictures("tile/test/scratch/000.JPG");
        assertRefused().hasMessageContaining("one stem, 000.JPG and 000.png");
    }

    @Test
    void refusesJpegMasks() throws IOException {
        tree.delete("tile/ground_truth/scratch/000_mask.png").pictures("tile/ground_truth/scratch/000_mask.jpg");
        assertRefused().hasMessageContaining("000_mask.jpg isn't a PNG");
    }

    @Test
    void refusesADefectWithoutMasks() throws IOException {
        tree.pictures("tile/test/stain/000.png");
        assertRefused()
                .hasMessageContaining("there is no folder " + root.resolve("tile/ground_truth/stain"))
                .hasMessageContaining("Datasets.folders");
    }

    @Test
    void refusesMasksOfADefectWithoutImages() throws IOException {
        tree.pictures("tile/ground_truth/stain/000_mask.png");
        assertRefused().hasMessageContaining("test has no images with defect stain");
    }

    @Test
    void refusesMasksOfNormalImages() throws IOException {
        tree.pictures("tile/ground_truth/good/000_mask.png");
        assertRefused().hasMessageContaining("normal images have no masks");
    }

    @Test
    void refusesAnomaliesToTrainOn() throws IOException {
        tree.folders("tile/train/bad");
        assertThat(tile().train()).hasSize(3);
        tree.pictures("tile/train/bad/000.png");
        assertRefused().hasMessageContaining("must be normal").hasMessageContaining("bad");
    }

    @Test
    void refusesEmptyFolders() throws IOException {
        tree.folders("tile/test/stain", "tile/ground_truth/stain");
        assertRefused().hasMessage("the folder " + root.resolve("tile/test/stain") + " has no PNG or JPEG files");
        tree.delete("tile/test/stain");
        assertThat(tile().test()).hasSize(3);
        new Tree(root).folders("wood/train/good", "wood/test/good");
        assertRefused().hasMessageContaining(root.resolve("wood/train/good").toString());
    }

    @Test
    void refusesACategoryWithoutTestOrTrain() throws IOException {
        tree.pictures("wood/train/good/000.png");
        assertRefused().hasMessage("there is no folder " + root.resolve("wood/test"));
        tree.folders("wood/test");
        assertRefused().hasMessageContaining("a folder good and one for each kind of defect");
        tree.pictures("carpet/test/good/000.png");
        assertRefused().hasMessage("there is no folder " + root.resolve("carpet/train"));
    }

    @Test
    void refusesPicturesWhereNoneBelong() throws IOException {
        tree.pictures("tile/test/000.png");
        assertRefused().hasMessageContaining("must lie in folders of it");
        tree.delete("tile/test/000.png").pictures("tile/train/good/more/000.png");
        assertRefused().hasMessageContaining("must hold pictures only but has the folder more");
    }

    @Test
    void refusesPicturesOfOtherFormats() throws IOException {
        tree.text("tile/train/good/003.BMP", "BM");
        assertRefused().hasMessageContaining("003.BMP is neither PNG nor JPEG: convert it");
    }

    @Test
    void refusesRootsThatAreNoFolders() throws IOException {
        tree.text("file", "");
        assertThatThrownBy(() -> Datasets.mvtec(root.resolve("file")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a folder");
        assertThatThrownBy(() -> Datasets.mvtec(root.resolve("nowhere")))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no folder " + root.resolve("nowhere"));
        tree.folders("empty");
        assertThatThrownBy(() -> Datasets.mvtec(root.resolve("empty")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("train or test or ground_truth");
    }

    @Test
    void readsNormalAndAnomalousImages() throws IOException {
        var dataset = Datasets.mvtec(root);
        assertThat(dataset.name()).isEqualTo(String.valueOf(root.getFileName()));
        assertThat(dataset.categories()).containsExactly("tile");
        var tile = dataset.category("tile");
        assertThat(tree.images(tile.train()))
                .containsExactly("tile/train/good/000.png", "tile/train/good/001.png", "tile/train/good/002.png");
        assertThat(tree.images(tile.test()))
                .containsExactly("tile/test/good/000.png", "tile/test/scratch/000.png", "tile/test/scratch/001.png");
        assertThat(tile.test()).extracting(Sample::defect).containsExactly("good", "scratch", "scratch");
        assertThat(tile.test()).extracting(Sample::anomalous).containsExactly(false, true, true);
        assertThat(tile.test().get(2).mask().map(tree::relative)).contains("tile/ground_truth/scratch/001_mask.png");
        assertThat(tile.test().get(2).readMask().orElseThrow().area()).isEqualTo(Tree.WIDTH * Tree.HEIGHT);
    }

    @Test
    void readsOneCategoryFromItsOwnFolder() throws IOException {
        var dataset = Datasets.mvtec(root.resolve("tile").resolve("."));
        assertThat(dataset.categories()).containsExactly("tile");
        assertThat(dataset.category("tile").test()).hasSize(3);
    }

    @Test
    void sortsCategoriesAndPassesOverOtherFoldersAndFiles() throws IOException {
        tree.mvtec("cable").mvtec("Wood").folders("results").text("license.txt", "CC");
        assertThat(Datasets.mvtec(root).categories()).containsExactly("Wood", "cable", "tile");
    }

    @Test
    void passesOverWhatSystemsLeaveBehind() throws IOException {
        tree.text("tile/train/good/.DS_Store", "")
                .text("tile/train/good/Thumbs.db", "")
                .text("tile/train/good/desktop.ini", "")
                .text("tile/train/good/._000.png", "")
                .text("tile/train/good/notes.txt", "")
                .text("tile/ground_truth/scratch/._000_mask.png", "")
                .folders("tile/test/.ipynb_checkpoints", "tile/test/__MACOSX", ".git/train");
        assertThat(Datasets.mvtec(root).categories()).containsExactly("tile");
        assertThat(tile().train()).hasSize(3);
        assertThat(tile().test()).hasSize(3);
    }

    @Test
    void readsExtensionsOfAnyCase() throws IOException {
        tree.pictures(
                "tile/train/good/003.JPG",
                "tile/train/good/004.jpeg",
                "tile/train/good/005.PNG",
                "tile/test/scratch/a.b.JPEG",
                "tile/ground_truth/scratch/a.b_mask.PNG");
        assertThat(tile().train()).hasSize(6);
        var dotted = tile().test().get(3);
        assertThat(tree.relative(dotted.image())).isEqualTo("tile/test/scratch/a.b.JPEG");
        assertThat(dotted.readMask()).isPresent();
        assertThat(dotted.mask().map(tree::relative)).contains("tile/ground_truth/scratch/a.b_mask.PNG");
    }

    @Test
    void followsLinksAndRefusesThoseToNowhere(@TempDir Path elsewhere) throws IOException {
        new Tree(elsewhere).mvtec("grid").pictures("one.png");
        link(root.resolve("grid"), elsewhere.resolve("grid"));
        link(root.resolve("tile/train/good/003.png"), elsewhere.resolve("one.png"));
        var dataset = Datasets.mvtec(root);
        assertThat(dataset.categories()).isEqualTo(List.of("grid", "tile"));
        assertThat(dataset.category("tile").train()).hasSize(4);
        Files.delete(elsewhere.resolve("one.png"));
        assertRefused().hasMessageContaining("003.png isn't a file, perhaps a link");
    }

    private static void link(Path link, Path target) throws IOException {
        try {
            Files.createSymbolicLink(link, target);
        } catch (UnsupportedOperationException | FileSystemException e) {
            assumeTrue(false, "no links here: " + e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    Path root;

    private Tree tree;

    @BeforeEach
    void tree() throws IOException {
        tree = new Tree(root).pictures("normal/a.png", "normal/b.jpg", "abnormal/c.JPG", "abnormal/d.png");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertThatThrownBy(() -> Datasets.folders(root)).isInstanceOf(IOException.class);
    }

    private Category only() throws IOException {
        var dataset = Datasets.folders(root);
        assertThat(dataset.categories()).hasSize(1);
        return dataset.category(dataset.categories().get(0));
    }

    @Test
    void onceThereAreMasksEveryAnomalyNeedsOne() throws IOException {
        tree.pictures("masks/c.png");
        assertRefused().hasMessageContaining("without mask d.png;");
        tree.folders("masks").delete("masks/c.png");
        assertRefused().hasMessageContaining("without mask c.JPG, d.png;");
    }

    @Test
    void refusesMasksOfNormalImages() throws IOException {
        tree.pictures("masks/c.png", "masks/d_mask.png", "masks/a.png");
        assertRefused().hasMessageContaining("without image a.png;");
    }

    @Test
    void refusesMasksWithoutAnomalies() throws IOException {
        tree.delete("abnormal/c.JPG")
                .delete("abnormal/d.png")
                .delete("abnormal")
                .pictures("masks/c.png");
        assertRefused().hasMessageContaining("there are masks in").hasMessageContaining("abnormal");
    }

    @Test
    void refusesEmptyFolders() throws IOException {
        tree.folders("test_normal");
        assertRefused().hasMessageContaining(root.resolve("test_normal").toString());
        tree.delete("test_normal").delete("normal/a.png").delete("normal/b.jpg");
        assertRefused().hasMessageContaining(root.resolve("normal").toString());
        tree.delete("normal");
        assertRefused().hasMessage("there is no folder " + root.resolve("normal"));
    }

    @Test
    void refusesFoldersOfDefects() throws IOException {
        tree.pictures("abnormal/scratch/e.png");
        assertRefused().hasMessageContaining("pictures only but has the folder scratch");
    }

    @Test
    void anomaliesWithoutAnyMasksCountAsAWhole() throws IOException {
        var category = only();
        assertThat(tree.images(category.train())).containsExactly("normal/a.png", "normal/b.jpg");
        assertThat(tree.images(category.test())).containsExactly("abnormal/c.JPG", "abnormal/d.png");
        assertThat(category.test())
                .allMatch(Sample::anomalous)
                .allMatch(sample -> sample.mask().isEmpty());
        assertThat(category.test().get(0).readMask()).isEmpty();
    }

    @Test
    void normalImagesForTheTestAreKeptApart() throws IOException {
        tree.pictures("test_normal/a.png", "masks/c.png", "masks/d_mask.png");
        var category = only();
        assertThat(category.train()).hasSize(2);
        assertThat(tree.images(category.test()))
                .containsExactly("test_normal/a.png", "abnormal/c.JPG", "abnormal/d.png");
        assertThat(category.test()).extracting(Sample::defect).containsExactly("good", "abnormal", "abnormal");
        assertThat(category.test().get(2).mask().map(tree::relative)).contains("masks/d_mask.png");
    }

    @Test
    void normalImagesAloneAreEnoughForReferences() throws IOException {
        tree.delete("abnormal/c.JPG").delete("abnormal/d.png").delete("abnormal");
        assertThat(only().train()).hasSize(2);
        assertThat(only().test()).isEmpty();
    }

    @Test
    void readsAFolderOfCategories(@TempDir Path above) throws IOException {
        new Tree(above).pictures("nut/normal/a.png", "bolt/normal/a.png").folders("notes");
        assertThat(Datasets.folders(above).categories()).containsExactly("bolt", "nut");
        new Tree(above).pictures("cap/abnormal/a.png");
        assertThatThrownBy(() -> Datasets.folders(above))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no folder " + above.resolve("cap/normal"));
    }

    @Test
    void opensEveryLayout(@TempDir Path other) throws IOException {
        assertThat(Datasets.open(root).categories()).containsExactly(String.valueOf(root.getFileName()));
        new Tree(other).mvtec("tile");
        assertThat(Datasets.open(other).categories()).containsExactly("tile");
        assertThat(Datasets.open(other.resolve("tile")).categories()).containsExactly("tile");
    }

    @Test
    void opensNothingThatItDoesNotRecognise(@TempDir Path other) throws IOException {
        assertThatThrownBy(() -> Datasets.open(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("looked in it")
                .hasMessageContaining("train/good")
                .hasMessageContaining("normal")
                .hasMessageContaining("split_csv/1cls.csv");
        new Tree(other).mvtec("tile").pictures("nut/normal/a.png");
        assertThatThrownBy(() -> Datasets.open(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Datasets.mvtec or Datasets.folders");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CategoryTest {
    private static Sample normal(String file) {
        return new Sample(Path.of(file), Optional.empty(), Sample.GOOD);
    }

    private static Category ofSize(int count) {
        var train = IntStream.range(0, count)
                .mapToObj(i -> normal("%03d.png".formatted(i)))
                .toList();
        return new Category("nut", train, List.of());
    }

    private static List<String> names(List<Sample> samples) {
        return samples.stream().map(sample -> sample.image().toString()).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 4, Integer.MAX_VALUE})
    void rejectsDrawsThatTheSetCannotGive(int k) {
        assertThatThrownBy(() -> ofSize(3).kShot(k, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("k must be 1 to 3, the number of normal images of nut, but was " + k);
    }

    @Test
    void rejectsAnomaliesToTrainOn() {
        var cracked = new Sample(Path.of("7.png"), Optional.empty(), "crack");
        assertThatThrownBy(() -> new Category("nut", List.of(normal("6.png"), cracked), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7.png has defect \"crack\"");
    }

    @Test
    void rejectsBlankNames() {
        assertThatThrownBy(() -> new Category(" ", List.of(), List.of())).hasMessageContaining("must not be blank");
        assertThatThrownBy(() -> Dataset.of(" ", List.of(ofSize(1)))).hasMessageContaining("must not be blank");
        assertThatThrownBy(() -> new Sample(Path.of("a"), Optional.empty(), ""))
                .hasMessageContaining("must not be blank");
    }

    @Test
    void rejectsAMaskOfANormalImage() {
        assertThatThrownBy(() -> new Sample(Path.of("a.png"), Optional.of(Path.of("m.png")), Sample.GOOD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.png")
                .hasMessageContaining("m.png");
    }

    @Test
    void rejectsDatasetsWithoutCategoriesOrWithOneTwice() {
        assertThatThrownBy(() -> Dataset.of("d", List.of())).hasMessageContaining("at least one category");
        assertThatThrownBy(() -> Dataset.of("d", List.of(ofSize(1), ofSize(2))))
                .hasMessageContaining("two categories named nut");
    }

    @Test
    void listsTheCategoriesIfOneIsUnknown() {
        var dataset = Dataset.of(
                "d", List.of(new Category("tile", List.of(), List.of()), new Category("cable", List.of(), List.of())));
        assertThat(dataset.categories()).containsExactly("cable", "tile");
        assertThat(dataset).hasToString("Dataset[d: cable, tile]");
        assertThatThrownBy(() -> dataset.category("Cable"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the dataset d has no category \"Cable\"; it has cable, tile");
    }

    @Test
    void drawsTheSameImagesOnEveryMachine() {
        // computed by an independent Philox4x32-10 in Python
        assertThat(names(ofSize(200).kShot(4, 0))).containsExactly("033.png", "042.png", "008.png", "006.png");
    }

    @Test
    void smallDrawsBeginLargeOnesAndNothingIsDrawnTwice() {
        var random = new SplittableRandom(31);
        for (int round = 0; round < 50; round++) {
            var category = ofSize(random.nextInt(1, 60));
            long seed = random.nextLong();
            var all = category.kShot(category.train().size(), seed);
            assertThat(all).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(category.train());
            int k = random.nextInt(1, all.size() + 1);
            assertThat(category.kShot(k, seed)).as("k %d, seed %d", k, seed).isEqualTo(all.subList(0, k));
        }
    }

    @Test
    void neighbouringSeedsDrawFromTheWholeSet() {
        var category = ofSize(16);
        var first = new HashSet<Sample>();
        for (int seed = 0; seed < 200; seed++) {
            first.addAll(category.kShot(1, seed));
        }
        assertThat(first).hasSize(16);
        assertThat(category.kShot(16, 1)).isNotEqualTo(category.kShot(16, 1L << 32)); // all 64 bits count
    }
}

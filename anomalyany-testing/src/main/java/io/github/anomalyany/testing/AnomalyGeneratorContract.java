// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationCancelledException;
import io.github.anomalyany.GenerationListener;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationResult;
import io.github.anomalyany.Provenance;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.RegionProposal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link AnomalyGenerator} must do. A subclass opens one, and may give a request that is quick on it. One generator
 * serves all tests but those that close it.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class AnomalyGeneratorContract {
    private static final int WIDTH = 96;
    private static final int HEIGHT = 80;

    private AnomalyGenerator generator = new FakeGenerator();

    /** For subclasses. */
    protected AnomalyGeneratorContract() {}

    /**
     * Opens a generator; the contract closes it.
     *
     * @return a new generator
     */
    protected abstract AnomalyGenerator open();

    /**
     * Whether it makes a picture in steps that a listener hears of. Where not, the tests of steps look at pictures.
     *
     * @return default true
     */
    protected boolean makesSteps() {
        return true;
    }

    /**
     * A request to start from. Its count, seed, region and retries are set by the tests.
     *
     * @return default: {@link #picture()}, "a photo of wood with a hole", the generator's settings
     */
    protected GenerationRequest.Builder request() {
        return GenerationRequest.builder()
                .normal(picture())
                .anomaly("a photo of wood with a hole")
                .seed(5);
    }

    /**
     * A normal picture.
     *
     * @return 96×80 pixels of brown stripes with some noise
     */
    protected static RgbImage picture() {
        var random = new SplittableRandom(1);
        var bytes = new byte[3 * WIDTH * HEIGHT];
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            int grey = 110 + 40 * ((i % WIDTH) / 7 % 2) + random.nextInt(20);
            bytes[3 * i] = (byte) grey;
            bytes[3 * i + 1] = (byte) (grey - 20);
            bytes[3 * i + 2] = (byte) (grey - 50);
        }
        return RgbImage.of(WIDTH, HEIGHT, bytes);
    }

    @BeforeAll
    void openOnce() {
        generator = open();
    }

    @AfterAll
    void close() {
        generator.close();
    }

    @Test
    void refusesWorkAfterItWasClosedAndClosesTwice() {
        var closed = open();
        closed.close();
        closed.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> closed.generate(request().build()))
                .withMessageContaining("closed");
    }

    @Test
    void closingDuringARunEndsTheRun() throws Exception {
        var closing = open();
        var started = new CountDownLatch(1);
        var listener = atTheFirstNews(started::countDown);
        var run = CompletableFuture.supplyAsync(
                        () -> closing.generate(request().count(100_000).build(), RunControl.listeningTo(listener)))
                .whenComplete((result, failure) -> started.countDown());
        started.await();
        closing.close();
        assertThatThrownBy(run::get)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void refusesAProposalOfAnotherSizeThanThePictures() {
        var proposal = new RegionProposal() {
            @Override
            public String description() {
                return "wrong-size";
            }

            @Override
            public Mask propose(RgbImage normal, long seed, int index) {
                return Mask.full(3, 2);
            }
        };
        var request = request().region(proposal).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.generate(request))
                .withMessageContaining("wrong-size")
                .withMessageContaining("96×80")
                .withMessageContaining("3×2");
    }

    @Test
    void stopsAtTheNextStepWhenCancelled() {
        var token = new CancellationToken();
        var control = RunControl.listeningTo(atTheFirstNews(token::cancel)).withToken(token);
        assertThatThrownBy(() -> generator.generate(request().count(3).build(), control))
                .isInstanceOfSatisfying(
                        GenerationCancelledException.class,
                        e -> assertThat(e.stepsDone()).isEqualTo(makesSteps() ? 1 : 0));
    }

    @Test
    void stopsWhenItsTimeIsOver() {
        var control = RunControl.none().withTimeout(Duration.ofNanos(1));
        assertThatThrownBy(() -> generator.generate(request().build(), control))
                .isInstanceOf(GenerationCancelledException.class)
                .hasMessageContaining("timeout of PT0.000000001S");
    }

    @Test
    void stopsWhenInterruptedAndKeepsTheFlag() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> generator.generate(request().build()))
                    .isInstanceOf(GenerationCancelledException.class)
                    .hasMessageContaining("interrupt");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void keepsWhatWasMadeBeforeACancellation() {
        var token = new CancellationToken();
        var made = new ArrayList<GeneratedAnomaly>();
        var listener = new GenerationListener() {
            @Override
            public void onImage(GeneratedAnomaly image) {
                made.add(image);
                token.cancel();
            }
        };
        var control = RunControl.listeningTo(listener).withToken(token);
        assertThatThrownBy(() -> generator.generate(request().count(3).build(), control))
                .isInstanceOfSatisfying(
                        GenerationCancelledException.class,
                        e -> assertThat(all(e.completed())).isEqualTo(made).hasSize(1));
    }

    @Test
    void goesOnWhenAListenerThrows() {
        var listener = new GenerationListener() {
            @Override
            public void onStep(StepEvent event) {
                throw new IllegalStateException("thrown on purpose");
            }

            @Override
            public void onImage(GeneratedAnomaly made) {
                throw new IllegalStateException("thrown on purpose");
            }
        };
        var result = generator.generate(request().build(), RunControl.listeningTo(listener));
        assertThat(all(result)).hasSize(1);
    }

    @Test
    void tellsTheListenerOfEachStepAndEachPictureInOrder() {
        var steps = new ArrayList<GenerationListener.StepEvent>();
        var made = new ArrayList<GeneratedAnomaly>();
        var listener = new GenerationListener() {
            @Override
            public void onStep(StepEvent event) {
                steps.add(event);
            }

            @Override
            public void onImage(GeneratedAnomaly image) {
                made.add(image);
            }
        };
        var result = generator.generate(request().count(2).build(), RunControl.listeningTo(listener));
        assertThat(made).containsExactlyInAnyOrderElementsOf(all(result)).hasSize(2);
        if (!makesSteps()) {
            assertThat(steps).isEmpty();
            return;
        }
        assertThat(steps).hasSize(2 * steps.get(0).steps());
        for (int i = 0; i < steps.size(); i++) {
            assertThat(steps.get(i).images()).isEqualTo(2);
            assertThat(steps.get(i).image()).as("picture of event %d", i).isBetween(0, 1);
            assertThat(steps.get(i).timestep()).as("timestep of event %d", i).isBetween(0.0, 999.0);
        }
        assertThat(steps.get(steps.size() - 1).remaining()).isZero();
    }

    @Test
    void givesEveryPictureTheSizeOfTheNormalOne() {
        for (var made : all(generator.generate(request().count(2).build()))) {
            assertThat(List.of(
                            made.image().width(),
                            made.mask().width(),
                            made.scores().width()))
                    .containsOnly(WIDTH);
            assertThat(List.of(
                            made.image().height(),
                            made.mask().height(),
                            made.scores().height()))
                    .containsOnly(HEIGHT);
        }
    }

    @Test
    void acceptsWhatHasNoReasonAgainstItAndAMask() {
        var result = generator.generate(request().count(3).build());
        assertThat(result.accepted()).allSatisfy(made -> {
            assertThat(made.verdict().reasons()).isEmpty();
            assertThat(made.mask().isEmpty()).isFalse();
            assertThat(made.image()).isNotEqualTo(picture());
        });
        assertThat(result.rejected())
                .allSatisfy(made -> assertThat(made.verdict().reasons()).isNotEmpty());
    }

    @Test
    void marksNothingFarFromTheRegionAndChangesNothingThere() {
        var region = Mask.rectangle(WIDTH, HEIGHT, new Region(8, 8, 24, 24));
        var made = all(generator.generate(request().region(region).build())).get(0);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = WIDTH / 2 + 16; x < WIDTH; x++) {
                assertThat(made.image().rgb(x, y))
                        .as("pixel %d, %d", x, y)
                        .isEqualTo(picture().rgb(x, y));
                assertThat(made.mask().contains(x, y))
                        .as("mask at %d, %d", x, y)
                        .isFalse();
                assertThat(made.scores().value(x, y))
                        .as("score at %d, %d", x, y)
                        .isZero();
            }
        }
    }

    @Test
    void givesEachPictureTheRegionThatIsProposedForIt() {
        var asked = new ArrayList<Integer>();
        var proposal = new RegionProposal() {
            @Override
            public String description() {
                return "remembering";
            }

            @Override
            public Mask propose(RgbImage normal, long seed, int index) {
                asked.add(index);
                return Mask.full(normal.width(), normal.height());
            }
        };
        generator.generate(request().region(proposal).count(2).build());
        assertThat(asked).containsExactly(0, 1);
    }

    @Test
    void equalRequestsGiveEqualPicturesOneAfterTheOtherAndAtOnce() {
        var request = request().count(2).build();
        var first = told(generator.generate(request));
        assertThat(told(generator.generate(request))).isEqualTo(first);
        var other = CompletableFuture.supplyAsync(() -> told(generator.generate(request)));
        assertThat(told(generator.generate(request))).isEqualTo(first);
        assertThat(other.join()).isEqualTo(first);
    }

    @Test
    void otherSeedsAndOtherNumbersGiveOtherPictures() {
        var one = told(generator.generate(request().count(2).build()));
        assertThat(one).doesNotHaveDuplicates();
        assertThat(told(generator.generate(request().seed(6).build())).get(0)).isNotIn(one);
    }

    @Test
    void picturesCarryTheirProvenance(@TempDir Path folder) throws IOException {
        var made = all(generator.generate(request().build())).get(0);
        assertThat(made.provenance().id()).matches("[A-Za-z0-9-]+");
        var file = folder.resolve("made.png");
        made.write(file);
        assertThat(RgbImage.read(file)).isEqualTo(made.image());
        assertThat(RgbImage.readPngText(file))
                .containsEntry(Provenance.PNG_KEYWORD, made.provenance().toJson());
    }

    /** Does something when a step or a picture is there. */
    private static GenerationListener atTheFirstNews(Runnable what) {
        return new GenerationListener() {
            @Override
            public void onStep(StepEvent event) {
                what.run();
            }

            @Override
            public void onImage(GeneratedAnomaly made) {
                what.run();
            }
        };
    }

    private static List<GeneratedAnomaly> all(GenerationResult result) {
        var all = new ArrayList<>(result.accepted());
        all.addAll(result.rejected());
        return all;
    }

    /** Everything that can be compared of each picture. */
    private static List<List<Object>> told(GenerationResult result) {
        return all(result).stream()
                .<List<Object>>map(made -> List.of(
                        made.image(),
                        made.mask(),
                        made.scores(),
                        made.verdict(),
                        made.provenance().toJson()))
                .toList();
    }
}

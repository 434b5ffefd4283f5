// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtGradientCollector;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BannedCallsTest {
    private static final String PACKAGE = "io.github.anomalyany";
    private static final JavaClasses SAMPLES = new ClassFileImporter()
            .importClasses(Stream.concat(offenders().stream(), Stream.of(Weights.class, Harmless.class))
                    .toList());

    @Test
    void findsNoneInTheProject() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(PACKAGE);

        assertThat(classes).isNotEmpty();
        assertThat(BannedCalls.in(classes)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("offenders")
    void findsEachKind(Class<?> offender) {
        assertThat(BannedCalls.in(SAMPLES.that(equivalentTo(offender)))).hasSize(1);
    }

    static List<Class<?>> offenders() {
        return Arrays.asList(Offenders.class.getDeclaredClasses());
    }

    @Test
    void letsTheLoaderMakeArraysFromData() {
        assertThat(BannedCalls.in(SAMPLES.that(equivalentTo(Weights.class)))).isEmpty();
    }

    @Test
    void letsEverybodyUseTheHarmlessOnes() {
        assertThat(BannedCalls.in(SAMPLES.that(equivalentTo(Harmless.class)))).isEmpty();
    }

    /** One banned call each. */
    static final class Offenders {
        static final class Multiply {
            NDArray call(NDArray x) {
                return x.mul(.5f);
            }
        }

        static final class MultiplyOfTheEngineClass {
            NDArray call(PtNDArray x) {
                return x.mul(.5f);
            }
        }

        static final class AddInPlace {
            NDArray call(NDArray x) {
                return x.addi(1);
            }
        }

        static final class Maximum {
            NDArray call(NDArray x) {
                return x.maximum(0);
            }
        }

        static final class ToType {
            NDArray call(NDArray x) {
                return x.toType(DataType.FLOAT32, false);
            }
        }

        static final class DuplicateByReference {
            UnaryOperator<NDArray> call() {
                return NDArray::duplicate;
            }
        }

        static final class Swish {
            NDArray call(NDArray x) {
                return Activation.swish(x, 1);
            }
        }

        static final class Create {
            NDArray call(NDManager manager) {
                return manager.create(new float[] {1});
            }
        }

        static final class CreateByTheBinding {
            NDArray call(PtNDManager manager, ByteBuffer data) {
                return JniUtils.createNdFromByteBuffer(
                        manager, data, new Shape(1), DataType.FLOAT32, SparseFormat.DENSE, manager.getDevice());
            }
        }

        static final class Decode {
            NDList call(NDManager manager, byte[] file) {
                return NDList.decode(manager, file);
            }
        }

        static final class Collector {
            void call(PtGradientCollector collector, NDArray x) {
                collector.backward(x);
            }
        }

        static final class CollectorOfTheEngine {
            GradientCollector call(Engine engine) {
                return engine.newGradientCollector();
            }
        }

        static final class Forward {
            NDList call(Block block, ParameterStore store, NDList x) {
                return block.forward(store, x, true);
            }
        }

        static final class ForwardOfTheEngineClass {
            NDList call(PtSymbolBlock block, ParameterStore store, NDList x) {
                return block.forward(store, x, true);
            }
        }

        static final class RunMethod {
            IValue call(PtSymbolBlock block, IValue x) {
                return IValueUtils.runMethod(block, "forward", x);
            }
        }
    }

    static final class Weights {
        NDArray call(NDManager manager) {
            return manager.create(new float[] {1});
        }
    }

    static final class Harmless {
        NDArray call(NDManager manager, NDArray x) {
            return x.add(manager.create(new Shape(1))).mul(x);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Calls of DJL that give wrong gradients, cut the graph, run in inference mode or abort the JVM, and what to write
 * instead. Works on compiled classes of any package.
 */
public final class BannedCalls {
    /** The only classes that may make arrays over Java's memory: one keeps that memory alive, one copies at once. */
    private static final Set<String> MAKERS = Set.of("Weights", "TensorScope");

    private static final Set<String> ARITHMETIC = Set.of(
            "add", "addi", "sub", "subi", "mul", "muli", "div", "divi", "mod", "modi", "pow", "powi", "maximum",
            "minimum");
    private static final String ARRAY = "ai.djl.ndarray.NDArray";
    private static final String MANAGER = "ai.djl.ndarray.NDManager";
    private static final List<Ban> BANS = List.of(
            new Ban(
                    "gives wrong gradients after a garbage collection; pass the number to a kernel",
                    call -> isOn(call, ARRAY)
                            && ARITHMETIC.contains(call.getName())
                            && takes(call, "java.lang.Number")),
            new Ban(
                    "cuts the graph; cast or copy in a kernel",
                    call -> isOn(call, ARRAY) && Set.of("toType", "duplicate").contains(call.getName())),
            new Ban("gives wrong gradients after a garbage collection; use a kernel", call -> isSwish(call)),
            new Ban(
                    "makes an array over memory that Java may free; only " + MAKERS + " may",
                    call -> isOutsideMakers(call)
                            && (isCreateFromData(call) || call.getName().equals("createNdFromByteBuffer"))),
            new Ban(
                    "aborts the JVM on bfloat16 and takes three times the memory; read safetensors files",
                    call -> call.getName().equals("decode")
                            && (isOn(call, "ai.djl.ndarray.NDList") || isOn(call, MANAGER))),
            new Ban(
                    "is exclusive per process and accumulates; differentiate in a kernel",
                    call -> isOn(call, "ai.djl.training.GradientCollector")
                            || call.getName().equals("newGradientCollector")),
            new Ban(
                    "runs in inference mode; call kernels through the tensor runtime",
                    call -> isOn(call, "ai.djl.nn.Block") && call.getName().equals("forward")),
            new Ban(
                    "runs in inference mode; call kernels through the tensor runtime",
                    call -> isOn(call, "ai.djl.pytorch.jni.IValueUtils")));

    private BannedCalls() {}

    private record Ban(String why, Predicate<JavaCodeUnitAccess<?>> matches) {}

    /** Describes each banned call or method reference in the classes; empty if there is none. */
    public static List<String> in(JavaClasses classes) {
        var found = new ArrayList<String>();
        for (var javaClass : classes) {
            for (var call : javaClass.getCodeUnitAccessesFromSelf()) {
                for (var ban : BANS) {
                    if (ban.matches().test(call)) {
                        found.add(call.getDescription() + ": " + ban.why());
                    }
                }
            }
        }
        return found;
    }

    private static boolean isOn(JavaCodeUnitAccess<?> call, String type) {
        return call.getTargetOwner().isAssignableTo(type);
    }

    private static boolean takes(JavaCodeUnitAccess<?> call, String type) {
        return call.getTarget().getRawParameterTypes().stream()
                .anyMatch(parameter -> parameter.getName().equals(type));
    }

    private static boolean isSwish(JavaCodeUnitAccess<?> call) {
        return Set.of("swish", "swishBlock").contains(call.getName())
                && (isOn(call, "ai.djl.nn.Activation") || isOn(call, "ai.djl.ndarray.internal.NDArrayEx"));
    }

    private static boolean isCreateFromData(JavaCodeUnitAccess<?> call) {
        var parameters = call.getTarget().getRawParameterTypes();
        return isOn(call, MANAGER)
                && call.getName().equals("create")
                && !parameters.get(0).getName().equals("ai.djl.ndarray.types.Shape");
    }

    private static boolean isOutsideMakers(JavaCodeUnitAccess<?> call) {
        Optional<JavaClass> owner = Optional.of(call.getOriginOwner());
        while (owner.isPresent() && !MAKERS.contains(owner.get().getSimpleName())) {
            owner = owner.get().getEnclosingClass();
        }
        return owner.isEmpty();
    }
}

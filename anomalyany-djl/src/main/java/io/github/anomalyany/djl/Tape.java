// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A computation of kernels, block by block, and its way back: reverse-mode differentiation whose unit is the block. Within
 * a block PyTorch differentiates, or the block's own way back where {@code kernels.py} has one; between blocks this class adds up cotangents, always in the same order, so that the
 * gradients have the same bits whatever is kept in {@link Memory}.
 *
 * <p>Each use of a value as an argument counts: a value is freed after the last use announced for it. A value is made with
 * one use; {@link Value#again()} announces another. Belongs to one thread and to the scope that it was made in.
 */
public final class Tape {
    /** What a tape keeps for gradients. */
    public enum Memory {
        /** Nothing: no gradients can be taken. */
        INFERENCE,
        /** Every block's intermediate results. */
        ALL,
        /** Every block's inputs; the block runs again when its gradient is taken. About half as fast again, far smaller. */
        BLOCK_INPUTS
    }

    /** A tensor on the tape. */
    public final class Value {
        private final PtNDArray data;
        private final boolean tracked;
        private final boolean pinned;
        private int uses = 1;

        private Value(PtNDArray data, boolean tracked, boolean pinned) {
            this.data = data;
            this.tracked = tracked;
            this.pinned = pinned;
        }

        /**
         * Announces one more use.
         *
         * @return this value
         */
        public Value again() {
            uses++;
            return this;
        }

        /**
         * Length of an axis.
         *
         * @param axis from 0
         * @return its length
         */
        public long size(int axis) {
            return data.getShape().get(axis);
        }

        /**
         * The tensor itself. Not a use.
         *
         * @return the tensor, owned by the tape
         */
        public PtNDArray data() {
            return data;
        }

        /**
         * Copies the numbers out. Not a use.
         *
         * @return the numbers, last axis fastest
         */
        public float[] toArray() {
            return data.toFloatArray();
        }

        private void used() {
            if (!pinned && --uses == 0 && memory == Memory.INFERENCE) {
                data.close();
            }
        }
    }

    /** One call: its arguments as given, its results, and, where that was kept, the leaves of its graph or what its own way
     * back asked for. */
    private static final class Call {
        private final String kernel;
        private final Object[] arguments;
        private final Value[] outputs;
        private final @Nullable PtNDArray @Nullable [] leaves;
        private final PtNDArray @Nullable [] kept;

        private Call(
                String kernel,
                Object[] arguments,
                Value[] outputs,
                @Nullable PtNDArray @Nullable [] leaves,
                PtNDArray @Nullable [] kept) {
            this.kernel = kernel;
            this.arguments = arguments;
            this.outputs = outputs;
            this.leaves = leaves;
            this.kept = kept;
        }
    }

    private final Kernels kernels;
    private final PtNDManager manager;
    private final Memory memory;
    private final List<Call> calls = new ArrayList<>();

    Tape(Kernels kernels, PtNDManager manager, Memory memory) {
        this.kernels = kernels;
        this.manager = manager;
        this.memory = memory;
    }

    /**
     * Puts a constant on the tape; it may be used any number of times.
     *
     * @param data the tensor
     * @return a value without gradient
     */
    public Value constant(PtNDArray data) {
        return new Value(data, false, true);
    }

    /**
     * Puts an input on the tape whose gradient will be asked for; it may be used any number of times.
     *
     * @param data the tensor
     * @return a value with gradient
     */
    public Value variable(PtNDArray data) {
        return new Value(data, memory != Memory.INFERENCE, true);
    }

    /**
     * Calls a kernel with one result.
     *
     * @param kernel its name
     * @param arguments values, {@link BlockWeights}, whole numbers, doubles and booleans
     * @return its result
     */
    public Value call(String kernel, Object... arguments) {
        return callAll(kernel, arguments)[0];
    }

    /**
     * Calls a kernel with several results.
     *
     * @param kernel its name
     * @param arguments values, {@link BlockWeights}, whole numbers, doubles and booleans
     * @return its results
     */
    public Value[] callAll(String kernel, Object... arguments) {
        boolean tracked = false;
        for (Object argument : arguments) {
            tracked |= argument instanceof Value value && value.tracked;
        }
        boolean keeps = tracked && memory == Memory.ALL;
        boolean ownWay = kernels.hasOwnWay(kernel);
        @Nullable PtNDArray @Nullable [] leaves = keeps && !ownWay ? leaves(arguments) : null;
        String method = keeps && ownWay ? kernels.keeping(kernel) : kernel;
        PtNDArray[] results = kernels.all(manager, leaves != null, method, bare(arguments, leaves));
        PtNDArray @Nullable [] kept = null;
        if (keeps && ownWay) {
            kept = Arrays.copyOfRange(results, 1, results.length);
            results = new PtNDArray[] {results[0]};
        }
        var outputs = new Value[results.length];
        for (int i = 0; i < results.length; i++) {
            outputs[i] = new Value(results[i], tracked, false);
        }
        if (tracked) {
            calls.add(new Call(kernel, arguments.clone(), outputs, leaves, kept));
        }
        for (Object argument : arguments) {
            if (argument instanceof Value value) {
                value.used();
            }
        }
        return outputs;
    }

    /**
     * Takes gradients: the sum over outputs of the output's Jacobian, transposed, times its cotangent. Frees what was kept;
     * can be called once.
     *
     * @param cotangents a cotangent of the output's shape for each output
     * @param wanted variables that the outputs depend on
     * @return the gradient of each, of the same shape
     */
    public List<PtNDArray> gradients(Map<Value, PtNDArray> cotangents, List<Value> wanted) {
        Map<Value, PtNDArray> sums = new HashMap<>(cotangents);
        while (!calls.isEmpty()) {
            backward(calls.remove(calls.size() - 1), sums);
        }
        var gradients = new ArrayList<PtNDArray>();
        for (Value variable : wanted) {
            PtNDArray gradient = sums.get(variable);
            if (gradient == null) {
                throw new IllegalArgumentException("an input doesn't influence the outputs");
            }
            gradients.add(gradient);
        }
        return gradients;
    }

    /** Sends the cotangents of one call's outputs to its inputs, and frees the call's tensors. */
    private void backward(Call call, Map<Value, PtNDArray> sums) {
        if (kernels.hasOwnWay(call.kernel)) {
            backwardOwnWay(call, sums);
            return;
        }
        try (var scope = (PtNDManager) manager.newSubManager()) {
            var incoming = new ArrayList<PtNDArray>();
            var reached = new ArrayList<Integer>();
            for (int i = 0; i < call.outputs.length; i++) {
                call.outputs[i].data.attach(scope);
                PtNDArray cotangent = sums.remove(call.outputs[i]);
                if (cotangent != null) {
                    cotangent.attach(scope);
                    incoming.add(cotangent);
                    reached.add(i);
                }
            }
            if (reached.isEmpty()) {
                return;
            }
            @Nullable PtNDArray[] leaves = call.leaves == null ? leaves(call.arguments) : call.leaves;
            PtNDArray @Nullable [] again =
                    call.leaves == null ? kernels.all(scope, true, call.kernel, bare(call.arguments, leaves)) : null;
            var outputs = new ArrayList<PtNDArray>();
            for (int i : reached) {
                outputs.add(again == null ? call.outputs[i].data : again[i]);
            }
            PtNDArray[] inputs = attached(leaves, scope);
            PtNDArray[] found = kernels.all(
                    scope, false, "vjp", outputs.toArray(PtNDArray[]::new), inputs, incoming.toArray(PtNDArray[]::new));
            distribute(call.arguments, found, sums);
        }
    }

    /** The same for a kernel with a way back of its own. */
    private void backwardOwnWay(Call call, Map<Value, PtNDArray> sums) {
        try (var scope = (PtNDManager) manager.newSubManager()) {
            call.outputs[0].data.attach(scope);
            PtNDArray[] kept = call.kept;
            if (kept != null) {
                for (PtNDArray tensor : kept) {
                    tensor.attach(scope);
                }
            }
            PtNDArray incoming = sums.remove(call.outputs[0]);
            if (incoming == null) {
                return;
            }
            incoming.attach(scope);
            Object[] bare = bare(call.arguments, null);
            var arguments = new ArrayList<Object>();
            arguments.add(incoming);
            arguments.add(kept == null ? keptAgain(scope, call.kernel, bare) : kept);
            arguments.addAll(Arrays.asList(bare));
            PtNDArray[] found = kernels.all(scope, false, call.kernel + "_vjp", arguments.toArray());
            distribute(call.arguments, tracked(call.arguments, found), sums);
        }
    }

    /** Of the gradients of all tensor arguments those that are wanted. */
    private static PtNDArray[] tracked(Object[] arguments, PtNDArray[] found) {
        var wanted = new ArrayList<PtNDArray>();
        int next = 0;
        for (Object argument : arguments) {
            if (argument instanceof Value value) {
                if (value.tracked) {
                    wanted.add(found[next]);
                }
                next++;
            }
        }
        return wanted.toArray(PtNDArray[]::new);
    }

    private PtNDArray[] keptAgain(PtNDManager scope, String kernel, Object[] arguments) {
        String keeping = kernels.keeping(kernel);
        if (keeping.equals(kernel)) {
            return new PtNDArray[0];
        }
        PtNDArray[] again = kernels.all(scope, false, keeping, arguments);
        again[0].close();
        return Arrays.copyOfRange(again, 1, again.length);
    }

    private void distribute(Object[] arguments, PtNDArray[] found, Map<Value, PtNDArray> sums) {
        int next = 0;
        for (Object argument : arguments) {
            if (argument instanceof Value value && value.tracked) {
                PtNDArray gradient = found[next++];
                PtNDArray sum = sums.get(value);
                if (sum == null) {
                    gradient.attach(manager);
                    sums.put(value, gradient);
                } else {
                    sums.put(value, kernels.one(manager, false, "accumulate", sum, gradient));
                    sum.close();
                }
            }
        }
    }

    /** A leaf of the block's own graph for each argument that carries gradients. */
    private @Nullable PtNDArray[] leaves(Object[] arguments) {
        var leaves = new @Nullable PtNDArray[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof Value value && value.tracked) {
                PtNDArray leaf = (PtNDArray) value.data.stopGradient();
                leaf.attach(manager);
                leaf.setRequiresGradient(true);
                leaves[i] = leaf;
            }
        }
        return leaves;
    }

    private static Object[] bare(Object[] arguments, @Nullable PtNDArray @Nullable [] leaves) {
        var bare = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            PtNDArray leaf = leaves == null ? null : leaves[i];
            if (leaf != null) {
                bare[i] = leaf;
            } else {
                bare[i] = arguments[i] instanceof Value value ? value.data : arguments[i];
            }
        }
        return bare;
    }

    /** The leaves there are, in order, handed over to a scope. */
    private static PtNDArray[] attached(@Nullable PtNDArray[] leaves, PtNDManager scope) {
        var attached = new ArrayList<PtNDArray>();
        for (PtNDArray leaf : leaves) {
            if (leaf != null) {
                leaf.attach(scope);
                attached.add(leaf);
            }
        }
        return attached.toArray(PtNDArray[]::new);
    }
}

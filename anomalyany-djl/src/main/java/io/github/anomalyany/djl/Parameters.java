// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a network gets its weights from, by the names of the model's files. A network is written once against this type:
 * given {@link Architecture} it tells which tensors it wants, given {@link Weights} it gets them.
 */
public abstract class Parameters {
    /** Creates a source. */
    protected Parameters() {}

    /**
     * Asks for the tensors of one block.
     *
     * @param names full names
     * @param shapes the shape of each
     * @return the tensors, in that order
     */
    protected abstract BlockWeights block(List<String> names, List<long[]> shapes);

    /**
     * Starts a block's list of weights.
     *
     * @param prefix what all names of the block begin with, as {@code "down_blocks.0.resnets.1."}
     * @return a list to be filled
     */
    public final Block at(String prefix) {
        return new Block(prefix);
    }

    /** A block's list of weights in the making. */
    public final class Block {
        private final String prefix;
        private final List<String> names = new ArrayList<>();
        private final List<long[]> shapes = new ArrayList<>();

        private Block(String prefix) {
            this.prefix = prefix;
        }

        /**
         * Adds one tensor.
         *
         * @param name name after the prefix
         * @param shape its shape
         * @return this list
         */
        public Block tensor(String name, long... shape) {
            names.add(prefix + name);
            shapes.add(shape);
            return this;
        }

        /**
         * Adds scale and shift of a norm.
         *
         * @param name name of the layer
         * @param channels channels
         * @return this list
         */
        public Block norm(String name, long channels) {
            return tensor(name + ".weight", channels).tensor(name + ".bias", channels);
        }

        /**
         * Adds weight and bias of a convolution.
         *
         * @param name name of the layer
         * @param in channels in
         * @param out channels out
         * @param size side of the kernel
         * @return this list
         */
        public Block conv(String name, long in, long out, long size) {
            return tensor(name + ".weight", out, in, size, size).tensor(name + ".bias", out);
        }

        /**
         * Adds weight and bias of a linear layer.
         *
         * @param name name of the layer
         * @param in width in
         * @param out width out
         * @return this list
         */
        public Block linear(String name, long in, long out) {
            return matrix(name, in, out).tensor(name + ".bias", out);
        }

        /**
         * Adds the weight of a linear layer without bias.
         *
         * @param name name of the layer
         * @param in width in
         * @param out width out
         * @return this list
         */
        public Block matrix(String name, long in, long out) {
            return tensor(name + ".weight", out, in);
        }

        /**
         * Fetches the tensors.
         *
         * @return the block's weights
         */
        public BlockWeights weights() {
            return block(names, shapes);
        }
    }
}

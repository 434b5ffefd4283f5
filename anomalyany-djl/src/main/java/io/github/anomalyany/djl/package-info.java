// SPDX-License-Identifier: Apache-2.0
/**
 * The tensor runtime on DJL and PyTorch that this project's generator and detector share. For artifacts of the same
 * version; no promise to others.
 */
@NullMarked
package io.github.anomalyany.djl;

import org.jspecify.annotations.NullMarked;

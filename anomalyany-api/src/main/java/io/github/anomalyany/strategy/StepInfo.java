// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/**
 * Where a run is when a strategy is asked.
 *
 * @param step index of the denoising step, from 0
 * @param steps denoising steps of this run
 * @param timestep timestep of the model
 * @param pass index of the inner pass within the step, from 0
 */
public record StepInfo(int step, int steps, double timestep, int pass) {}

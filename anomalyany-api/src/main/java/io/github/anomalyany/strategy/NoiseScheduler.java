// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/**
 * Plans how a run descends from noise to image. Pure: equal arguments give equal plans, on any thread.
 *
 * <p>The solvers made here equal those of diffusers, coefficient by coefficient in double precision, for ε- and
 * v-prediction, without clipping of samples.
 */
public interface NoiseScheduler {
    /**
     * One line for provenance.
     *
     * @return as {@code "ddim(eta=0.0)"}
     */
    String description();

    /**
     * Plans a run.
     *
     * @param schedule what the model was trained with
     * @param steps steps of a whole run, 1 to the number of training steps
     * @param startIndex position in the whole list of timesteps to begin at, as image-to-image does; 0 for a run from
     *     pure noise
     * @return the coefficients of each step from there on
     * @throws IllegalArgumentException if an argument is out of range, or the spacing gives no such list of timesteps
     */
    SchedulePlan plan(NoiseSchedule schedule, int steps, int startIndex);

    /**
     * DDIM without fresh noise.
     *
     * @return the scheduler
     */
    static NoiseScheduler ddim() {
        return ddim(0);
    }

    /**
     * DDIM (Song et al. 2021, eq. 12 and 16).
     *
     * @param eta share of fresh noise, 0 (none) to 1 (as much as DDPM)
     * @return the scheduler
     * @throws IllegalArgumentException if eta is outside [0, 1]
     */
    static NoiseScheduler ddim(double eta) {
        return new DdimScheduler(eta);
    }

    /**
     * Ancestral sampling (Ho et al. 2020, eq. 7) with the smaller of the two variances; draws noise at every step.
     *
     * @return the scheduler
     */
    static NoiseScheduler ddpm() {
        return new DdpmScheduler();
    }

    /**
     * Pseudo linear multistep (PNDM without its Runge–Kutta start, also called PLMS), the scheduler of the released
     * AnomalyAny code. It calls the network once more than there are steps. Entered in the middle it does as diffusers
     * does: the second call discards the first update, and from then on the network is asked one entry of the list ahead
     * of the state.
     *
     * @return the scheduler
     */
    static NoiseScheduler pndm() {
        return new PndmScheduler();
    }

    /**
     * DPM-Solver++ of second order, multistep, midpoint; the first and the last step are of first order.
     *
     * @return the scheduler
     */
    static NoiseScheduler dpmSolver() {
        return new DpmSolverScheduler();
    }

    /**
     * Euler's method on the variance-exploding form: states are {@code z_0 + σ·ε}, which the network sees divided by
     * {@code √(σ²+1)}.
     *
     * @return the scheduler
     */
    static NoiseScheduler euler() {
        return new EulerScheduler();
    }
}

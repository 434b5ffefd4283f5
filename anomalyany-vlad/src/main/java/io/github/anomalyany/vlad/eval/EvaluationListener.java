// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import java.time.Duration;

/**
 * Hears how an evaluation goes. Called on the thread of the evaluation. What a listener throws is logged and doesn't stop
 * it.
 */
@FunctionalInterface
public interface EvaluationListener {
    /**
     * Some pictures were examined, or a cell was found finished by an earlier run.
     *
     * @param progress how far it is
     */
    void onProgress(Progress progress);

    /**
     * How far an evaluation is. A cell is one category with one method, number of shots and seed.
     *
     * @param method name of the method
     * @param shots good pictures of the category; 0 for methods without
     * @param seed by which they were drawn; 0 for methods without
     * @param category name of the category
     * @param resumed whether an earlier run had finished this cell
     * @param cellsDone finished cells
     * @param cells cells in all
     * @param picturesDone examined pictures, those of earlier runs included
     * @param pictures pictures in all, counted once for each cell
     * @param elapsed time since this run began
     * @param remaining estimate of the time still needed; zero before the first picture
     */
    record Progress(
            String method,
            int shots,
            long seed,
            String category,
            boolean resumed,
            int cellsDone,
            int cells,
            long picturesDone,
            long pictures,
            Duration elapsed,
            Duration remaining) {}
}

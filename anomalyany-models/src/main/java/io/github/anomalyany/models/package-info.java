// SPDX-License-Identifier: Apache-2.0
/**
 * Where models are: {@link io.github.anomalyany.models.ModelStore} turns a name into a folder that generators and
 * detectors load.
 */
@NullMarked
package io.github.anomalyany.models;

import org.jspecify.annotations.NullMarked;

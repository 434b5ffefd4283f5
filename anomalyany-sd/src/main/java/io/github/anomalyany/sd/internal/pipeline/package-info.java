// SPDX-License-Identifier: Apache-2.0
/** From a request to annotated pictures, in the order of the method's steps. */
@NullMarked
package io.github.anomalyany.sd.internal.pipeline;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** The code that the pages of the documentation show, run, and checks of the pages themselves. */
@NullMarked
package io.github.anomalyany.examples.docs;

import org.jspecify.annotations.NullMarked;

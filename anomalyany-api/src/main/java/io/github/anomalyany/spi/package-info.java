// SPDX-License-Identifier: Apache-2.0
/** For engines: implement, don't call. */
@NullMarked
package io.github.anomalyany.spi;

import org.jspecify.annotations.NullMarked;

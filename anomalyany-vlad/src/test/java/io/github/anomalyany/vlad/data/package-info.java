// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.github.anomalyany.vlad.data;

import org.jspecify.annotations.NullMarked;

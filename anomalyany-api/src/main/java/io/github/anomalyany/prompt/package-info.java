// SPDX-License-Identifier: Apache-2.0
/** Prompts: which words name the defect. */
@NullMarked
package io.github.anomalyany.prompt;

import org.jspecify.annotations.NullMarked;

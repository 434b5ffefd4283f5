// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.spi;

/** Marks options that only one engine understands. An engine refuses options that aren't its own. */
public interface EngineOptions {}

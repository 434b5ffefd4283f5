// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import io.github.anomalyany.image.RgbImage;

/** Placeholder until the request is written. */
public final class GenerationRequest {
    private GenerationRequest() {}

    /**
     * Builder.
     *
     * @return builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builder. */
    public static final class Builder {
        private Builder() {}

        /**
         * Normal.
         *
         * @param normal n
         * @return this
         */
        public Builder normal(RgbImage normal) {
            return this;
        }

        /**
         * Prompt.
         *
         * @param prompt p
         * @return this
         */
        public Builder anomaly(String prompt) {
            return this;
        }

        /**
         * Build.
         *
         * @return request
         */
        public GenerationRequest build() {
            return new GenerationRequest();
        }
    }
}

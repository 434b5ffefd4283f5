// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

/** Turns the plane about the origin. */
record Turn(double cosine, double sine) {
    static Turn byDegrees(double degrees) {
        double angle = degrees * (Math.PI / 180);
        return new Turn(StrictMath.cos(angle), StrictMath.sin(angle));
    }

    double x(double x, double y) {
        return cosine * x + sine * y;
    }

    double y(double x, double y) {
        return cosine * y - sine * x;
    }
}

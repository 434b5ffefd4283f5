// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Says how a run goes: on a console in one line that changes, elsewhere in a line every few steps. */
final class ConsoleProgress implements GenerationListener {
    private static final int STEPS_PER_LINE = 5;

    private final PrintStream out;
    private final boolean live;
    private int shown;

    /**
     * Starts to say.
     *
     * @param out where to
     * @param live whether a line can be written over
     */
    ConsoleProgress(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    @Override
    public void onStep(StepEvent event) {
        var line = line(event);
        if (live) {
            // Blanks cover what is left of a longer line.
            out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
            out.flush();
            shown = line.length();
        } else if ((event.step() + 1) % STEPS_PER_LINE == 0 || event.step() + 1 == event.steps()) {
            out.println(line);
        }
    }

    @Override
    public void onImage(GeneratedAnomaly made) {
        if (live) {
            out.println();
            shown = 0;
        }
    }

    private static String line(StepEvent event) {
        var line = new StringBuilder();
        if (event.images() > 1) {
            line.append("image %d of %d, ".formatted(event.image() + 1, event.images()));
        }
        line.append("step %d of %d".formatted(event.step() + 1, event.steps()));
        event.attentionLoss().ifPresent(loss -> line.append(String.format(Locale.ROOT, ", attention loss %.3f", loss)));
        event.clipLoss().ifPresent(loss -> line.append(String.format(Locale.ROOT, ", CLIP loss %.3f", loss)));
        return line.append(", %s gone, about %s left".formatted(time(event.elapsed()), time(event.remaining())))
                .toString();
    }

    static String time(Duration duration) {
        long seconds = Math.round(duration.toMillis() / 1000.0);
        return seconds < 60 ? seconds + " s" : "%d min %d s".formatted(seconds / 60, seconds % 60);
    }
}

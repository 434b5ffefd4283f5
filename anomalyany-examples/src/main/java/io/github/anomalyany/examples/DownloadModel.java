// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.examples.Arguments.UsageException;
import io.github.anomalyany.models.DownloadListener;
import io.github.anomalyany.models.HubModel;
import io.github.anomalyany.models.ModelStore;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Fetches a model from the Hugging Face Hub into its cache, unless it is there, and says in which folder it is. */
public final class DownloadModel {
    private static final List<String> OPTIONS = List.of("--revision", "--cache", "--endpoint");

    static final String USAGE = """
            Fetches a Stable Diffusion or CLIP model of the Hugging Face Hub. The first argument is its name, as
            stable-diffusion-v1-5/stable-diffusion-v1-5. What is in the cache already isn't fetched again.

              --revision NAME    a branch, a tag or a commit; default main
              --cache DIR        the cache; default that of Hugging Face's own tools
              --endpoint URL     where the Hub is; default HF_ENDPOINT, else https://huggingface.co
              --help             this text

            A token for gated models is taken from HF_TOKEN or from where hf auth login leaves it.""";

    private final PrintStream out;
    private final PrintStream err;

    /**
     * Prepares the program.
     *
     * @param out for progress and the folder
     * @param err for problems
     */
    DownloadModel(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the program. Ends with 0, or 1 if it failed, or 2 if the options are wrong.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(new DownloadModel(System.out, System.err).run(args));
    }

    /** Runs and returns the exit status. */
    int run(String... args) {
        return CommandLine.run(args, USAGE, out, err, () -> download(args));
    }

    private void download(String... args) {
        if (args.length == 0 || args[0].startsWith("--")) {
            throw new UsageException("the first argument must be the model, OWNER/NAME");
        }
        var given = Arguments.pairs(OPTIONS, Arrays.copyOfRange(args, 1, args.length));
        var store = ModelStore.builder().allowDownloads(true).listener(new Report(out));
        Arguments.path(given, "--cache").ifPresent(store::cache);
        Arguments.value(given, "--endpoint").map(URI::create).ifPresent(store::endpoint);
        var model = HubModel.of(args[0])
                .withRevision(Arguments.value(given, "--revision").orElse("main"));
        out.println(store.build().huggingFace(model));
    }

    /** A line for each twentieth of the download. */
    private static final class Report implements DownloadListener {
        private static final int LINES = 20;

        private final PrintStream out;
        private long shown;

        private Report(PrintStream out) {
            this.out = out;
        }

        @Override
        public void onWait(Path lock) {
            out.println("another process downloads this model; waiting for it (" + lock + ")");
        }

        @Override
        public void onStart(Start start) {
            out.printf(
                    "%d files of %s at %s: %s, %s of it to fetch%n",
                    start.files(), start.model().id(), start.commit(), size(start.bytes()), size(start.missing()));
            shown = start.bytes() == 0 ? 0 : (start.bytes() - start.missing()) * LINES / start.bytes();
        }

        @Override
        public void onProgress(Progress progress) {
            long twentieths = progress.bytes() * LINES / progress.size();
            if (twentieths > shown) {
                shown = twentieths;
                out.printf(
                        "%3d %%  %s of %s%n", twentieths * 100 / LINES, size(progress.bytes()), size(progress.size()));
            }
        }

        @Override
        public void onRetry(Retry retry) {
            out.printf("%s: %s; again in %s%n", retry.what(), retry.reason(), ConsoleProgress.time(retry.pause()));
        }

        private static String size(long bytes) {
            return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
        }
    }
}

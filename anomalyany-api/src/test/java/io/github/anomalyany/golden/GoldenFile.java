// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.golden;

import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One golden: inputs to feed and outputs to compare with. Reads its file when first asked for a tensor. */
public final class GoldenFile {
    /** Computes the outputs and hands each to the check. */
    @FunctionalInterface
    public interface Body {
        /** Computes and compares. */
        void run(GoldenCheck check) throws Exception;
    }

    private final Goldens goldens;
    private final String name;
    private @Nullable SafetensorsFile file;

    GoldenFile(Goldens goldens, String name) {
        this.goldens = goldens;
        this.name = name;
    }

    /** Path relative to the folder of goldens, as {@code unet/sd15-tiny-16x16.safetensors}. */
    public String name() {
        return name;
    }

    /** File name without extension, as {@code sd15-tiny-16x16}. */
    public String stem() {
        return name.substring(name.lastIndexOf('/') + 1, name.lastIndexOf('.'));
    }

    /** How the golden was made, from the file's header. */
    public String about() {
        return safetensors().metadata("about");
    }

    /** The tensor {@code in.<name>}. */
    public GoldenTensor in(String input) {
        return safetensors().tensor("in." + input);
    }

    /** Whether there is a tensor {@code in.<name>}. */
    public boolean hasIn(String input) {
        return inputs().contains(input);
    }

    /** The tensor {@code out.<name>}. */
    public GoldenTensor out(String output) {
        return safetensors().tensor("out." + output);
    }

    /** Whether there is a tensor {@code out.<name>}. */
    public boolean hasOut(String output) {
        return outputs().contains(output);
    }

    /** Names of the inputs without {@code in.}. */
    public SortedSet<String> inputs() {
        return withPrefix("in.");
    }

    /** Names of the outputs without {@code out.}. */
    public SortedSet<String> outputs() {
        return withPrefix("out.");
    }

    /** Largest allowed |ours − golden| of an output; 0 where equality is asked for. */
    public double tolerance(String output) {
        Object row = goldens.tolerances(name).get(output);
        if (row == null) {
            throw new IllegalStateException("tolerances.json has no row " + output + " for " + name);
        }
        var fields = JsonReader.asObject(row);
        if (Boolean.TRUE.equals(fields.get("exact"))) {
            return 0;
        }
        if (fields.get("atol") instanceof Number atol) {
            return atol.doubleValue();
        }
        throw new IllegalStateException("the row " + output + " for " + name + " has neither exact nor atol: " + row);
    }

    /** Runs a test body, then fails with all mismatches at once and with every output that the body didn't compare. */
    public void verify(Body body) {
        var check = new GoldenCheck(this);
        try {
            body.run(check);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(name + ": " + e + check.report(), e);
        }
        check.finish();
    }

    private SafetensorsFile safetensors() {
        if (file == null) {
            file = SafetensorsFile.read(goldens.path(name));
        }
        return file;
    }

    private SortedSet<String> withPrefix(String prefix) {
        var names = new TreeSet<String>();
        for (String tensor : safetensors().names()) {
            if (tensor.startsWith(prefix)) {
                names.add(tensor.substring(prefix.length()));
            }
        }
        return names;
    }

    /** The name, for the display name of a test. */
    @Override
    public String toString() {
        return name;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The folder of golden data: what the Python libraries compute. Its place is the system property {@value #PROPERTY}; without
 * it, {@code testdata/goldens} of the project.
 *
 * <p>A golden test enumerates its cases from here and hard-codes nothing:
 *
 * <pre>{@code
 * static List<GoldenFile> files() {
 *     return Goldens.open().files("vae");
 * }
 *
 * @ParameterizedTest
 * @MethodSource("files")
 * void decodesAndEncodesAsDiffusers(GoldenFile golden) {
 *     golden.verify(check -> {
 *         float[] z = golden.in("z").toFloats();
 *         check.compare("decoded", decode(z));
 *     });   // fails with all mismatches, and for each output that wasn't compared
 * }
 * }</pre>
 */
public final class Goldens {
    /** System property that names the folder. */
    public static final String PROPERTY = "anomalyany.goldens";

    private final Path root;
    private final Map<String, Object> tolerances;

    private Goldens(Path root) {
        this.root = root;
        tolerances = JsonReader.object(root.resolve("tolerances.json"));
    }

    /** Opens the folder. */
    public static Goldens open() {
        String property = System.getProperty(PROPERTY, "");
        return open(property.isBlank() ? ofTheProject() : Path.of(property).toAbsolutePath());
    }

    /** Opens the project's own folder, whatever the property says: for tests that need files they know. */
    public static Goldens own() {
        return open(ofTheProject());
    }

    /** Opens a folder, such as one that a test made. */
    public static Goldens open(Path root) {
        return new Goldens(root);
    }

    private static Path ofTheProject() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path goldens = folder.resolve("testdata/goldens");
            if (Files.isDirectory(goldens)) {
                return goldens;
            }
        }
        throw new IllegalStateException(
                "no testdata/goldens above " + Path.of("").toAbsolutePath() + "; set -D" + PROPERTY + "=DIR");
    }

    /** The folder itself. */
    public Path root() {
        return root;
    }

    /** A file or folder inside, as {@code path("models/sd15-tiny")}. */
    public Path path(String relative) {
        return root.resolve(relative);
    }

    /** What the set was made from. */
    public Map<String, Object> config() {
        return JsonReader.object(path("config.json"));
    }

    /** One golden, as {@code file("noise/torch-randn.safetensors")}. */
    public GoldenFile file(String name) {
        return new GoldenFile(this, name);
    }

    /** All goldens of a folder, sorted by name. An empty folder is a mistake: its test would test nothing. */
    public List<GoldenFile> files(String folder) {
        return files(folder, "");
    }

    /** The goldens of a folder whose file name starts with a prefix. None is a mistake: the test would test nothing. */
    public List<GoldenFile> files(String folder, String prefix) {
        try (var paths = Files.list(path(folder))) {
            var files = paths.map(p -> String.valueOf(p.getFileName()))
                    .filter(name -> name.startsWith(prefix) && name.endsWith(".safetensors"))
                    .sorted()
                    .map(name -> file(folder + "/" + name))
                    .toList();
            if (files.isEmpty()) {
                throw new IllegalStateException("no goldens " + prefix + "*.safetensors in " + path(folder));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a file of JSON lines. */
    public List<Map<String, Object>> jsonLines(String name) {
        try (var lines = Files.lines(path(name))) {
            return lines.map(JsonReader::object).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of tolerances.json for a file, by output. */
    Map<String, Object> tolerances(String file) {
        Object rows = tolerances.get(file);
        if (rows == null) {
            throw new IllegalStateException(root.resolve("tolerances.json") + " has no entry " + file);
        }
        return JsonReader.asObject(rows);
    }
}

// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ways in which frameworks load classes: everything in a class loader of its own, as Spring Boot's jars and Quarkus do, with a
 * thread's context loader that is another; and everything in one jar. Each in a JVM of its own, since a native library belongs to one
 * class loader.
 */
class ClassLoadingTest {
    @TempDir
    static Path folder;

    private static String plain;

    @BeforeAll
    static void runOnAPlainClassPath() throws Exception {
        plain = run(classPath(), Main.class.getName());
        assertThat(plain).matches("made [0-9a-f]{64} .*");
    }

    /** The launcher alone on the class path; the application below a loader of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"own", "platform", "none", "used"})
    void anApplicationInALoaderOfItsOwnGivesTheSame(String contextLoader) throws Exception {
        String launcher = classesFolder("test-classes").toString();
        assertThat(run(launcher, OwnLoader.class.getName(), contextLoader, classPath())).isEqualTo(plain);
    }

    @Test
    void aJarOfAllGivesTheSame() throws Exception {
        var all = new ArrayList<Path>();
        Path natives = null;
        for (String part : classPath().split(File.pathSeparator)) {
            if (part.contains("pytorch-native")) {
                natives = Path.of(part); // 100 MB that would be packed and unpacked for nothing
            } else {
                all.add(Path.of(part));
            }
        }
        Path shaded = shade(all, folder.resolve("shaded.jar"));
        assertThat(run(shaded + File.pathSeparator + natives, Main.class.getName())).isEqualTo(plain);
    }

    /** What the program needs, without what tests need. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(part -> !part.endsWith("test-classes"))
                .filter(part -> !part.matches(".*(junit|assertj|opentest4j|apiguardian|byte-buddy|surefire|anomalyany-testing).*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path classesFolder(String name) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(part -> part.endsWith(name))
                .map(Path::of)
                .findFirst()
                .orElseThrow();
    }

    private static String run(String classPath, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-Djava.awt.headless=true",
                "-Danomalyany.cache=" + System.getProperty("anomalyany.cache"),
                "-cp",
                classPath));
        command.addAll(List.of(arguments));
        Path errors = folder.resolve("errors.txt");
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(() -> read(errors)).isZero();
        return output;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** One jar of all, as shade plugins make it: files of META-INF/services joined, signatures and module descriptors left out. */
    private static Path shade(List<Path> parts, Path jar) throws IOException {
        var services = new TreeMap<String, ByteArrayOutputStream>();
        var written = new HashSet<String>();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(jar));
                var zip = new ZipOutputStream(out)) {
            zip.setLevel(1);
            for (Path part : parts) {
                if (Files.isDirectory(part)) {
                    try (var files = Files.walk(part)) {
                        for (Path file : files.filter(Files::isRegularFile).toList()) {
                            String name = part.relativize(file).toString().replace(File.separatorChar, '/');
                            add(zip, name, Files.readAllBytes(file), written, services);
                        }
                    }
                } else {
                    try (var from = new ZipFile(part.toFile())) {
                        for (ZipEntry entry : from.stream().filter(e -> !e.isDirectory()).toList()) {
                            try (var in = from.getInputStream(entry)) {
                                add(zip, entry.getName(), in.readAllBytes(), written, services);
                            }
                        }
                    }
                }
            }
            for (var service : services.entrySet()) {
                zip.putNextEntry(new ZipEntry(service.getKey()));
                zip.write(service.getValue().toByteArray());
            }
        }
        return jar;
    }

    private static void add(
            ZipOutputStream zip, String name, byte[] bytes, HashSet<String> written, TreeMap<String, ByteArrayOutputStream> services)
            throws IOException {
        if (name.startsWith("META-INF/services/")) {
            var joined = services.computeIfAbsent(name, n -> new ByteArrayOutputStream());
            joined.write(bytes);
            joined.write('\n');
        } else if (!name.matches("META-INF/.*\\.(SF|RSA|DSA)|(.*/)?module-info.class|META-INF/MANIFEST.MF") && written.add(name)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(bytes);
        }
    }
}

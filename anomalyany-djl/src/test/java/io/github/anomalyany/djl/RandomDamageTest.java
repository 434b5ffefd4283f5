// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.golden.Goldens;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the files of a model, loading it succeeds or throws the one documented exception, and soon. */
class RandomDamageTest {
    private static final Path MODELS = Goldens.own().path("models");
    private static final int ROUNDS = 2000;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** Several times what the healthy folders take, far less than any size that the damage can claim. */
    private static final long MAX_ALLOCATED_BYTES = 16 << 20;

    @TempDir
    private Path folder;

    @Test
    void endsInSuccessOrInTheDocumentedException() throws IOException {
        Mutations.copy(MODELS, folder);
        var shapes = healthyShapes();
        var files = damageableFiles();
        var outcomes = new TreeMap<String, Integer>();
        for (int round = 0; round < ROUNDS; round++) {
            Path file = files.get(round % files.size());
            byte[] original = Files.readAllBytes(file);
            Mutations.replace(file, new Mutations(round).damaged(file, original));
            String what = "round " + round + ", " + folder.relativize(file);

            String outcome = assertTimeoutPreemptively(LIMIT, () -> outcome(file, shapes), what);

            assertThat(outcome).as(what).isIn("loaded", "refused");
            outcomes.merge(outcome, 1, Integer::sum);
            Mutations.replace(file, original);
        }
        assertThat(outcomes.get("refused")).isGreaterThan(ROUNDS / 2);
        assertThat(outcomes.get("loaded")).isGreaterThan(ROUNDS / 20);
    }

    private static String outcome(Path file, Map<Path, Map<String, long[]>> shapes) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        String outcome;
        try {
            load(file, shapes);
            outcome = "loaded";
        } catch (ModelLoadException e) {
            outcome = "refused";
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        return allocated <= MAX_ALLOCATED_BYTES ? outcome : outcome + " after allocating " + allocated + " bytes";
    }

    /** Loads what the file is part of and touches every number of it. */
    private static void load(Path file, Map<Path, Map<String, long[]>> shapes) {
        Path parent = Objects.requireNonNull(file.getParent());
        String name = String.valueOf(file.getFileName());
        if (shapes.containsKey(parent) && name.contains("safetensors")) {
            try (var index = TensorIndex.open(parent)) {
                index.require(
                        Objects.requireNonNull(shapes.get(parent)),
                        tensor -> tensor.endsWith("position_ids"),
                        TensorIndex.ShapeMatch.EXACT);
                index.names().forEach(tensor -> sum(index.get(tensor)));
            }
        } else if (name.startsWith("vocab") || name.startsWith("merges") || name.contains("token")) {
            ClipTokenizer.load(parent, 77).encode("a photo of a cracked bottle", Overlong.TRUNCATE);
        } else {
            readConfig(ModelConfig.read(file));
        }
    }

    private static void sum(TensorEntry tensor) {
        var data = tensor.map();
        while (data.hasRemaining()) {
            data.get();
        }
    }

    private static void readConfig(ModelConfig config) {
        config.integer("in_channels", 4, 1, 64);
        config.integersPerLevel("attention_head_dim", 4, 8, 1, 1024);
        config.number("norm_eps", 1e-5, 0, 1);
        config.text("act_fn", "silu", "silu", "relu");
        config.flag("use_linear_projection", false);
        if (config.has("block_out_channels")) {
            config.integers("block_out_channels", 1, 16, 1, 1 << 16);
        }
        if (config.has("down_block_types")) {
            config.texts("down_block_types", 1, 16);
        }
        config.group("text_config").ifPresent(text -> text.integer("hidden_size", 1, 1 << 16));
        config.refuseUnlessDefault("mid_block_scale_factor", 1);
    }

    private Map<Path, Map<String, long[]>> healthyShapes() throws IOException {
        var shapes = new HashMap<Path, Map<String, long[]>>();
        for (var file : damageableFiles()) {
            Path parent = Objects.requireNonNull(file.getParent());
            if (file.toString().endsWith(".safetensors") && !shapes.containsKey(parent)) {
                try (var index = TensorIndex.open(parent)) {
                    var wanted = new HashMap<String, long[]>();
                    index.names().stream()
                            .filter(name -> index.get(name).dtype().isWeight())
                            .forEach(name -> wanted.put(name, index.get(name).shape()));
                    shapes.put(parent, wanted);
                }
            }
        }
        return shapes;
    }

    /** All files but those of folders with large files, which would only take time: the small ones are alike. */
    private List<Path> damageableFiles() throws IOException {
        var files = new ArrayList<Path>();
        var large = new HashSet<Path>();
        try (var all = Files.walk(folder)) {
            for (var file : all.filter(Files::isRegularFile).sorted().toList()) {
                files.add(file);
                if (Files.size(file) > (file.toString().endsWith(".safetensors") ? 1 << 21 : 1 << 17)) {
                    large.add(Objects.requireNonNull(file.getParent()));
                }
            }
        }
        files.removeIf(file -> large.contains(file.getParent()));
        return files;
    }
}

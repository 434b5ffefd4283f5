// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.examples.TinyHub;
import io.github.anomalyany.models.DownloadListener;
import io.github.anomalyany.models.HubModel;
import io.github.anomalyany.models.ModelStore;
import io.github.anomalyany.models.ModelUnavailableException;
import io.github.anomalyany.vlad.VladDetector;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/weights.md. */
class WeightsSnippets {
    private static final String ID = "stable-diffusion-v1-5/stable-diffusion-v1-5";

    @TempDir
    private Path cache;

    @Test
    void findsModels() {
        // region store
        var store = ModelStore.offline(); // never uses the network
        Path tiny = store.tiny(); // the built-in model, which knows little; needs anomalyany-tiny
        Path own = store.directory(tiny); // a folder of one's own: says at once all that it lacks
        // endregion
        assertThat(own).isEqualTo(tiny).isDirectoryContaining("glob:**model_index.json");
    }

    @Test
    void takesAModelOfTheCacheAndSaysWhatToRunWhereThereIsNone() throws IOException {
        var store = ModelStore.builder().cache(cache).build();
        assertThatThrownBy(() -> store.huggingFace(ID))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("hf download " + ID);
        try (var hub = new TinyHub(ID)) {
            var filling = ModelStore.builder().allowDownloads(true).cache(cache).endpoint(URI.create(hub.url()));
            filling.build().huggingFace(ID);
        }
        // region offline
        var generator = AnomalyGenerator.builder()
                .modelDirectory(store.huggingFace("stable-diffusion-v1-5/stable-diffusion-v1-5"))
                .build();
        // endregion
        generator.close();
    }

    @Test
    void downloads() throws IOException {
        try (var hub = new TinyHub("tiny/model")) {
            var cache = this.cache;
            // region download
            var listener = new DownloadListener() {
                @Override
                public void onProgress(Progress progress) {
                    System.out.printf("%s: %d of %d bytes%n", progress.file(), progress.bytes(), progress.size());
                }
            };
            var downloading = ModelStore.builder().allowDownloads(true).listener(listener);
            // endregion
            var store = downloading.cache(cache).endpoint(URI.create(hub.url())).build();

            Path model = store.huggingFace("tiny/model");

            try (var detector = VladDetector.builder().modelDirectory(model).build()) {
                assertThat(detector).isNotNull();
            }
        }
    }

    @Test
    void namesFilesAndRevision() {
        // region pinned
        var model = HubModel.of("openai/clip-vit-large-patch14")
                .withRevision("32bd64288804d66eefd0ccbe215aa642df71cc41")
                .withExclude("tokenizer.json");
        // endregion
        assertThat(model.revision()).hasSize(40);
    }

    @Test
    void setsTheNetwork() {
        var cache = this.cache;
        // region network
        var store = ModelStore.builder()
                .allowDownloads(true)
                .cache(cache) // default: as the environment says, see above
                .endpoint(URI.create("https://mirror.example/hub")) // default: HF_ENDPOINT, https://huggingface.co
                .httpClient(HttpClient.newHttpClient()) // for proxies and certificates of one's own
                .parallelism(8) // files at once; default 4
                .retries(10) // further tries for each file; default 5
                .timeout(Duration.ofMinutes(1)) // of silence; default 30 s
                .build();
        // endregion
        assertThat(store).isNotNull();
    }
}

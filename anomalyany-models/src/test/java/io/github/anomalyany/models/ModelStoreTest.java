// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.ProviderNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelStoreTest {
    private static final String COMMIT = FakeHub.COMMIT;

    @TempDir
    private Path cache;

    @Test
    void oneMessageTellsWhatIsMissingWhereItLookedAndWhatToRun() {
        assertThatThrownBy(() -> store().huggingFace("owner/name"))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessage(
                        ("owner/name at revision main isn't in the cache: missing are the revision main with all its"
                                        + " files; looked in %s; downloads weren't allowed: run"
                                        + " ModelStore.builder().cache(Path.of(\"%s\")).allowDownloads(true).build().huggingFace(\"owner/name\"),"
                                        + " or hf download owner/name --include \"*.json\" \"*.txt\" \"*model.safetensors\""
                                        + " \"*model-*.safetensors\" --exclude \"safety_checker/*\" --cache-dir \"%s\" in a shell")
                                .formatted(cache.resolve("models--owner--name"), cache, cache));
    }

    @Test
    void theLinesToRunNameRevisionAndPatterns() {
        var model = HubModel.of("owner/name")
                .withRevision("v2")
                .withInclude("a.json", "b/*")
                .withExclude("c");

        assertThatThrownBy(() -> store().huggingFace(model))
                .hasMessageContaining("huggingFace(HubModel.of(\"owner/name\").withRevision(\"v2\")"
                        + ".withInclude(\"a.json\", \"b/*\").withExclude(\"c\"))")
                .hasMessageContaining(
                        "hf download owner/name --revision v2 --include \"a.json\" \"b/*\" --exclude \"c\"");
    }

    @Test
    void namesEveryFileThatASnapshotLacks() throws IOException {
        diffusionModel();
        Files.delete(snapshot().resolve("unet/diffusion_pytorch_model.safetensors"));
        Files.delete(snapshot().resolve("tokenizer/merges.txt"));
        Files.write(snapshot().resolve("vae/config.json"), new byte[0]);
        Files.delete(snapshot().resolve("text_encoder/model.safetensors"));
        Files.createSymbolicLink(snapshot().resolve("text_encoder/model.safetensors"), Path.of("../../../blobs/gone"));

        assertThatThrownBy(() -> store().huggingFace("owner/name"))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("missing are tokenizer/merges.txt, unet/diffusion_pytorch_model.safetensors,"
                        + " vae/config.json, text_encoder/model.safetensors; looked in " + snapshot());
    }

    @Test
    void namesShardsThatAnIndexNames() throws IOException {
        diffusionModel();
        Files.delete(snapshot().resolve("unet/diffusion_pytorch_model.safetensors"));
        file(
                "unet/diffusion_pytorch_model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"one.safetensors\", \"b\": \"two.safetensors\", \"c\": \"../../../../one\"}}");
        file("unet/one.safetensors", "x");

        assertThatThrownBy(() -> store().huggingFace("owner/name"))
                .hasMessageContaining("missing are unet/two.safetensors, unet/../../../../one;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no commit", "0123", "../../../elsewhere"})
    void aDamagedRefIsNoRevision(String text) throws IOException {
        diffusionModel();
        Files.writeString(cache.resolve("models--owner--name/refs/main"), text);

        assertThatThrownBy(() -> store().huggingFace("owner/name"))
                .hasMessageContaining("missing are the revision main");
    }

    @Test
    void findsWhatHuggingFaceFetched() throws IOException {
        diffusionModel();

        assertThat(store().huggingFace("owner/name")).isEqualTo(snapshot());
        assertThat(store().huggingFace(HubModel.of("owner/name").withRevision(COMMIT)))
                .isEqualTo(snapshot());
    }

    @Test
    void findsAClipModelAndAnOpenClipModel() throws IOException {
        file("config.json", "{}");
        assertThatThrownBy(() -> store().huggingFace("owner/name"))
                .hasMessageContaining("missing are model.safetensors");

        file("model.safetensors", "x");
        assertThat(store().huggingFace("owner/name")).isEqualTo(snapshot());

        Files.delete(snapshot().resolve("config.json"));
        assertThatThrownBy(() -> store().huggingFace("owner/name")).hasMessageContaining("missing are config.json");

        Files.move(snapshot().resolve("model.safetensors"), snapshot().resolve("open_clip_model.safetensors"));
        assertThat(store().huggingFace("owner/name")).isEqualTo(snapshot());
    }

    @Test
    void patternsMustEachFindAFile() throws IOException {
        file("a.json", "{}");
        file("b.safetensors.index.json", "{\"weight_map\": {\"x\": \"b-1.safetensors\"}}");

        assertThat(store().huggingFace(HubModel.of("owner/name").withInclude("a.*")))
                .isEqualTo(snapshot());
        assertThatThrownBy(() -> store().huggingFace(HubModel.of("owner/name").withInclude("*.json", "*.txt")))
                .hasMessageContaining("missing are *.txt, b-1.safetensors;");
    }

    @Test
    void excludedFilesMayBeMissing() throws IOException {
        diffusionModel();
        Files.delete(snapshot().resolve("vae/diffusion_pytorch_model.safetensors"));

        assertThat(store().huggingFace(HubModel.of("owner/name").withExclude("vae/*")))
                .isEqualTo(snapshot());
    }

    @Test
    void directoryOfAModelIsTakenAsItIs() throws IOException {
        diffusionModel();

        assertThat(store().directory(snapshot())).isEqualTo(snapshot());
    }

    @Test
    void directoryWithAClipModelInItIsOne() throws IOException {
        file("clip/config.json", "{}");
        file("clip/model.safetensors", "x");

        assertThat(store().directory(snapshot())).isEqualTo(snapshot());
    }

    @Test
    void directorySaysInOneMessageWhatItLacks() throws IOException {
        diffusionModel();
        Files.delete(snapshot().resolve("unet/config.json"));
        Files.delete(snapshot().resolve("vae/diffusion_pytorch_model.safetensors"));

        assertThatThrownBy(() -> store().directory(snapshot()))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageStartingWith(snapshot() + " isn't a complete model: it lacks unet/config.json,"
                        + " vae/diffusion_pytorch_model.safetensors. Fetch these")
                .hasMessageContaining("hf download OWNER/NAME --local-dir " + snapshot());
        assertThatThrownBy(() -> store().directory(cache))
                .hasMessageContaining(
                        "lacks model_index.json (Stable Diffusion), or config.json and model.safetensors");
        assertThatThrownBy(() -> store().directory(cache.resolve("nowhere")))
                .hasMessageContaining(cache.resolve("nowhere") + " is not there; a folder is wanted");
        assertThatThrownBy(() -> store().directory(snapshot().resolve("model_index.json")))
                .hasMessageContaining("is not a folder");
    }

    @Test
    void directoryWithPicklesSaysThatTheyAreNotOpened() throws IOException {
        diffusionModel();
        Files.move(
                snapshot().resolve("vae/diffusion_pytorch_model.safetensors"),
                snapshot().resolve("vae/diffusion_pytorch_model.bin"));

        assertThatThrownBy(() -> store().directory(snapshot()))
                .hasMessageContaining("lacks vae/diffusion_pytorch_model.safetensors (there is"
                        + " vae/diffusion_pytorch_model.bin, but pickles can run code");
    }

    @Test
    void theBuiltInModelNeedsItsArtifact() {
        assertThatThrownBy(() -> store().tiny())
                .isInstanceOf(ProviderNotFoundException.class)
                .hasMessageContaining("io.github.anomalyany:anomalyany-tiny");
    }

    @Test
    void theEnvironmentNamesTheCache() throws IOException {
        diffusionModel();
        var store = ModelStore.builder()
                .environment(Map.of("HF_HUB_CACHE", cache.toString())::get)
                .build();

        assertThat(store.huggingFace("owner/name")).isEqualTo(snapshot());
        assertThatThrownBy(() -> store.huggingFace("owner/other"))
                .hasMessageContaining("run ModelStore.builder().allowDownloads(true)")
                .hasMessageNotContaining("--cache-dir");
    }

    @Test
    void aBadEndpointOfTheEnvironmentIsNamed() {
        var store = ModelStore.builder()
                .cache(cache)
                .allowDownloads(true)
                .environment(Map.of("HF_ENDPOINT", "ftp://mirror")::get)
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.huggingFace("owner/name"))
                .withMessageContaining("HF_ENDPOINT")
                .withMessageContaining("ftp://mirror");
    }

    @Test
    void refusesSettingsOutOfRange() {
        var builder = ModelStore.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.parallelism(0))
                .withMessage("parallelism must be in [1, 64] but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.retries(-1))
                .withMessage("retries must be in [0, 100] but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.timeout(Duration.ZERO))
                .withMessageContaining("PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.endpoint(URI.create("https://ada:secret@mirror")))
                .withMessageContaining("must be an http or https URL")
                .withMessageNotContaining("secret");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.endpoint(URI.create("mirror")));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.endpoint(URI.create("https://mirror?key=1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hf_a b", "hf_secret\r\nX-Header: 1", "hf_é"})
    void refusesATokenThatIsNoneWithoutShowingIt(String token) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelStore.builder().token(token))
                .withMessageContaining("visible ASCII")
                .withMessageNotContaining("hf_");
    }

    @Test
    void refusesAClientThatWouldCarryTheTokenElsewhere() {
        var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelStore.builder().httpClient(client))
                .withMessageContaining("must not follow redirects");
    }

    @Test
    void aStoreKeepsTheSettingsOfItsTime() throws IOException {
        diffusionModel();
        var builder = CacheCheck.store(cache);
        var store = builder.build();
        builder.cache(cache.resolve("elsewhere"));

        assertThat(store.huggingFace("owner/name")).isEqualTo(snapshot());
    }

    private ModelStore store() {
        return CacheCheck.store(cache).build();
    }

    private Path snapshot() {
        return cache.resolve("models--owner--name/snapshots").resolve(COMMIT);
    }

    private void diffusionModel() throws IOException {
        for (var path : FakeHub.diffusionModel().keySet()) {
            file(path, "x");
        }
    }

    private void file(String path, String text) throws IOException {
        var ref = cache.resolve("models--owner--name/refs/main");
        Files.createDirectories(ref.resolveSibling(""));
        Files.writeString(ref, COMMIT);
        var file = snapshot().resolve(path);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}

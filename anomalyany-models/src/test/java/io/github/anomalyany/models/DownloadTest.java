// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DownloadTest {
    private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";
    private static final HubModel MODEL = HubModel.of(FakeHub.ID);

    @TempDir
    private Path cache;

    private final List<Process> processes = new ArrayList<>();
    private FakeHub hub;

    @BeforeEach
    void start() throws IOException {
        hub = new FakeHub();
        FakeHub.diffusionModel().forEach((path, bytes) -> hub.add(path, bytes, path.endsWith(".safetensors")));
    }

    @AfterEach
    void stop() throws IOException {
        processes.forEach(Process::destroyForcibly);
        hub.close();
        CacheCheck.assertNotPoisoned(cache, MODEL, hub.files());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "Yes", "ON"})
    void theEnvironmentForbidsTheNetworkWhateverTheCodeAllows(String value) {
        var store = store().environment(Map.of("HF_HUB_OFFLINE", value)::get).build();

        assertThatThrownBy(() -> store.huggingFace(MODEL))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining(
                        "HF_HUB_OFFLINE=" + value + " forbids the network, although downloads are allowed");
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void nothingIsFetchedUnlessTheCallerSaysSo() {
        assertThatThrownBy(() -> store().allowDownloads(false).build().huggingFace(MODEL))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("downloads weren't allowed");
        assertThat(hub.requests()).isEmpty();
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void tellsBeforeTheFirstByteThatTheDiskIsTooSmall() {
        long needed =
                hub.files().values().stream().mapToLong(file -> file.length).sum();
        var store = store().space(folder -> needed - 1).build();

        assertThatThrownBy(() -> store.huggingFace(MODEL))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining(
                        "needs %,d bytes more in %s but only %,d are free".formatted(needed, cache, needed - 1));
        assertThat(hub.requests()).hasSize(1);
    }

    @Test
    void needsNoSpaceForWhatIsThere() {
        hub.always(WEIGHTS, FakeHub.status(404));
        assertThatThrownBy(() -> store().parallelism(1).build().huggingFace(MODEL))
                .isNotNull();
        hub.always(WEIGHTS, FakeHub.cutAfter(100_000));
        assertThatThrownBy(() -> store().parallelism(1).retries(0).build().huggingFace(MODEL))
                .isNotNull();
        hub.always(WEIGHTS, FakeHub::behave);
        long missing =
                hub.files().values().stream().mapToLong(file -> file.length).sum() - present();

        assertThatThrownBy(() -> store().space(folder -> missing - 1).build().huggingFace(MODEL))
                .hasMessageContaining("needs %,d bytes more".formatted(missing));
        assertThat(store().space(folder -> missing).build().huggingFace(MODEL)).isDirectory();
    }

    @Test
    void fetchesAllTheSameWhereTheSpaceCannotBeTold() {
        var store = store().space(folder -> {
            throw new IOException("no such device");
        });

        assertThat(store.build().huggingFace(MODEL)).isDirectory();
    }

    @Test
    void namesTheFolderThatCannotBeWritten() throws IOException {
        var file = Files.writeString(cache.resolve("file"), "");

        assertThatThrownBy(() -> store().cache(file).build().huggingFace(MODEL))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("the cache " + file + " can't be written")
                .hasMessageContaining("HF_HUB_CACHE");
    }

    @Test
    void interruptEndsADownloadAndKeepsFlagAndPart() throws Exception {
        hub.always(WEIGHTS, hub.silentAfter(50_000));
        var failure = new AtomicReference<Throwable>();
        var flag = new AtomicReference<Boolean>();
        var store = store().parallelism(1).build();
        var thread = new Thread(() -> {
            try {
                store.huggingFace(MODEL);
            } catch (ModelUnavailableException e) {
                failure.set(e);
            }
            flag.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        while (size(partial()) < 10_000) {
            Thread.sleep(10);
        }

        thread.interrupt();
        thread.join(Duration.ofSeconds(20).toMillis());

        assertThat(thread.isAlive()).isFalse();
        assertThat(failure.get()).hasMessageContaining("was interrupted").hasMessageContaining("kept");
        assertThat(flag.get()).isTrue();
        long kept = size(partial());
        hub.always(WEIGHTS, FakeHub::behave);
        assertThat(store.huggingFace(MODEL)).isDirectory();
        assertThat(hub.requestsFor(WEIGHTS).get(1).range()).contains("bytes=" + kept + "-");
    }

    @Test
    void interruptedBeforehandFetchesNothing() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> store().build().huggingFace(MODEL)).hasMessageContaining("was interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(hub.requestsFor(WEIGHTS)).isEmpty();
    }

    @Test
    void whatAListenerThrowsEndsTheDownload() {
        var store = store().listener(new DownloadListener() {
            @Override
            public void onProgress(Progress progress) {
                throw new IllegalStateException("enough");
            }
        });

        assertThatThrownBy(() -> store.build().huggingFace(MODEL))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
    }

    @Test
    void tellsTheListenerHowItGoes() {
        hub.next(WEIGHTS, FakeHub.cutAfter(1000));
        var events = new ArrayList<Record>();
        var done = new ArrayList<Path>();
        var pauses = new ArrayList<Duration>();
        var store = store().pause(pauses::add).listener(new DownloadListener() {
            @Override
            public void onStart(Start start) {
                events.add(start);
            }

            @Override
            public void onProgress(Progress progress) {
                events.add(progress);
            }

            @Override
            public void onRetry(Retry retry) {
                events.add(retry);
            }

            @Override
            public void onDone(Path directory) {
                done.add(directory);
            }
        });

        var directory = store.build().huggingFace(MODEL);

        long size = hub.files().values().stream().mapToLong(file -> file.length).sum();
        int files = hub.files().size();
        assertThat(events.get(0)).isEqualTo(new DownloadListener.Start(MODEL, FakeHub.COMMIT, files, size, size));
        assertThat(events)
                .filteredOn(DownloadListener.Progress.class::isInstance)
                .hasSize(files);
        assertThat(events.get(events.size() - 1)).isInstanceOfSatisfying(DownloadListener.Progress.class, last -> {
            assertThat(last.bytes()).isEqualTo(size);
            assertThat(last.size()).isEqualTo(size);
        });
        assertThat(events)
                .filteredOn(DownloadListener.Retry.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(DownloadListener.Retry.class, retry -> {
                    assertThat(retry.what()).isEqualTo(WEIGHTS);
                    assertThat(retry.failures()).isEqualTo(1);
                    assertThat(retry.reason()).contains("cut");
                    assertThat(pauses).containsExactly(retry.pause());
                });
        assertThat(done).containsExactly(directory);
    }

    @Test
    void waitsLongerEachTimeAndAsLongAsTheServerSaysButNoLongerThanAMinute() {
        hub.next(
                WEIGHTS,
                FakeHub.status(503),
                FakeHub.status(503),
                FakeHub.status(503),
                FakeHub.status(429, "Retry-After", "17"),
                FakeHub.status(429, "Retry-After", "86400"),
                FakeHub.status(429, "Retry-After", "Tue, 01 Jan 2999 00:00:00 GMT"),
                FakeHub.status(503, "Retry-After", "soon"));
        var pauses = new ArrayList<Long>();

        store().retries(10).pause(time -> pauses.add(time.toMillis())).build().huggingFace(MODEL);

        assertThat(pauses).hasSize(7);
        assertThat(pauses.get(0)).isBetween(500L, 1000L);
        assertThat(pauses.get(1)).isBetween(1000L, 2000L);
        assertThat(pauses.get(2)).isBetween(2000L, 4000L);
        assertThat(pauses.subList(3, 6)).containsExactly(17_000L, 60_000L, 60_000L);
        assertThat(pauses.get(6)).isBetween(15_000L, 30_000L);
    }

    @Test
    void aCompleteModelNeedsNoRequest() {
        var directory = store().build().huggingFace(MODEL);
        int before = hub.requests().size();

        assertThat(store().build().huggingFace(MODEL)).isEqualTo(directory);
        assertThat(hub.requests()).hasSize(before);
    }

    @Test
    void fetchesOnlyWhatIsMissing() throws IOException {
        var directory = store().build().huggingFace(MODEL);
        Files.delete(directory.resolve(WEIGHTS).toRealPath());
        int before = hub.requests().size();

        assertThat(store().build().huggingFace(MODEL)).isEqualTo(directory);
        assertThat(hub.requests()).hasSize(before + 2);
        assertThat(hub.requestsFor(WEIGHTS)).hasSize(2);
    }

    @Test
    void filesOfTheSameContentAreFetchedOnce() {
        var same = "{\"same\": true}";
        hub.file("tokenizer/one.json", same).file("tokenizer/two.json", same);

        var directory = store().build().huggingFace(MODEL);

        assertThat(directory.resolve("tokenizer/one.json")).hasContent(same);
        assertThat(directory.resolve("tokenizer/two.json")).hasContent(same);
        assertThat(hub.requests())
                .filteredOn(request -> request.path().matches(".*/(one|two)\\.json"))
                .hasSize(1);
    }

    @Test
    void leavesOutWhatNoLoaderReads() {
        hub.file("README.md", "read me")
                .largeFile("v1-5-pruned.safetensors", new byte[10])
                .largeFile("unet/diffusion_pytorch_model.fp16.safetensors", new byte[10])
                .largeFile("unet/diffusion_pytorch_model.non_ema.safetensors", new byte[10])
                .largeFile("unet/diffusion_pytorch_model.bin", new byte[10])
                .file("safety_checker/config.json", "{}")
                .largeFile("safety_checker/model.safetensors", new byte[10]);

        store().build().huggingFace(MODEL);

        assertThat(hub.requests())
                .hasSize(1 + FakeHub.diffusionModel().size())
                .noneSatisfy(request ->
                        assertThat(request.path()).containsAnyOf("fp16", "non_ema", ".bin", "README", "safety"));
    }

    @Test
    void fetchesWhatPatternsNameButNoPickles() {
        hub.largeFile("unet/diffusion_pytorch_model.bin", new byte[10]);
        var model = MODEL.withInclude("unet/*", "*.txt").withExclude("*/config.json");

        var directory = store().build().huggingFace(model);

        assertThat(directory.resolve(WEIGHTS)).exists();
        assertThat(directory.resolve("tokenizer/merges.txt")).exists();
        assertThat(directory.resolve("unet/config.json")).doesNotExist();
        assertThat(directory.resolve("unet/diffusion_pytorch_model.bin")).doesNotExist();
        assertThatThrownBy(() -> store().build().huggingFace(MODEL.withInclude("*.bin")))
                .hasMessageContaining("none of its 11 files is one of [*.bin]");
    }

    @Test
    void branchesWithSlashesAndSpacesInNamesAreEscaped() {
        var path = "unet/a file #1 é.json";
        hub.file(path, "{}");

        var directory =
                store().build().huggingFace(MODEL.withRevision("refs/pr/3").withInclude(path));

        assertThat(directory.resolve(path)).hasContent("{}");
        assertThat(cache.resolve("models--owner--name/refs/refs/pr/3")).hasContent(FakeHub.COMMIT);
    }

    @Test
    void writesTheCacheAsHuggingFaceDoes() throws IOException {
        var directory = store().build().huggingFace(MODEL);

        var repository = cache.resolve("models--owner--name");
        assertThat(directory).isEqualTo(repository.resolve("snapshots/" + FakeHub.COMMIT));
        assertThat(repository.resolve("refs/main")).hasContent(FakeHub.COMMIT);
        assertThat(Files.readSymbolicLink(directory.resolve("model_index.json")))
                .hasToString("../../blobs/" + hub.blob("model_index.json").hex());
        assertThat(Files.readSymbolicLink(directory.resolve(WEIGHTS)))
                .hasToString("../../../blobs/" + hub.blob(WEIGHTS).hex());
    }

    @Test
    void aDownloadThatDiedWhileLinkingIsNotTakenForComplete() throws IOException {
        var model = MODEL.withRevision(FakeHub.COMMIT).withInclude("*.json");
        var directory = store().build().huggingFace(model);
        var repository = new HubRepository(cache, FakeHub.ID);
        Files.delete(directory.resolve("vae/config.json"));
        // As a process leaves it that is killed between its first link and its last.
        repository.link(FakeHub.COMMIT, List.of());

        assertThatThrownBy(() -> CacheCheck.store(cache).build().huggingFace(model))
                .hasMessageContaining("a download that was stopped");
        assertThat(store().build().huggingFace(model).resolve("vae/config.json"))
                .exists();
        assertThat(CacheCheck.store(cache).build().huggingFace(model)).isEqualTo(directory);
    }

    @Test
    void storesAtOnceFetchEachFileOnce() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Path> task = () -> store().build().huggingFace(MODEL);
            for (var directory : threads.invokeAll(List.of(task, task, task, task))) {
                assertThat(directory.get()).isDirectory();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(hub.requests()).hasSize(1 + hub.files().size());
    }

    @Test
    void processesAtOnceFetchEachFileOnce() throws Exception {
        var first = startProgram();
        var second = startProgram();

        assertThat(lastLine(first)).isEqualTo(lastLine(second)).contains(FakeHub.COMMIT);
        assertThat(hub.requests()).hasSize(1 + hub.files().size());
    }

    @Test
    void goesOnWhereAKilledProcessWas() throws Exception {
        hub.next(WEIGHTS, hub.silentAfter(100_000));
        var killed = startProgram();
        while (size(partial()) < 50_000) {
            Thread.sleep(20);
        }
        killed.destroyForcibly().waitFor();
        CacheCheck.assertNotPoisoned(cache, MODEL, hub.files());
        long kept = size(partial());

        var directory = store().build().huggingFace(MODEL);

        assertThat(Files.readAllBytes(directory.resolve(WEIGHTS)))
                .isEqualTo(hub.files().get(WEIGHTS));
        assertThat(hub.requestsFor(WEIGHTS).get(1).range()).contains("bytes=" + kept + "-");
    }

    private Process startProgram() throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        DownloadProgram.class.getName(),
                        hub.url().toString(),
                        cache.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    private static String lastLine(Process process) throws IOException {
        try (BufferedReader output = process.inputReader(UTF_8)) {
            return output.lines().reduce("", (before, line) -> line);
        }
    }

    private Path partial() {
        return new HubRepository(cache, FakeHub.ID).partial(hub.blob(WEIGHTS));
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private long present() {
        try (var files = Files.list(cache.resolve("models--owner--name/blobs"))) {
            long all = 0;
            for (var file : files.toList()) {
                all += Files.size(file);
            }
            return all;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ModelStore.Builder store() {
        return CacheCheck.store(cache).allowDownloads(true).endpoint(hub.url()).pause(time -> {});
    }
}

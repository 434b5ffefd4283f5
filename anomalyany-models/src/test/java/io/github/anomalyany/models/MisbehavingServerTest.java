// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.anomalyany.models.FakeHub.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server does, the file is right or the error is clear, and the cache is never poisoned. */
@Timeout(60)
class MisbehavingServerTest {
    private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";
    private static final HubModel MODEL = HubModel.of(FakeHub.ID);
    private static final Duration SHORT = Duration.ofMillis(250);
    private static final String SECRET = "hf_secretOfTheTest";

    @TempDir
    private Path cache;

    private FakeHub hub;
    private FakeHub other;

    @BeforeEach
    void start() throws IOException {
        hub = new FakeHub();
        other = new FakeHub();
        FakeHub.diffusionModel().forEach((path, bytes) -> {
            hub.add(path, bytes, path.endsWith(".safetensors"));
            other.add(path, bytes, path.endsWith(".safetensors"));
        });
    }

    @AfterEach
    void stop() throws IOException {
        hub.close();
        other.close();
        CacheCheck.assertNotPoisoned(cache, MODEL, hub.files());
    }

    /** A way to misbehave. */
    record Case(String name, Consumer<MisbehavingServerTest> setUp, Duration timeout, List<String> message) {
        static Case of(String name, Consumer<MisbehavingServerTest> setUp, String... message) {
            return new Case(name, setUp, Duration.ofSeconds(10), List.of(message));
        }

        Case silent() {
            return new Case(name, setUp, SHORT, message);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("recoverable")
    void bringsTheRightFilesAfter(Case misbehaviour) throws IOException {
        misbehaviour.setUp().accept(this);

        var directory = store().timeout(misbehaviour.timeout()).build().huggingFace(MODEL);

        for (var file : hub.files().entrySet()) {
            assertThat(Files.readAllBytes(directory.resolve(file.getKey())))
                    .as(file.getKey())
                    .isEqualTo(file.getValue());
        }
        assertThat(CacheCheck.store(cache).build().huggingFace(MODEL)).isEqualTo(directory);
        assertThat(partials()).isEmpty();
    }

    static Stream<Case> recoverable() {
        return Stream.of(
                Case.of("a connection cut in the middle", test -> test.next(FakeHub.cutAfter(1000))),
                Case.of(
                        "connections cut again and again",
                        test -> test.next(FakeHub.cutAfter(1000), FakeHub.cutAfter(0), FakeHub.cutAfter(70_000))),
                Case.of(
                        "a body without a length that ends too early",
                        test -> test.next((exchange, file) -> {
                            exchange.sendResponseHeaders(200, 0);
                            exchange.getResponseBody().write(file, 0, 5000);
                            exchange.getResponseBody().close();
                        })),
                Case.of("a wrong hash", test -> test.next(changed())),
                Case.of(
                        "a wrong hash of the first part only",
                        test -> test.next((exchange, file) -> {
                            exchange.sendResponseHeaders(200, file.length);
                            exchange.getResponseBody().write(new byte[1000]);
                        })),
                Case.of("too long a body", test -> test.next(longer())),
                Case.of("too short a body", test -> test.next(FakeHub.whole("short".getBytes(UTF_8)))),
                Case.of("429 with Retry-After", test -> test.next(FakeHub.status(429, "Retry-After", "3"))),
                Case.of("503", test -> test.next(FakeHub.status(503))),
                Case.of("500 for the list", test -> test.hub.next("list", FakeHub.status(500))),
                Case.of(
                        "a list that is cut",
                        test -> test.hub.next("list", (exchange, none) -> {
                            exchange.sendResponseHeaders(200, 5000);
                            exchange.getResponseBody().write("{\"sha\": ".getBytes(UTF_8));
                        })),
                Case.of("a list that isn't JSON", test -> test.hub.next("list", html())),
                Case.of(
                        "a range that is ignored",
                        test -> test.next(
                                FakeHub.cutAfter(1000),
                                (exchange, file) -> FakeHub.whole(file).to(exchange, file))),
                Case.of("a range that is refused", test -> test.next(FakeHub.cutAfter(1000), FakeHub.status(416))),
                Case.of(
                        "another range",
                        test -> test.next(FakeHub.cutAfter(1000), (exchange, file) -> {
                            exchange.getResponseHeaders().add("Content-Range", "bytes 0-99/100");
                            exchange.sendResponseHeaders(206, 100);
                            exchange.getResponseBody().write(file, 0, 100);
                        })),
                Case.of(
                        "a part though all was asked for",
                        test -> test.next((exchange, file) -> {
                            exchange.getResponseHeaders().add("Content-Range", "bytes 5-104/100");
                            exchange.sendResponseHeaders(206, 100);
                            exchange.getResponseBody().write(file, 5, 100);
                        })),
                Case.of("silence in the middle", test -> test.next(test.hub.silentAfter(1000)))
                        .silent(),
                Case.of("no answer", test -> test.next((exchange, file) -> test.hub.awaitClosing()))
                        .silent(),
                Case.of(
                        "a relative redirect",
                        test -> test.next(FakeHub.status(
                                302, "Location", "/owner/name/resolve/%s/%s".formatted("abc", WEIGHTS)))),
                Case.of(
                        "a redirect of the list, as of a renamed repository",
                        test -> test.hub.next(
                                "list",
                                FakeHub.status(307, "Location", "/api/models/new/name/revision/main?blobs=true"))),
                Case.of("a redirect to another host", test -> test.next(test.elsewhere())),
                Case.of("a redirect to another host that cuts the connection", test -> {
                    test.next(test.elsewhere(), test.elsewhere());
                    test.other.next(WEIGHTS, FakeHub.cutAfter(1000));
                }));
    }

    @ParameterizedTest
    @MethodSource("hopeless")
    void saysClearlyThatItCannotAfter(Case misbehaviour) {
        misbehaviour.setUp().accept(this);

        var failure = failure(store().timeout(misbehaviour.timeout()).retries(2));

        assertThat(failure.getMessage())
                .contains(misbehaviour.message())
                .doesNotContain(SECRET, "signature")
                .hasLineCount(1);
    }

    static Stream<Case> hopeless() {
        return Stream.of(
                Case.of(
                        "wrong hashes always",
                        test -> test.always(changed()),
                        WEIGHTS,
                        "after 3 tries",
                        "has the SHA-256",
                        "but must have",
                        "thrown away"),
                Case.of(
                        "too long bodies always",
                        test -> test.always(longer()),
                        WEIGHTS,
                        "sends more than the",
                        "3 tries"),
                Case.of(
                        "connections cut at once always",
                        test -> test.always(FakeHub.cutAfter(0)),
                        WEIGHTS,
                        "after 3 tries",
                        "the connection",
                        "later call goes on"),
                Case.of("silence always", test -> test.always(test.hub.silentAfter(10)), "nothing arrived for 0.250 s")
                        .silent(),
                Case.of(
                                "no answers",
                                test -> test.always((exchange, file) -> test.hub.awaitClosing()),
                                "gave no answer")
                        .silent(),
                Case.of("429 always", test -> test.always(FakeHub.status(429)), "HTTP 429 from", WEIGHTS, "3 tries"),
                Case.of(
                        "401 with a token",
                        test -> test.hub.always("list", FakeHub.status(401)),
                        "HTTP 401",
                        "private or gated",
                        "the token that was sent doesn't open it",
                        "HF_TOKEN",
                        "accept the licence"),
                Case.of(
                        "403 for a file of a gated repository",
                        test -> test.always(FakeHub.status(403, "X-Error-Code", "GatedRepo")),
                        "HTTP 403",
                        "accept the licence",
                        "/owner/name"),
                Case.of(
                        "404 for the repository",
                        test -> test.hub.always("list", FakeHub.status(404, "X-Error-Code", "RepoNotFound")),
                        "there is no repository owner/name",
                        "HTTP 404"),
                Case.of(
                        "404 for the revision",
                        test -> test.hub.always("list", FakeHub.status(404, "X-Error-Code", "RevisionNotFound")),
                        "owner/name has no revision main"),
                Case.of(
                        "404 that doesn't say for what",
                        test -> test.hub.always("list", FakeHub.status(404)),
                        "no repository owner/name, or it has no revision main"),
                Case.of(
                        "404 for a file",
                        test -> test.always(FakeHub.status(404)),
                        "the file " + WEIGHTS + " isn't in the repository owner/name",
                        FakeHub.COMMIT),
                Case.of("another status", test -> test.always(FakeHub.status(418)), "HTTP 418", "owner/name"),
                Case.of(
                        "a redirect loop",
                        test -> test.always(FakeHub.status(302, "Location", WEIGHTS.replaceFirst(".*/", ""))),
                        "redirected more than 10 times"),
                Case.of("a redirect to nowhere", test -> test.always(FakeHub.status(302)), "redirects to nowhere"),
                Case.of(
                        "a redirect to a file",
                        test -> test.always(FakeHub.status(302, "Location", "file:///etc/passwd?signature=1")),
                        "isn't followed"),
                Case.of(
                        "403 of another host",
                        test -> {
                            test.always(test.elsewhere());
                            test.other.always(WEIGHTS, FakeHub.status(403));
                        },
                        "HTTP 403",
                        "owner/name can't be fetched"),
                Case.of(
                        "lists that aren't JSON",
                        test -> test.hub.always("list", html()),
                        "the list of files of owner/name",
                        "isn't the JSON"),
                Case.of(
                        "a list without hashes",
                        test -> {
                            test.hub.listed(WEIGHTS).remove("lfs");
                            test.hub.listed(WEIGHTS).remove("blobId");
                        },
                        "no size or hash of " + WEIGHTS),
                Case.of(
                        "a list with a hash that is a path",
                        test -> test.hub.listed(WEIGHTS).getAsJsonObject("lfs").addProperty("sha256", "../../evil"),
                        "no size or hash of " + WEIGHTS),
                Case.of(
                        "pickles only",
                        test -> test.hub.without(WEIGHTS).largeFile("unet/diffusion_pytorch_model.bin", new byte[9]),
                        "lacks " + WEIGHTS,
                        "pickles can run code",
                        "unet/diffusion_pytorch_model.bin"),
                Case.of(
                        "an index that names a shard that isn't there",
                        test -> test.hub
                                .without(WEIGHTS)
                                .file(
                                        WEIGHTS + ".index.json",
                                        "{\"weight_map\": {\"a\": \"diffusion_pytorch_model-00001-of-00001.safetensors\"}}"),
                        "incomplete",
                        "lacks unet/diffusion_pytorch_model-00001-of-00001.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tokenizer/../../../evil",
                "tokenizer//etc/passwd",
                "tokenizer/..\\..\\evil",
                "tokenizer/C:evil",
                "tokenizer/.. /evil",
                "tokenizer/a\u0000b",
                "tokenizer/./evil",
                "tokenizer/"
            })
    void refusesANameThatLeadsOutOfTheFolder(String evil) {
        hub.file(evil, "evil");

        assertThat(failure(store()))
                .hasMessageContaining("leads out of a folder")
                .hasMessageContaining("nothing was fetched");

        assertThat(hub.requests()).hasSize(1);
    }

    @Test
    void saysThatNobodyAnswersAtTheEndpoint() {
        hub.close();

        assertThat(failure(store().retries(1)))
                .hasMessageContaining("the connection to ")
                .hasMessageContaining("after 2 tries")
                .hasMessageContaining(hub.url().toString());
    }

    @Test
    void sendsTheTokenToTheHubOnly() {
        next(elsewhere());

        store().build().huggingFace(MODEL);

        assertThat(hub.requests())
                .hasSizeGreaterThan(2)
                .allSatisfy(request -> assertThat(request.authorization()).contains("Bearer " + SECRET));
        assertThat(other.requests())
                .hasSize(1)
                .allSatisfy(request -> assertThat(request.authorization()).isEmpty());
    }

    @Test
    void goesOnWhereAConnectionWasCut() {
        next(FakeHub.cutAfter(100_000));

        store().build().huggingFace(MODEL);

        // What the client's own buffers held is lost with the connection.
        assertThat(hub.requestsFor(WEIGHTS))
                .hasSize(2)
                .last()
                .satisfies(request -> assertThat(request.range())
                        .hasValueSatisfying(range -> assertThat(range).matches("bytes=[1-9]\\d{3,}-")));
    }

    @Test
    void takesAWholeFileAtOnceFromAServerWithoutRanges() {
        next(FakeHub.cutAfter(60_000), (exchange, file) -> FakeHub.whole(file).to(exchange, file));

        store().build().huggingFace(MODEL);

        assertThat(hub.requestsFor(WEIGHTS)).hasSize(2);
    }

    @Test
    void keepsWhatArrivedForALaterCall() throws IOException {
        always(FakeHub.cutAfter(60_000));
        failure(store().retries(0));
        long kept = Files.size(partial());
        hub.always(WEIGHTS, FakeHub::behave);

        store().build().huggingFace(MODEL);

        assertThat(hub.requestsFor(WEIGHTS).get(1).range()).contains("bytes=" + kept + "-");
        assertThat(partials()).isEmpty();
    }

    @Test
    void startsAgainWhereAPartialFileIsDamaged() throws IOException {
        always(FakeHub.cutAfter(60_000));
        failure(store().retries(0));
        Files.write(partial(), new byte[1000]);
        hub.always(WEIGHTS, FakeHub::behave);

        var directory = store().build().huggingFace(MODEL);

        assertThat(Files.readAllBytes(directory.resolve(WEIGHTS)))
                .isEqualTo(hub.files().get(WEIGHTS));
    }

    private Answer elsewhere() {
        return FakeHub.status(
                302, "Location", other.url() + "/" + "owner/name/resolve/abc/" + WEIGHTS + "?signature=secret");
    }

    private static Answer changed() {
        return (exchange, file) -> {
            var wrong = file.clone();
            wrong[wrong.length / 2]++;
            FakeHub.behave(exchange, wrong);
        };
    }

    private static Answer longer() {
        return (exchange, file) -> FakeHub.behave(exchange, Arrays.copyOf(file, file.length + 10));
    }

    private static Answer html() {
        return (exchange, none) -> {
            var page = "<html>log in to this network</html>".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        };
    }

    private void next(Answer... answers) {
        hub.next(WEIGHTS, answers);
    }

    private void always(Answer answer) {
        hub.always(WEIGHTS, answer);
    }

    private Path partial() {
        return new HubRepository(cache, FakeHub.ID).partial(hub.blob(WEIGHTS));
    }

    private List<Path> partials() throws IOException {
        try (var files = Files.walk(cache)) {
            return files.filter(file -> file.toString().endsWith(".incomplete")).toList();
        }
    }

    private ModelStore.Builder store() {
        return CacheCheck.store(cache)
                .allowDownloads(true)
                .endpoint(hub.url())
                .token(SECRET)
                .pause(time -> {});
    }

    private static ModelUnavailableException failure(ModelStore.Builder store) {
        var built = store.build();
        return catchThrowableOfType(ModelUnavailableException.class, () -> built.huggingFace(MODEL));
    }
}

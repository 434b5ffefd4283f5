// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A Hub on this machine that serves one repository, and misbehaves where told to. */
final class FakeHub implements AutoCloseable {
    static final String ID = "owner/name";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "fake-hub");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, JsonObject> listed = new TreeMap<>();
    private final Map<String, Deque<Answer>> first = new ConcurrentHashMap<>();
    private final Map<String, Answer> always = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    FakeHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** What a client sent. */
    record Request(String path, Optional<String> range, Optional<String> authorization) {}

    /** Answers a request. */
    @FunctionalInterface
    interface Answer {
        /** Answers it; what isn't sent then is cut off. */
        void to(HttpExchange exchange, byte[] file) throws IOException;
    }

    /** A file whose hash is Git's. */
    FakeHub file(String path, String text) {
        return add(path, text.getBytes(UTF_8), false);
    }

    /** A file whose hash is SHA-256. */
    FakeHub largeFile(String path, byte[] bytes) {
        return add(path, bytes, true);
    }

    FakeHub add(String path, byte[] bytes, boolean large) {
        files.put(path, bytes);
        var json = new JsonObject();
        json.addProperty("rfilename", path);
        json.addProperty("size", bytes.length);
        json.addProperty("blobId", gitHash(bytes));
        if (large) {
            var lfs = new JsonObject();
            lfs.addProperty("sha256", hash("SHA-256", bytes));
            lfs.addProperty("size", bytes.length);
            lfs.addProperty("pointerSize", 134);
            json.add("lfs", lfs);
        }
        listed.put(path, json);
        return this;
    }

    FakeHub without(String path) {
        files.remove(path);
        listed.remove(path);
        return this;
    }

    JsonObject listed(String path) {
        return Objects.requireNonNull(listed.get(path), path);
    }

    /** The next request for a file, or for {@code "list"}, is answered so. */
    FakeHub next(String path, Answer... answers) {
        first.computeIfAbsent(path, any -> new ArrayDeque<>()).addAll(Arrays.asList(answers));
        return this;
    }

    FakeHub always(String path, Answer answer) {
        always.put(path, answer);
        return this;
    }

    URI url() {
        return URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                + server.getAddress().getPort());
    }

    Map<String, byte[]> files() {
        return files;
    }

    /** The name of a file in the cache. */
    BlobHash blob(String path) {
        var json = listed(path);
        return new BlobHash(
                json.has("lfs")
                        ? json.getAsJsonObject("lfs").get("sha256").getAsString()
                        : json.get("blobId").getAsString());
    }

    List<Request> requests() {
        return requests;
    }

    List<Request> requestsFor(String path) {
        return requests.stream()
                .filter(request -> name(request.path()).equals(path))
                .toList();
    }

    /** Sends the file, or its end where that is asked for. */
    static void behave(HttpExchange exchange, byte[] file) throws IOException {
        send(exchange, file, file.length);
    }

    /** Sends part of what it promises and cuts the connection. */
    static Answer cutAfter(int bytes) {
        return (exchange, file) -> send(exchange, file, bytes);
    }

    /** Sends part of what it promises and then nothing, until the hub is closed. */
    Answer silentAfter(int bytes) {
        return (exchange, file) -> {
            send(exchange, file, bytes);
            awaitClosing();
        };
    }

    void awaitClosing() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Answer status(int status, String... headers) {
        return (exchange, file) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Sends other bytes, whatever range is asked for. */
    static Answer whole(byte[] other) {
        return (exchange, file) -> {
            exchange.sendResponseHeaders(200, other.length);
            exchange.getResponseBody().write(other);
        };
    }

    private static void send(HttpExchange exchange, byte[] file, int most) throws IOException {
        var range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (range != null) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes %d-%d/%d".formatted(from, file.length - 1, file.length));
        }
        int length = file.length - from;
        exchange.sendResponseHeaders(range == null ? 200 : 206, length == 0 ? -1 : length);
        exchange.getResponseBody().write(file, from, Math.min(length, most));
        // Else a connection that is cut may be cut before anything was sent, which clients repeat by themselves.
        exchange.getResponseBody().flush();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            requests.add(new Request(path, header(exchange, "Range"), header(exchange, "Authorization")));
            var name = name(path);
            var queue = first.get(name);
            Answer answer = queue == null ? null : poll(queue);
            if (answer == null) {
                answer = always.getOrDefault(name, name.equals("list") ? this::list : FakeHub::behave);
            }
            var file = files.get(name);
            if (file == null && !name.equals("list") && !always.containsKey(name)) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                answer.to(exchange, file == null ? new byte[0] : file);
            }
        }
    }

    @Nullable
    private static Answer poll(Deque<Answer> queue) {
        synchronized (queue) {
            return queue.poll();
        }
    }

    private void list(HttpExchange exchange, byte[] none) throws IOException {
        var json = new JsonObject();
        json.addProperty("id", ID);
        json.addProperty("sha", COMMIT);
        var siblings = new JsonArray();
        listed.values().forEach(siblings::add);
        json.add("siblings", siblings);
        var bytes = json.toString().getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String name(String path) {
        return path.startsWith("/api/") ? "list" : path.replaceFirst("^/owner/name/resolve/[0-9a-f]+/", "");
    }

    private static Optional<String> header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    static String gitHash(byte[] bytes) {
        var header = ("blob " + bytes.length + '\0').getBytes(UTF_8);
        var all = Arrays.copyOf(header, header.length + bytes.length);
        System.arraycopy(bytes, 0, all, header.length, bytes.length);
        return hash("SHA-1", all);
    }

    static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The files of a diffusion model whose weights are a few random bytes, and some that nobody needs. */
    static Map<String, byte[]> diffusionModel() {
        var random = new SplittableRandom(7);
        var model = new HashMap<String, byte[]>();
        for (var path : List.of(
                "model_index.json",
                "scheduler/scheduler_config.json",
                "tokenizer/vocab.json",
                "tokenizer/merges.txt",
                "unet/config.json",
                "vae/config.json",
                "text_encoder/config.json")) {
            model.put(path, ("{\"of\": \"" + path + "\"}").getBytes(UTF_8));
        }
        for (var path : List.of(
                "unet/diffusion_pytorch_model.safetensors",
                "vae/diffusion_pytorch_model.safetensors",
                "text_encoder/model.safetensors")) {
            var bytes = new byte[120_000 + random.nextInt(60_000)];
            random.nextBytes(bytes);
            model.put(path, bytes);
        }
        return model;
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.anomalyany.tiny.TinyModels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A Hub on this machine that has the built-in model, or a part of it, as a repository. */
public final class TinyHub implements AutoCloseable {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final Path model;
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;

    /**
     * Starts it with the whole model.
     *
     * @param id the repository's owner and name
     * @throws IOException if it can't be started
     */
    public TinyHub(String id) throws IOException {
        this(id, TinyModels.directory());
    }

    /**
     * Starts it.
     *
     * @param id the repository's owner and name
     * @param model what it has
     * @throws IOException if it can't be started
     */
    public TinyHub(String id, Path model) throws IOException {
        this.model = model;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/models/" + id + "/revision/main", exchange -> send(exchange, listing()));
        server.createContext("/" + id + "/resolve/" + COMMIT + "/", exchange -> {
            var path = exchange.getRequestURI().getPath().split("/", 6)[5];
            send(exchange, Files.readAllBytes(model.resolve(path)));
        });
        server.start();
    }

    /**
     * Where it is.
     *
     * @return the endpoint
     */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    int requests() {
        return requests.get();
    }

    private void send(HttpExchange exchange, byte[] bytes) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private byte[] listing() throws IOException {
        var siblings = new ArrayList<String>();
        for (var path : files(model)) {
            var bytes = Files.readAllBytes(model.resolve(path));
            siblings.add("""
                    {"rfilename": "%s", "size": %d, "blobId": "", "lfs": {"sha256": "%s", "size": %d}}""".formatted(path, bytes.length, sha256(bytes), bytes.length));
        }
        return "{\"sha\": \"%s\", \"siblings\": [%s]}"
                .formatted(COMMIT, String.join(",", siblings))
                .getBytes(UTF_8);
    }

    /** The files of a folder, as paths with slashes. */
    static List<String> files(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

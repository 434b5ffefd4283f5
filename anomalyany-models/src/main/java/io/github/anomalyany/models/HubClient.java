// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the Hub. Follows redirects itself, because the token must not follow them to another host.
 *
 * @param http sends requests; never follows redirects
 * @param endpoint where the Hub is
 * @param token who asks, if anybody in particular
 * @param timeout how long a server may be silent
 */
record HubClient(HttpClient http, URI endpoint, Optional<String> token, Duration timeout) {
    private static final int MAX_REDIRECTS = 10;
    private static final int MAX_LISTING_BYTES = 64 << 20;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /**
     * An answer that is no redirect.
     *
     * @param status the HTTP status
     * @param url who gave it
     * @param headers its headers
     * @param body its body, to be closed
     */
    record Reply(int status, URI url, HttpHeaders headers, ResponseBody body) implements AutoCloseable {
        @Override
        public void close() {
            body.close();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** The next bytes; none at the end. */
        Iterable<ByteBuffer> next() throws RetriableException, InterruptedException {
            try {
                return body.next();
            } catch (IOException e) {
                throw new RetriableException("%s from %s".formatted(e.getMessage(), shown(url)), e);
            }
        }
    }

    /** Asks for a list of files. */
    Reply listing(HubModel model) throws RetriableException, InterruptedException {
        return get("/api/models/%s/revision/%s?blobs=true".formatted(model.id(), encoded(model.revision())), 0);
    }

    /** Asks for a file's bytes from an offset on. */
    Reply file(HubModel model, String commit, HubFile file, long from) throws RetriableException, InterruptedException {
        var path = new StringBuilder("/" + model.id() + "/resolve/" + commit);
        for (var segment : file.path().split("/", -1)) {
            path.append('/').append(encoded(segment));
        }
        return get(path.toString(), from);
    }

    /** The whole body as text. */
    static String text(Reply reply) throws RetriableException, InterruptedException {
        var bytes = new ByteArrayOutputStream();
        while (true) {
            int before = bytes.size();
            for (var buffer : reply.next()) {
                var piece = new byte[buffer.remaining()];
                buffer.get(piece);
                bytes.writeBytes(piece);
            }
            if (bytes.size() == before) {
                return bytes.toString(UTF_8);
            }
            if (bytes.size() > MAX_LISTING_BYTES) {
                throw new RetriableException("%s sends more than %d bytes as a list of files"
                        .formatted(shown(reply.url()), MAX_LISTING_BYTES));
            }
        }
    }

    private Reply get(String path, long from) throws RetriableException, InterruptedException {
        var url = URI.create(endpoint + path);
        for (int hops = 0; hops <= MAX_REDIRECTS; hops++) {
            var reply = send(url, from);
            if (!REDIRECTS.contains(reply.status())) {
                return reply;
            }
            reply.close();
            url = redirected(url, reply.header("Location"));
        }
        throw new ModelUnavailableException("%s was redirected more than %d times, the last time to %s"
                .formatted(shown(URI.create(endpoint + path)), MAX_REDIRECTS, shown(url)));
    }

    private Reply send(URI url, long from) throws RetriableException, InterruptedException {
        try {
            var request = HttpRequest.newBuilder(url).timeout(timeout).header("User-Agent", "anomalyany-java");
            if (from > 0) {
                request.header("Range", "bytes=" + from + "-");
            }
            if (isHub(url)) {
                token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
            }
            var response = http.send(request.build(), info -> new ResponseBody(timeout));
            return new Reply(response.statusCode(), url, response.headers(), response.body());
        } catch (HttpTimeoutException e) {
            throw new RetriableException("%s gave no answer for %s".formatted(shown(url), seconds(timeout)), e);
        } catch (IOException e) {
            throw new RetriableException("the connection to %s failed (%s)".formatted(shown(url), describe(e)), e);
        }
    }

    /** Where a redirect leads, if it may be followed. */
    static URI redirected(URI from, String location) {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new ModelUnavailableException(shown(from) + " redirects to what is no URL", e);
        }
        var scheme = Objects.requireNonNullElse(to.getScheme(), "").toLowerCase(Locale.ROOT);
        boolean allowed =
                scheme.equals("https") || (scheme.equals("http") && !"https".equalsIgnoreCase(from.getScheme()));
        if (location.isEmpty() || to.getHost() == null || !allowed) {
            throw new ModelUnavailableException(
                    "%s redirects to %s, which isn't followed: only https, or http from http, is"
                            .formatted(shown(from), location.isEmpty() ? "nowhere" : shown(to)));
        }
        return to;
    }

    /** Whether a URL is on the Hub's own host. */
    boolean isHub(URI url) {
        return endpoint.getScheme().equalsIgnoreCase(url.getScheme())
                && endpoint.getHost().equalsIgnoreCase(url.getHost())
                && endpoint.getPort() == url.getPort();
    }

    /**
     * What an answer means that isn't the one wanted.
     *
     * @param reply the answer
     * @param model which model was asked for
     * @param absent what isn't there if the answer is 404
     * @return the exception, if repeating doesn't help
     * @throws RetriableException if it may help
     */
    ModelUnavailableException failure(Reply reply, HubModel model, String absent) throws RetriableException {
        var answer = "HTTP %d from %s".formatted(reply.status(), shown(reply.url()));
        int status = reply.status();
        if (status == 408 || status == 429 || status >= 500) {
            throw new RetriableException(answer, retryAfter(reply.header("Retry-After")));
        }
        if (status == 404) {
            return new ModelUnavailableException("%s (%s)".formatted(absent, answer));
        }
        if (isHub(reply.url()) && (status == 401 || status == 403)) {
            return new ModelUnavailableException(
                    ("%s: the repository %s doesn't exist, or is private or gated, and %s. Check the name; accept the licence at"
                                    + " %s/%s in a browser; set the environment variable HF_TOKEN, or"
                                    + " ModelStore.builder().token(...), to a token of an account that may read it")
                            .formatted(
                                    answer,
                                    model.id(),
                                    token.isPresent() ? "the token that was sent doesn't open it" : "no token was sent",
                                    shown(endpoint),
                                    model.id()));
        }
        return new ModelUnavailableException("%s: %s can't be fetched".formatted(answer, model.id()));
    }

    private static Optional<Duration> retryAfter(String header) {
        try {
            return header.matches("\\d{1,9}")
                    ? Optional.of(Duration.ofSeconds(Long.parseLong(header)))
                    : Optional.of(Duration.between(
                                    Instant.now(), ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)))
                            .filter(wait -> !wait.isNegative());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
    }

    /** A URL for messages: without what may be secret in it. */
    static String shown(URI url) {
        var port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + Objects.requireNonNullElse(url.getRawPath(), "");
    }

    static String describe(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at.getMessage() != null && !at.getMessage().isBlank()) {
                return at.getMessage();
            }
        }
        return failure.getClass().getSimpleName();
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3g s", time.toMillis() / 1000.0);
    }
}

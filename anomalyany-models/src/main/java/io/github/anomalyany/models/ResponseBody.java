// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, piece by piece, that gives up when nothing arrives for a while: the JDK's client has a limit of
 * time for the headers only. One piece is asked for at a time. For one reader.
 */
final class ResponseBody implements BodySubscriber<ResponseBody>, AutoCloseable {
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final Duration silence;
    private @Nullable Subscription subscription;
    private boolean closed;

    ResponseBody(Duration silence) {
        this.silence = silence;
    }

    /**
     * Something that arrived.
     *
     * @param bytes none at the end
     * @param end whether it is the last
     * @param failure why there is no more, or null
     */
    private record Piece(
            List<ByteBuffer> bytes, boolean end, @Nullable Throwable failure) {}

    @Override
    public CompletionStage<ResponseBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public synchronized void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        if (closed) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        pieces.add(new Piece(bytes, false, null));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(List.of(), true, null));
    }

    /**
     * Waits for the next piece.
     *
     * @return its bytes; none at the end
     * @throws IOException if the connection was cut or is silent
     */
    List<ByteBuffer> next() throws IOException, InterruptedException {
        while (true) {
            var piece = pieces.poll(silence.toNanos(), TimeUnit.NANOSECONDS);
            if (piece == null) {
                close();
                throw new IOException("nothing arrived for " + HubClient.seconds(silence));
            }
            if (piece.failure() != null) {
                throw new IOException("the connection was cut (" + HubClient.describe(piece.failure()) + ")");
            }
            if (piece.end()) {
                return List.of();
            }
            more();
            if (piece.bytes().stream().anyMatch(ByteBuffer::hasRemaining)) {
                return piece.bytes();
            }
        }
    }

    private synchronized void more() {
        if (subscription != null) {
            subscription.request(1);
        }
    }

    /** Ends the transfer; the rest of the body is not wanted. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}

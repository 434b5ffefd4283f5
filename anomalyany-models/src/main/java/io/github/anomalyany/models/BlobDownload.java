// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Fetches one file into the cache. It appears under its name by an atomic move, and only once size and hash were found
 * right.
 *
 * @param client asks for it
 * @param model the model it belongs to
 * @param commit the model's commit
 * @param repository where it goes
 * @param progress hears of it
 */
record BlobDownload(
        HubClient client, HubModel model, String commit, HubRepository repository, TransferProgress progress) {

    /** Fetches a file, with retries. */
    void fetch(HubFile file, Retries retries) throws InterruptedException {
        retries.run(file.path(), () -> attempt(file), progress);
    }

    private boolean attempt(HubFile file) throws RetriableException, InterruptedException {
        Path path = repository.partial(file.hash());
        try {
            String hash;
            try (var partial = new PartialFile(file, path)) {
                progress.has(file, partial.size());
                if (partial.missing() > 0) {
                    receive(file, partial);
                }
                hash = partial.finish();
            }
            if (!hash.equals(file.hash().hex())) {
                Files.delete(path);
                progress.has(file, 0);
                throw new RetriableException("what arrived has the %s %s but must have %s; it was thrown away"
                        .formatted(file.hash().kind(), hash, file.hash().hex()));
            }
            Files.move(path, repository.blob(file.hash()), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (ClosedByInterruptException e) {
            // The channel sets the flag, which whoever started the thread answers for.
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            throw new ModelUnavailableException(
                    "%s can't be written (%s); the cache is %s, ModelStore.builder().cache(...) or the environment variable HF_HUB_CACHE names another"
                            .formatted(path, e, repository.cache()),
                    e);
        }
    }

    private void receive(HubFile file, PartialFile partial)
            throws IOException, RetriableException, InterruptedException {
        long from = partial.size();
        try (var reply = client.file(model, commit, file, from)) {
            checkStatus(reply, file, partial);
            while (appendNext(reply, file, partial)) {
                progress.has(file, partial.size());
            }
        }
        if (partial.missing() > 0) {
            throw new RetriableException("only %d of %d bytes arrived".formatted(partial.size(), file.size()));
        }
    }

    private boolean appendNext(HubClient.Reply reply, HubFile file, PartialFile partial)
            throws IOException, RetriableException, InterruptedException {
        long before = partial.size();
        for (var bytes : reply.next()) {
            if (bytes.remaining() > partial.missing()) {
                restart(file, partial);
                throw new RetriableException("%s sends more than the %d bytes of the file"
                        .formatted(HubClient.shown(reply.url()), file.size()));
            }
            partial.append(bytes);
        }
        return partial.size() > before;
    }

    private void checkStatus(HubClient.Reply reply, HubFile file, PartialFile partial)
            throws IOException, RetriableException {
        switch (reply.status()) {
            case 200 -> {
                // Whoever sends a whole file when asked for its end has no ranges.
                if (partial.size() > 0) {
                    restart(file, partial);
                }
            }
            case 206 -> {
                var range = reply.header("Content-Range");
                if (!range.startsWith("bytes " + partial.size() + "-")) {
                    long wanted = partial.size();
                    restart(file, partial);
                    throw new RetriableException("%s was asked for the bytes from %d on but sends \"%s\""
                            .formatted(HubClient.shown(reply.url()), wanted, range));
                }
            }
            case 416 -> {
                restart(file, partial);
                throw new RetriableException("HTTP 416 from " + HubClient.shown(reply.url()));
            }
            default ->
                throw client.failure(
                        reply,
                        model,
                        "the file %s isn't in the repository %s at commit %s"
                                .formatted(file.path(), model.id(), commit));
        }
    }

    private void restart(HubFile file, PartialFile partial) throws IOException {
        partial.restart();
        progress.has(file, 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One download: lists the files, fetches those that the cache lacks, and makes them appear once all are right. The caller
 * has the repository's lock.
 *
 * @param client asks the Hub
 * @param repository the repository's part of the cache
 * @param retries repeats what failed
 * @param threads files to fetch at once, at most
 * @param space tells what is free
 * @param listener hears of it
 * @param progress tells the listener
 */
record Transfer(
        HubClient client,
        HubRepository repository,
        Retries retries,
        int threads,
        FreeSpace space,
        DownloadListener listener,
        TransferProgress progress) {

    /** Asks how much a disk still takes. */
    @FunctionalInterface
    interface FreeSpace {
        /**
         * Asks.
         *
         * @param folder any folder of the disk
         * @return bytes
         * @throws IOException if it can't be told
         */
        long of(Path folder) throws IOException;
    }

    /**
     * Downloads a model.
     *
     * @return the model's folder, complete
     */
    Path run(HubModel model) throws IOException, InterruptedException {
        var listing = retries.run("the list of files of " + model.id(), () -> list(model), progress);
        var files = listing.select(model);
        fetch(model, listing.commit(), files);
        repository.link(listing.commit(), files);
        var missing = repository.missing(model, listing.commit());
        if (!missing.isEmpty()) {
            throw new ModelUnavailableException(
                    "the repository %s is incomplete at revision %s (commit %s): it lacks %s, or has nothing in there; choose another revision or repository"
                            .formatted(model.id(), model.revision(), listing.commit(), String.join(", ", missing)));
        }
        repository.finish(listing.commit(), model.revision());
        Path directory = repository.snapshot(listing.commit());
        listener.onDone(directory);
        return directory;
    }

    private HubListing list(HubModel model) throws RetriableException, InterruptedException {
        try (var reply = client.listing(model)) {
            if (reply.status() != 200) {
                throw client.failure(reply, model, absent(model, reply.header("X-Error-Code")));
            }
            return HubListing.parse(HubClient.text(reply));
        }
    }

    private String absent(HubModel model, String code) {
        return switch (code) {
            case "RevisionNotFound" -> "the repository %s has no revision %s".formatted(model.id(), model.revision());
            case "RepoNotFound" -> "there is no repository " + model.id();
            default -> "there is no repository %s, or it has no revision %s".formatted(model.id(), model.revision());
        };
    }

    private void fetch(HubModel model, String commit, List<HubFile> files) throws IOException, InterruptedException {
        var blobs = new HashMap<BlobHash, HubFile>();
        files.forEach(file -> blobs.putIfAbsent(file.hash(), file));
        var absent = new ArrayList<HubFile>();
        var partial = new HashMap<String, Long>();
        for (var file : blobs.values()) {
            if (size(repository.blob(file.hash())) != file.size()) {
                absent.add(file);
                long have = Math.max(0, size(repository.partial(file.hash())));
                partial.put(file.path(), have <= file.size() ? have : 0);
            }
        }
        long all = blobs.values().stream().mapToLong(HubFile::size).sum();
        long missing = absent.stream()
                .mapToLong(file -> file.size() - partial.getOrDefault(file.path(), 0L))
                .sum();
        checkSpace(missing);
        progress.starting(new DownloadListener.Start(model, commit, files.size(), all, missing), partial);
        // The largest first: it takes the longest.
        absent.sort((one, other) -> Long.compare(other.size(), one.size()));
        fetchAll(absent, new BlobDownload(client, model, commit, repository, progress));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    private void checkSpace(long needed) {
        long free;
        try {
            free = space.of(repository.blobs());
        } catch (IOException e) {
            // Where it can't be told, a full disk shows while files are written.
            return;
        }
        if (free < needed) {
            throw new ModelUnavailableException(
                    "%s needs %s bytes more in %s but only %s are free there; free some, or name another folder with ModelStore.builder().cache(...) or the environment variable HF_HUB_CACHE"
                            .formatted(repository.id(), grouped(needed), repository.cache(), grouped(free)));
        }
    }

    private static String grouped(long bytes) {
        return String.format(Locale.ROOT, "%,d", bytes);
    }

    private void fetchAll(List<HubFile> files, BlobDownload download) throws InterruptedException {
        if (files.isEmpty()) {
            return;
        }
        var executor = Executors.newFixedThreadPool(Math.min(threads, files.size()), task -> {
            var thread = new Thread(task, "anomalyany-download");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var ends = new ExecutorCompletionService<Boolean>(executor);
            for (var file : files) {
                ends.submit(task(file, download));
            }
            for (int i = 0; i < files.size(); i++) {
                ends.take().get();
            }
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } finally {
            stop(executor);
        }
    }

    private Callable<Boolean> task(HubFile file, BlobDownload download) {
        return () -> {
            download.fetch(file, retries);
            return true;
        };
    }

    private static RuntimeException rethrown(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException exception ? exception : new IllegalStateException(failure);
    }

    /** Waits for the threads too: nobody may write once the lock is given back. */
    private static void stop(ExecutorService executor) {
        executor.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (executor.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

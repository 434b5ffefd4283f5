// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * A repository's folder in the cache of huggingface_hub: {@code refs} name commits, {@code snapshots/COMMIT} has a link
 * for each file, and {@code blobs} has the files, named by their hashes.
 *
 * @param cache the folder of all repositories, absolute
 * @param id {@code owner/name}
 */
record HubRepository(Path cache, String id) {
    private static final String OURS = "anomalyany";

    /**
     * What is in the cache of a model.
     *
     * @param looked the folder looked in
     * @param missing files that aren't there; empty if the model is complete
     */
    record Lookup(Path looked, List<String> missing) {
        boolean complete() {
            return missing.isEmpty();
        }
    }

    /** Looks for a model, at a branch or tag as the cache knows it. */
    Lookup find(HubModel model) {
        var commit = commit(model.revision());
        if (commit.isEmpty()) {
            return new Lookup(folder(), List.of("the revision " + model.revision() + " with all its files"));
        }
        Path snapshot = snapshot(commit.get());
        if (Files.exists(unfinished(commit.get()))) {
            return new Lookup(
                    snapshot,
                    List.of("some files, as %s tells of a download that was stopped"
                            .formatted(unfinished(commit.get()))));
        }
        return new Lookup(snapshot, missing(model, commit.get()));
    }

    List<String> missing(HubModel model, String commit) {
        return new ModelFolder(snapshot(commit)).missing(model);
    }

    private Optional<String> commit(String revision) {
        if (isCommit(revision)) {
            return Optional.of(revision);
        }
        try {
            return Optional.of(Files.readString(ref(revision)).strip()).filter(HubRepository::isCommit);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isCommit(String revision) {
        return HubListing.COMMIT.matcher(revision).matches();
    }

    /** Creates the folders that a download writes into. */
    void prepare() throws IOException {
        makeFolder(folder().resolve("blobs"));
        makeFolder(work());
    }

    /** Where files go. */
    Path blobs() {
        return folder().resolve("blobs");
    }

    Path blob(BlobHash hash) {
        return blobs().resolve(hash.hex());
    }

    /** Not the name of huggingface_hub's partial files, since its lock and ours don't know of each other. */
    Path partial(BlobHash hash) {
        return blobs().resolve(hash.hex() + "." + OURS + ".incomplete");
    }

    Path lock() {
        return work().resolve(OURS + ".lock");
    }

    /**
     * Makes files that are in {@code blobs} appear under their names. If the process dies before the caller said {@link
     * #finish}, the snapshot doesn't count as complete.
     */
    void link(String commit, List<HubFile> files) throws IOException {
        Files.write(unfinished(commit), new byte[0]);
        for (var file : files) {
            Path entry = snapshot(commit).resolve(file.path());
            Path blob = blob(file.hash());
            if (!Files.exists(entry) || !Files.isSameFile(entry, blob)) {
                makeFolder(entry.resolveSibling(""));
                Path link = work().resolve(OURS + ".link");
                Files.deleteIfExists(link);
                makeLink(link, entry.resolveSibling("").relativize(blob), blob);
                Files.move(link, entry, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** Says that the snapshot has all files, and which revision it is. */
    void finish(String commit, String revision) throws IOException {
        if (!isCommit(revision)) {
            Path text = work().resolve(OURS + ".ref");
            Files.writeString(text, commit);
            makeFolder(ref(revision).resolveSibling(""));
            Files.move(text, ref(revision), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.deleteIfExists(unfinished(commit));
    }

    /** A symbolic link, else a hard link, else a copy: not every file system and user may have the first ones. */
    private static void makeLink(Path link, Path relative, Path blob) throws IOException {
        try {
            Files.createSymbolicLink(link, relative);
        } catch (FileSystemException | UnsupportedOperationException noSymbolicLinks) {
            try {
                Files.createLink(link, blob);
            } catch (FileSystemException | UnsupportedOperationException noLinks) {
                Files.copy(blob, link);
            }
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        // Not createDirectories alone: it refuses a link to a folder.
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
    }

    Path folder() {
        return cache.resolve(name());
    }

    Path snapshot(String commit) {
        return folder().resolve("snapshots").resolve(commit);
    }

    private Path ref(String revision) {
        return folder().resolve("refs").resolve(revision);
    }

    /** Where huggingface_hub has its locks too, and nothing else looks. */
    private Path work() {
        return cache.resolve(".locks").resolve(name());
    }

    private Path unfinished(String commit) {
        return work().resolve(OURS + "-" + commit + ".unfinished");
    }

    private String name() {
        return "models--" + id.replace("/", "--");
    }
}

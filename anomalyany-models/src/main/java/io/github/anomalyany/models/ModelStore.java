// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import io.github.anomalyany.spi.BuiltInModelProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds models: turns a name into a folder for {@code AnomalyGenerator.builder().modelDirectory(...)} or {@code
 * VladDetector.builder().modelDirectory(...)}.
 *
 * <pre>{@code
 * var store = ModelStore.builder().allowDownloads(true).build();
 * var model = store.huggingFace("stable-diffusion-v1-5/stable-diffusion-v1-5");
 * }</pre>
 *
 * <p>It reads and writes the cache of Hugging Face's own tools, so what these have fetched is found, and the other way
 * round. It looks in the cache first and leaves the network alone unless downloads are allowed and something is missing;
 * a branch stays at the commit that the cache knows. Every file's size and hash are checked before it appears in the
 * cache. A download that was stopped goes on where it was.
 *
 * <p>Immutable; for any number of threads. Threads and processes may ask for the same model at once: one downloads, the
 * others wait.
 */
public final class ModelStore {
    private final Builder settings;

    private ModelStore(Builder settings) {
        this.settings = settings;
    }

    /**
     * A store that never uses the network, with the cache that the environment names.
     *
     * @return a new store
     */
    public static ModelStore offline() {
        return builder().build();
    }

    /**
     * Prepares a store.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The folder of a Stable Diffusion or CLIP model of the Hugging Face Hub.
     *
     * @param id {@code owner/name}, as {@code "stable-diffusion-v1-5/stable-diffusion-v1-5"}
     * @return a folder with all files that the model is loaded from
     * @throws IllegalArgumentException if the id can't be one
     * @throws ModelUnavailableException if the cache lacks some of it and it may not or can't be fetched, or the thread was
     *     interrupted, whose flag is then set; the message tells what is missing and what to run
     */
    public Path huggingFace(String id) {
        return huggingFace(HubModel.of(id));
    }

    /**
     * The folder of a model of the Hugging Face Hub.
     *
     * @param model which files of which repository
     * @return a folder with all of them
     * @throws ModelUnavailableException if the cache lacks some of it and it may not or can't be fetched, or the thread was
     *     interrupted, whose flag is then set; the message tells what is missing and what to run
     */
    public Path huggingFace(HubModel model) {
        var repository = new HubRepository(settings.cacheFolder(), model.id());
        var found = repository.find(model);
        if (found.complete()) {
            return found.looked();
        }
        refuseUnlessAllowed(model, found);
        try {
            return download(model, repository);
        } catch (InterruptedException | ClosedByInterruptException | FileLockInterruptionException e) {
            Thread.currentThread().interrupt();
            throw new ModelUnavailableException(
                    "the download of %s was interrupted; what has arrived is kept in %s, so a later call goes on from there"
                            .formatted(model.id(), repository.folder()),
                    e);
        } catch (IOException e) {
            throw new ModelUnavailableException(
                    "the cache %s can't be written (%s); name another folder with ModelStore.builder().cache(...) or the environment variable HF_HUB_CACHE"
                            .formatted(repository.cache(), e),
                    e);
        }
    }

    /**
     * A folder of one's own, once it is sure that a model can be in it.
     *
     * @param directory a Stable Diffusion model in the diffusers layout, a CLIP model in that of Hugging Face or open_clip,
     *     or a folder whose folder {@code clip} is one
     * @return the same folder
     * @throws ModelUnavailableException if it isn't there or lacks files that a model must have; the message names all of
     *     them. What is in the files isn't looked at
     */
    public Path directory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new ModelUnavailableException(
                    "%s is %s; a folder is wanted with a model in it, as ModelStore.builder().allowDownloads(true).build().huggingFace(\"OWNER/NAME\") or hf download OWNER/NAME --local-dir %s fetch one"
                            .formatted(directory, Files.exists(directory) ? "not a folder" : "not there", directory));
        }
        var folder = new ModelFolder(directory);
        var missing = folder.missing();
        if (!missing.isEmpty()) {
            var pickles = folder.pickles();
            throw new ModelUnavailableException(
                    "%s isn't a complete model: it lacks %s%s. Fetch these from where the others came from (hf download OWNER/NAME --local-dir %s), or a whole model with ModelStore.builder().allowDownloads(true).build().huggingFace(\"OWNER/NAME\")"
                            .formatted(
                                    directory,
                                    String.join(", ", missing),
                                    pickles.isEmpty()
                                            ? ""
                                            : " (there is %s, but pickles can run code when read, so they are never opened)"
                                                    .formatted(String.join(", ", pickles)),
                                    directory));
        }
        return directory;
    }

    /**
     * The folder of the built-in model, which knows little and needs no download; unpacked on first use.
     *
     * @return a folder in the diffusers layout, with a CLIP model in its folder {@code clip}
     * @throws io.github.anomalyany.ProviderNotFoundException if anomalyany-tiny isn't on the class path
     * @throws io.github.anomalyany.ModelLoadException if it can't be unpacked
     */
    public Path tiny() {
        return BuiltInModelProvider.find().directory();
    }

    private void refuseUnlessAllowed(HubModel model, HubRepository.Lookup found) {
        var offline = settings.environment.offline();
        if (settings.allowDownloads && offline.isEmpty()) {
            return;
        }
        var remedy = new Remedy(model, Optional.ofNullable(settings.cache));
        var run = offline.isPresent()
                ? "%s=%s forbids the network%s: unset it and run %s, or %s in a shell"
                        .formatted(
                                HubEnvironment.OFFLINE,
                                offline.get(),
                                settings.allowDownloads ? ", although downloads are allowed" : "",
                                remedy.java(),
                                remedy.shell())
                : "downloads weren't allowed: run %s, or %s in a shell".formatted(remedy.java(), remedy.shell());
        throw new ModelUnavailableException("%s at revision %s isn't in the cache: missing are %s; looked in %s; %s"
                .formatted(model.id(), model.revision(), String.join(", ", found.missing()), found.looked(), run));
    }

    @SuppressWarnings("try") // the lock is held, not used
    private Path download(HubModel model, HubRepository repository) throws IOException, InterruptedException {
        var client = settings.client();
        var progress = new TransferProgress(settings.listener);
        repository.prepare();
        try (var lock = RepositoryLock.take(repository.lock(), progress::waiting)) {
            // Asked again: another may have fetched it while this one waited.
            var found = repository.find(model);
            if (found.complete()) {
                return found.looked();
            }
            var retries = new Retries(settings.retries, settings.pause);
            return new Transfer(
                            client,
                            repository,
                            retries,
                            settings.parallelism,
                            settings.space,
                            settings.listener,
                            progress)
                    .run(model);
        }
    }

    /** Collects how to find models. Not safe for use by several threads at once. */
    public static final class Builder {
        private boolean allowDownloads;
        private @Nullable Path cache;
        private @Nullable URI endpoint;
        private @Nullable String token;
        private int parallelism = 4;
        private int retries = 5;
        private Duration timeout = Duration.ofSeconds(30);
        private DownloadListener listener = new DownloadListener() {};
        private @Nullable HttpClient httpClient;
        private HubEnvironment environment = HubEnvironment.ofThisJvm();
        private Pause pause = time -> Thread.sleep(time.toMillis());
        private Transfer.FreeSpace space = folder -> Files.getFileStore(folder).getUsableSpace();

        private Builder() {}

        private Builder(Builder other) {
            allowDownloads = other.allowDownloads;
            cache = other.cache;
            endpoint = other.endpoint;
            token = other.token;
            parallelism = other.parallelism;
            retries = other.retries;
            timeout = other.timeout;
            listener = other.listener;
            httpClient = other.httpClient;
            environment = other.environment;
            pause = other.pause;
            space = other.space;
        }

        /**
         * Sets whether files that are missing are fetched. Default: no. The environment variable {@code HF_HUB_OFFLINE}, if
         * {@code 1}, {@code true}, {@code yes} or {@code on}, forbids it whatever is set here.
         *
         * @param allowed whether
         * @return this builder
         */
        public Builder allowDownloads(boolean allowed) {
            allowDownloads = allowed;
            return this;
        }

        /**
         * Sets the folder of the cache. Default: as Hugging Face's tools have it, {@code $HF_HUB_CACHE}, else {@code
         * $HF_HOME/hub}, else {@code $XDG_CACHE_HOME/huggingface/hub}, else {@code ~/.cache/huggingface/hub}.
         *
         * @param folder the folder; created by the first download if need be
         * @return this builder
         */
        public Builder cache(Path folder) {
            cache = folder.toAbsolutePath().normalize();
            return this;
        }

        /**
         * Sets where the Hub is. Default: {@code $HF_ENDPOINT}, else {@code https://huggingface.co}.
         *
         * @param endpoint an http or https URL without query
         * @return this builder
         * @throws IllegalArgumentException if it is no such URL
         */
        public Builder endpoint(URI endpoint) {
            this.endpoint = checked(endpoint);
            return this;
        }

        /**
         * Sets the token for private and gated repositories. Default: {@code $HF_TOKEN}, else the file {@code
         * $HF_TOKEN_PATH}, else {@code $HF_HOME/token}, where {@code hf auth login} leaves it. It is sent to the endpoint's
         * host only, and appears in no message.
         *
         * @param token the token
         * @return this builder
         * @throws IllegalArgumentException if it is empty or has other characters than visible ASCII
         */
        public Builder token(String token) {
            this.token = checkedToken(token);
            return this;
        }

        /**
         * Sets how many files are fetched at once. Default: 4.
         *
         * @param files in [1, 64]
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder parallelism(int files) {
            parallelism = inRange("parallelism", files, 1, 64);
            return this;
        }

        /**
         * Sets how often a request that failed is repeated, for each file, after waits from a second to half a minute or as
         * long as the server says, a minute at most. Default: 5.
         *
         * @param retries in [0, 100]
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder retries(int retries) {
            this.retries = inRange("retries", retries, 0, 100);
            return this;
        }

        /**
         * Sets how long a server may be silent before a request counts as failed. Default: 30 s.
         *
         * @param silence more than 0
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder timeout(Duration silence) {
            if (silence.isNegative() || silence.isZero()) {
                throw new IllegalArgumentException("timeout must be more than 0 but was " + silence);
            }
            timeout = silence;
            return this;
        }

        /**
         * Sets who hears of downloads. Default: nobody.
         *
         * @param listener hears
         * @return this builder
         */
        public Builder listener(DownloadListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Sets what sends requests, for proxies, certificates and the like. Default: a client with the JVM's proxy settings
         * ({@code -Dhttps.proxyHost}).
         *
         * @param client a client that doesn't follow redirects, which is what clients are unless told otherwise
         * @return this builder
         * @throws IllegalArgumentException if the client follows redirects: it would take the token along
         */
        public Builder httpClient(HttpClient client) {
            if (client.followRedirects() != HttpClient.Redirect.NEVER) {
                throw new IllegalArgumentException(
                        "httpClient must not follow redirects (it would hand the token to other hosts) but follows "
                                + client.followRedirects());
            }
            httpClient = client;
            return this;
        }

        Builder environment(Function<String, @Nullable String> variables) {
            environment = new HubEnvironment(variables, System::getProperty);
            return this;
        }

        Builder pause(Pause pause) {
            this.pause = pause;
            return this;
        }

        Builder space(Transfer.FreeSpace space) {
            this.space = space;
            return this;
        }

        /**
         * Makes the store. Nothing is looked for yet.
         *
         * @return a store
         */
        public ModelStore build() {
            return new ModelStore(new Builder(this));
        }

        private Path cacheFolder() {
            return cache != null ? cache : environment.cache().toAbsolutePath().normalize();
        }

        private HubClient client() throws IOException {
            var http = httpClient != null
                    ? httpClient
                    : HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(timeout)
                            .build();
            return new HubClient(http, hub(), secret(), timeout);
        }

        private URI hub() {
            if (endpoint != null) {
                return endpoint;
            }
            try {
                return checked(URI.create(environment.endpoint()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("the environment variable HF_ENDPOINT: " + e.getMessage(), e);
            }
        }

        private Optional<String> secret() throws IOException {
            return token != null ? Optional.of(token) : environment.token().map(Builder::checkedToken);
        }

        private static URI checked(URI endpoint) {
            boolean web = List.of("http", "https").contains(String.valueOf(endpoint.getScheme()));
            if (!web
                    || endpoint.getHost() == null
                    || endpoint.getRawQuery() != null
                    || endpoint.getUserInfo() != null) {
                throw new IllegalArgumentException(
                        "endpoint must be an http or https URL without user and query, as https://huggingface.co, but was "
                                + (endpoint.getUserInfo() == null ? endpoint : "one with a user"));
            }
            return URI.create(endpoint.toString().replaceFirst("/+$", ""));
        }

        private static String checkedToken(String token) {
            if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalArgumentException(
                        "token must consist of visible ASCII characters, without blanks and line breaks, but has others or is empty");
            }
            return token;
        }

        private static int inRange(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        "%s must be in [%d, %d] but was %d".formatted(name, least, most, value));
            }
            return value;
        }
    }
}

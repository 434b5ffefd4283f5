// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.prompt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Words for damage, by which the word to emphasise is found in a prompt: {@code "a hazelnut with a deep crack"} gives
 * {@code "crack"}. Immutable, safe to share between threads.
 *
 * <p>The catalogue is a text file: a line holds a word and its other forms, separated by commas; {@code #} begins a comment;
 * a line that begins with {@code ~} holds words that are vague or have other meanings. Files named {@value #RESOURCE} on the
 * class path add to it.
 */
public final class DefectCatalog {
    /** Name of the resources that add words. */
    public static final String RESOURCE = "META-INF/anomalyany/defects.txt";

    private static final String OWN_RESOURCE = "defects.txt";

    /** Letters, digits, and apostrophes between them. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:['’][\\p{L}\\p{M}\\p{N}]+)*");

    /** What comes after one of these is what is special about the object. */
    private static final Set<String> INTRODUCTIONS =
            Set.of("with", "has", "have", "having", "shows", "showing", "contains", "containing");

    /** Lower-case words; true for the vague ones. */
    private final Map<String, Boolean> vague;

    private DefectCatalog(Map<String, Boolean> vague) {
        this.vague = vague;
    }

    /**
     * The words of this library and of all resources {@value #RESOURCE} that the class loaders of this library and of the
     * current thread see.
     *
     * @return the catalogue
     * @throws IllegalStateException if a line of a resource isn't as it should be; the message names it
     * @throws UncheckedIOException if a resource can't be read
     */
    public static DefectCatalog standard() {
        var words = new HashMap<String, Boolean>();
        try (var own = DefectCatalog.class.getResourceAsStream(OWN_RESOURCE)) {
            read(Objects.requireNonNull(own, OWN_RESOURCE), OWN_RESOURCE, words);
            for (URL url : additions()) {
                try (var input = url.openStream()) {
                    read(input, url.toString(), words);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new DefectCatalog(words);
    }

    private static List<URL> additions() throws IOException {
        var urls = new ArrayList<URL>();
        var loaders = new ArrayList<ClassLoader>();
        for (var loader : new ClassLoader[] {
            DefectCatalog.class.getClassLoader(), Thread.currentThread().getContextClassLoader()
        }) {
            if (loader != null && !loaders.contains(loader)) {
                loaders.add(loader);
                urls.addAll(Collections.list(loader.getResources(RESOURCE)));
            }
        }
        return urls;
    }

    private static void read(InputStream input, String source, Map<String, Boolean> words) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            String content = line.split("#", 2)[0].strip();
            if (content.isEmpty()) {
                continue;
            }
            boolean isVague = content.startsWith("~");
            for (String form : content.substring(isVague ? 1 : 0).split(",", -1)) {
                if (!isWord(form.strip())) {
                    throw new IllegalStateException(
                            "line %d of %s: \"%s\" isn't a word".formatted(number, source, form.strip()));
                }
                words.merge(lower(form.strip()), isVague, Boolean::logicalAnd);
            }
        }
    }

    /**
     * This catalogue with more words.
     *
     * @param words each a single word in the form in which prompts have it
     * @return a new catalogue
     * @throws IllegalArgumentException if one isn't a single word
     */
    public DefectCatalog with(String... words) {
        var more = new HashMap<>(vague);
        for (String word : words) {
            if (!isWord(word)) {
                throw new IllegalArgumentException("words must be single words but one was \"" + word + "\"");
            }
            more.put(lower(word), false);
        }
        return new DefectCatalog(more);
    }

    /**
     * Finds the word for the damage. Where there are several, a specific word goes before a vague one ("damaged"), then one
     * after "with" or "has" before one that only describes the object ("a chip with a scratch"), then the first.
     *
     * @param prompt any text
     * @return the word as the prompt has it, or nothing
     */
    public Optional<String> find(String prompt) {
        String best = "";
        int bestRank = 0;
        boolean introduced = false;
        for (String word : words(prompt)) {
            String lower = lower(word);
            introduced |= INTRODUCTIONS.contains(lower);
            Boolean isVague = vague.get(lower);
            if (isVague != null) {
                int rank = (isVague ? 1 : 3) + (introduced ? 1 : 0);
                if (rank > bestRank) {
                    bestRank = rank;
                    best = word;
                }
            }
        }
        return bestRank == 0 ? Optional.empty() : Optional.of(best);
    }

    /**
     * The words of a prompt, for messages.
     *
     * @param prompt any text
     * @return its words in order, without punctuation
     */
    public static List<String> words(String prompt) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(prompt);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return List.copyOf(words);
    }

    private static boolean isWord(String text) {
        return WORD.matcher(text).matches();
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import com.google.common.hash.Hashing;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The sentences that tell CLIP what a good and a damaged thing are: every state in every template (spec §2.1; WinCLIP, Jeong
 * et al., CVPR 2023, §3). Immutable.
 *
 * @param id short name, for provenance
 * @param normalStates as {@code "flawless {}"}, {@code {}} standing for the category's name
 * @param abnormalStates as {@code "damaged {}"}
 * @param templates as {@code "a photo of a {}."}, {@code {}} standing for the state
 */
public record PromptEnsemble(
        String id, List<String> normalStates, List<String> abnormalStates, List<String> templates) {
    private static final String PLACE = "{}";

    /**
     * Checks the parts.
     *
     * @param id short name, for provenance
     * @param normalStates as {@code "flawless {}"}
     * @param abnormalStates as {@code "damaged {}"}
     * @param templates as {@code "a photo of a {}."}
     * @throws IllegalArgumentException if a list is empty or an entry has no {@code {}}
     */
    public PromptEnsemble {
        Objects.requireNonNull(id, "id");
        normalStates = checked("normalStates", normalStates);
        abnormalStates = checked("abnormalStates", abnormalStates);
        templates = checked("templates", templates);
    }

    private static List<String> checked(String name, List<String> entries) {
        if (entries.isEmpty()) {
            throw new IllegalArgumentException(name + " must have an entry but is empty");
        }
        for (String entry : entries) {
            if (!entry.contains(PLACE)) {
                throw new IllegalArgumentException(
                        "%s must have {} in each entry but one was \"%s\"".formatted(name, entry));
            }
        }
        return List.copyOf(entries);
    }

    /**
     * AnomalyGPT's: 14 normal and 10 abnormal sentences. VLAD's default.
     *
     * @return the ensemble
     */
    public static PromptEnsemble anomalyGpt() {
        return resource("anomalygpt");
    }

    /**
     * WinCLIP's: 154 and 88 sentences.
     *
     * @return the ensemble
     */
    public static PromptEnsemble winClip() {
        return resource("winclip");
    }

    /**
     * APRIL-GAN's: 245 and 175 sentences, for zero-shot with real backbones, where they cost some time once a category.
     *
     * @return the ensemble
     */
    public static PromptEnsemble aprilGan() {
        return resource("april-gan");
    }

    private static PromptEnsemble resource(String id) {
        String name = "prompts-" + id + ".json";
        try (var stream = Objects.requireNonNull(PromptEnsemble.class.getResourceAsStream(name), name);
                var reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            return parse(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads an ensemble: a JSON object with {@code id}, {@code normalStates}, {@code abnormalStates} and {@code templates}.
     *
     * @param file where from
     * @return the ensemble
     * @throws IOException if the file can't be read or isn't such an object; the message names the file
     */
    public static PromptEnsemble read(Path file) throws IOException {
        try (var reader = Files.newBufferedReader(file)) {
            return parse(reader);
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw new IOException(
                    file + " must be a JSON object with id, normalStates, abnormalStates and templates: "
                            + e.getMessage(),
                    e);
        }
    }

    private static PromptEnsemble parse(Reader reader) {
        JsonObject json = JsonParser.parseReader(reader).getAsJsonObject();
        JsonElement id = json.get("id");
        if (id == null) {
            throw new IllegalArgumentException("id is missing");
        }
        return new PromptEnsemble(
                id.getAsString(), texts(json, "normalStates"), texts(json, "abnormalStates"), texts(json, "templates"));
    }

    private static List<String> texts(JsonObject json, String name) {
        JsonElement list = json.get(name);
        if (list == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        var texts = new ArrayList<String>();
        list.getAsJsonArray().forEach(text -> texts.add(text.getAsString()));
        return texts;
    }

    /**
     * How a category's name is said: {@code _} and {@code -} become spaces, digits at the end go, lower case, so that
     * {@code macaroni1} is macaroni.
     *
     * @param category name of a category
     * @return words
     */
    public static String spoken(String category) {
        String words =
                category.replaceAll("[_\\-]+", " ").replaceAll("[\\s\\d]+$", "").strip();
        return words.isEmpty() ? "object" : words.toLowerCase(Locale.ROOT);
    }

    /**
     * Sentences about a good thing.
     *
     * @param thing what it is, in words
     * @return one for each state and template
     */
    public List<String> normal(String thing) {
        return sentences(normalStates, thing);
    }

    /**
     * Sentences about a damaged thing.
     *
     * @param thing what it is, in words
     * @return one for each state and template
     */
    public List<String> abnormal(String thing) {
        return sentences(abnormalStates, thing);
    }

    private List<String> sentences(List<String> states, String thing) {
        var sentences = new ArrayList<String>();
        for (String state : states) {
            for (String template : templates) {
                sentences.add(template.replace(PLACE, state.replace(PLACE, thing)));
            }
        }
        return sentences;
    }

    /**
     * Fingerprint of all sentences.
     *
     * @return 16 hexadecimal digits
     */
    public String fingerprint() {
        String all = normalStates + "\n" + abnormalStates + "\n" + templates;
        return Hashing.sha256()
                .hashString(all, StandardCharsets.UTF_8)
                .toString()
                .substring(0, 16);
    }
}

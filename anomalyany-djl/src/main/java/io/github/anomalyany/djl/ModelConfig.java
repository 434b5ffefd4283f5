// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import com.google.common.primitives.ImmutableDoubleArray;
import io.github.anomalyany.ModelLoadException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A strict reader of one JSON object of settings, such as a network's {@code config.json}. It gives typed values within
 * ranges, and remembers which keys were asked for, so that options nobody supports are refused instead of ignored. An
 * absent key and a key whose value is null both mean the default. Not safe for use by several threads.
 */
public final class ModelConfig {
    /** Keys that tell how a file was written and nothing about the network. */
    private static final Set<String> NOTES = Set.of("torch_dtype", "dtype", "transformers_version");

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

    private final Path file;
    private final String prefix;
    private final Map<String, @Nullable Object> values;
    private final Set<String> read = new HashSet<>();

    private ModelConfig(Path file, String prefix, Map<String, @Nullable Object> values) {
        this.file = file;
        this.prefix = prefix;
        this.values = values;
    }

    /**
     * Reads a file.
     *
     * @param file a JSON file of at most 1 MB that holds one object
     * @return its settings
     * @throws ModelLoadException if there is no such file or it is no strict JSON object
     */
    public static ModelConfig read(Path file) {
        return new ModelConfig(file, "", JsonTree.readObject(file));
    }

    /**
     * The file.
     *
     * @return its path
     */
    public Path file() {
        return file;
    }

    /**
     * Tells whether a key has a value. Asking does not count as reading.
     *
     * @param name the key
     * @return false if it is absent or null
     */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /**
     * Reads an integer that must be there.
     *
     * @param name the key
     * @param min the smallest value allowed
     * @param max the largest value allowed
     * @return the value
     * @throws ModelLoadException if it is absent, not an integer or out of range
     */
    public int integer(String name, int min, int max) {
        return toInteger(name, required(name), min, max);
    }

    /**
     * Reads an integer.
     *
     * @param name the key
     * @param defaultValue the value where the key is absent
     * @param min the smallest value allowed
     * @param max the largest value allowed
     * @return the value
     * @throws ModelLoadException if it is not an integer or out of range
     */
    public int integer(String name, int defaultValue, int min, int max) {
        Object value = value(name);
        return value == null ? defaultValue : toInteger(name, value, min, max);
    }

    /**
     * Reads a list of integers that must be there.
     *
     * @param name the key
     * @param minCount the smallest length allowed
     * @param maxCount the largest length allowed
     * @param min the smallest value allowed
     * @param max the largest value allowed
     * @return the immutable list
     * @throws ModelLoadException if it is absent, no list of integers, too short, too long or out of range
     */
    public List<Integer> integers(String name, int minCount, int maxCount, int min, int max) {
        var integers = new ArrayList<Integer>();
        for (Object item : list(name, required(name), minCount, maxCount)) {
            integers.add(toInteger(name, item, min, max));
        }
        return List.copyOf(integers);
    }

    /**
     * Reads one integer per level: a list of that length, or one integer that holds for all levels.
     *
     * @param name the key
     * @param levels the number of levels
     * @param defaultValue the value of all levels where the key is absent
     * @param min the smallest value allowed
     * @param max the largest value allowed
     * @return the immutable list, one value per level
     * @throws ModelLoadException if it is neither, of another length or out of range
     */
    public List<Integer> integersPerLevel(String name, int levels, int defaultValue, int min, int max) {
        Object value = value(name);
        if (value instanceof List<?>) {
            return integers(name, levels, levels, min, max);
        }
        int one = value == null ? defaultValue : toInteger(name, value, min, max);
        return Collections.nCopies(levels, one);
    }

    /**
     * Reads a number.
     *
     * @param name the key
     * @param defaultValue the value where the key is absent
     * @param min the smallest value allowed
     * @param max the largest value allowed
     * @return the value
     * @throws ModelLoadException if it is not a number or out of range
     */
    public double number(String name, double defaultValue, double min, double max) {
        Object value = value(name);
        return value == null ? defaultValue : toNumber(name, value, min, max);
    }

    /**
     * Reads a list of numbers, such as the mean of a normalisation.
     *
     * @param name the key
     * @param defaultValues the values where the key is absent; its length is the only one allowed
     * @param min the smallest value allowed
     * @param max the largest value allowed
     * @return the values
     * @throws ModelLoadException if it is no list of numbers, of another length or out of range
     */
    public double[] numbers(String name, double[] defaultValues, double min, double max) {
        Object value = value(name);
        if (value == null) {
            return defaultValues.clone();
        }
        var numbers = ImmutableDoubleArray.builder(defaultValues.length);
        for (Object item : list(name, value, defaultValues.length, defaultValues.length)) {
            numbers.add(toNumber(name, item, min, max));
        }
        return numbers.build().toArray();
    }

    /**
     * Reads a text.
     *
     * @param name the key
     * @param defaultValue the value where the key is absent
     * @param allowed the values allowed; any if none is given
     * @return the value
     * @throws ModelLoadException if it is not a text or not allowed
     */
    public String text(String name, String defaultValue, String... allowed) {
        Object value = value(name);
        return value == null ? defaultValue : toText(name, value, allowed);
    }

    /**
     * Reads a list of texts that must be there.
     *
     * @param name the key
     * @param minCount the smallest length allowed
     * @param maxCount the largest length allowed
     * @param allowed the values allowed; any if none is given
     * @return the immutable list
     * @throws ModelLoadException if it is absent, no list of texts, too short, too long or holds a value not allowed
     */
    public List<String> texts(String name, int minCount, int maxCount, String... allowed) {
        var texts = new ArrayList<String>();
        for (Object item : list(name, required(name), minCount, maxCount)) {
            texts.add(toText(name, item, allowed));
        }
        return List.copyOf(texts);
    }

    /**
     * Reads a truth value.
     *
     * @param name the key
     * @param defaultValue the value where the key is absent
     * @return the value
     * @throws ModelLoadException if it is neither true nor false
     */
    public boolean flag(String name, boolean defaultValue) {
        Object value = value(name);
        if (value == null || value instanceof Boolean) {
            return value == null ? defaultValue : (Boolean) value;
        }
        throw bad(name, value, "must be true or false");
    }

    /**
     * Reads a group of settings. Ask once for each group, as {@link #refuseUnknown} of this object does not look into
     * it.
     *
     * @param name the key
     * @return the group, or empty where the key is absent
     * @throws ModelLoadException if it is not an object
     */
    public Optional<ModelConfig> group(String name) {
        Object value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Map<?, ?> map) {
            var group = new LinkedHashMap<String, @Nullable Object>();
            map.forEach((key, item) -> group.put(String.valueOf(key), item));
            return Optional.of(new ModelConfig(file, prefix + name + ".", group));
        }
        throw bad(name, value, "must be an object");
    }

    /**
     * Refuses an option that isn't supported, by name, unless it is absent or has a value that changes nothing. A list
     * passes if all its items do.
     *
     * @param name the key
     * @param harmless the values that may be there: texts, numbers, truth values
     * @throws ModelLoadException if the option has another value
     */
    public void refuseUnlessDefault(String name, Object... harmless) {
        Object value = value(name);
        if (value == null) {
            return;
        }
        var items = value instanceof List<?> list ? list : List.of(value);
        for (Object item : items) {
            if (Arrays.stream(harmless).noneMatch(allowed -> isSame(allowed, item))) {
                throw bad(
                        name,
                        value,
                        harmless.length == 0
                                ? "is an option that is not supported; it must be absent"
                                : "is an option that is not supported; it must be absent or " + oneOf(harmless));
            }
        }
    }

    /**
     * Refuses keys that have a value and that nobody asked for. Never refused are the notes of the writing library: keys
     * that begin with an underscore, {@code torch_dtype}, {@code dtype} and {@code transformers_version}.
     *
     * @param ignorable further keys that mean nothing here
     * @throws ModelLoadException if there is such a key; it names all of them
     */
    public void refuseUnknown(String... ignorable) {
        var unknown = unread();
        unknown.removeAll(Arrays.asList(ignorable));
        if (!unknown.isEmpty()) {
            String name = unknown.get(0);
            String others = unknown.size() == 1 ? "" : "; nor are " + unknown.subList(1, unknown.size());
            throw bad(name, values.get(name), "is an option that is not supported" + ModelJson.shown(others));
        }
    }

    /**
     * The keys that have a value, are no notes of the writing library and were not asked for.
     *
     * @return a new list in the file's order
     */
    public List<String> unread() {
        var unread = new ArrayList<String>();
        values.forEach((name, value) -> {
            if (value != null && !name.startsWith("_") && !NOTES.contains(name) && !read.contains(name)) {
                unread.add(name);
            }
        });
        return unread;
    }

    /**
     * Makes an exception about one value, for rules that span several keys.
     *
     * @param name the key
     * @param problem what is wrong with its value
     * @return the exception, to be thrown
     */
    public ModelLoadException problem(String name, String problem) {
        return bad(name, values.get(name), problem);
    }

    /** All keys, in the file's order. */
    Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** Tells whether a key has a text; asking does not count as reading. */
    boolean isText(String name) {
        return values.get(name) instanceof String;
    }

    private @Nullable Object value(String name) {
        read.add(name);
        return values.get(name);
    }

    private Object required(String name) {
        Object value = value(name);
        if (value == null) {
            throw new ModelLoadException(file, "lacks the key \"" + prefix + name + '"');
        }
        return value;
    }

    private List<Object> list(String name, Object value, int minCount, int maxCount) {
        if (!(value instanceof List<?> list) || list.contains(null)) {
            throw bad(name, value, "must be a list without null");
        }
        if (list.size() < minCount || list.size() > maxCount) {
            String wanted = minCount == maxCount ? "" + minCount : "[" + minCount + ", " + maxCount + "]";
            throw bad(name, value, "has " + list.size() + " items, their number must be in " + wanted);
        }
        return List.copyOf(list);
    }

    private int toInteger(String name, Object value, int min, int max) {
        if (value instanceof JsonTree.Digits number
                && INTEGER.matcher(number.text()).matches()) {
            long integer = Long.parseLong(number.text());
            if (integer >= min && integer <= max) {
                return (int) integer;
            }
        }
        throw bad(name, value, "must be an integer in [" + min + ", " + max + "]");
    }

    private double toNumber(String name, Object value, double min, double max) {
        if (value instanceof JsonTree.Digits number) {
            double parsed = Double.parseDouble(number.text());
            if (parsed >= min && parsed <= max) {
                return parsed;
            }
        }
        throw bad(name, value, "must be a number in [" + min + ", " + max + "]");
    }

    private String toText(String name, Object value, String[] allowed) {
        if (value instanceof String text
                && (allowed.length == 0 || List.of(allowed).contains(text))) {
            return text;
        }
        throw bad(name, value, allowed.length == 0 ? "must be a text" : "must be " + oneOf(allowed));
    }

    private static boolean isSame(Object allowed, @Nullable Object value) {
        if (allowed instanceof Number number && value instanceof JsonTree.Digits digits) {
            return Double.parseDouble(digits.text()) == number.doubleValue();
        }
        return Objects.equals(allowed, value);
    }

    private static String oneOf(Object[] values) {
        return values.length == 1 ? String.valueOf(values[0]) : "one of " + Arrays.toString(values);
    }

    private ModelLoadException bad(String name, @Nullable Object value, String problem) {
        String shown = value instanceof String text ? '"' + ModelJson.shown(text) + '"' : String.valueOf(value);
        return new ModelLoadException(
                file, "\"" + prefix + ModelJson.shown(name) + "\" is " + ModelJson.shown(shown) + ": " + problem);
    }
}

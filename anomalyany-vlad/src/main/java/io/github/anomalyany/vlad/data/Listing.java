// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a folder holds, sorted by name. What is hidden or left behind by an operating system is passed over, links are
 * followed.
 *
 * @param folder where
 * @param folders the folders in it
 * @param files everything else
 */
record Listing(Path folder, List<Path> folders, List<Path> files) {
    private static final Set<String> LEFT_BEHIND = Set.of("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx");
    private static final Set<String> READABLE = Set.of("png", "jpg", "jpeg");
    private static final Set<String> OTHER_PICTURES =
            Set.of("bmp", "tif", "tiff", "webp", "gif", "jp2", "heic", "avif", "ppm", "pgm");

    static Listing of(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException((Files.exists(folder) ? "not a folder: " : "there is no folder ") + folder);
        }
        var folders = new ArrayList<Path>();
        var files = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = name(entry);
                if (!name.startsWith(".") && !LEFT_BEHIND.contains(lower(name)) && !Files.isHidden(entry)) {
                    (Files.isDirectory(entry) ? folders : files).add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        // by string: paths compare differently on Windows, and k-shot draws depend on the order
        folders.sort(Comparator.comparing(Listing::name));
        files.sort(Comparator.comparing(Listing::name));
        return new Listing(folder, folders, files);
    }

    /** The images of a folder that has no folders, of which no two have one stem. At least one. */
    static List<Path> images(Path folder) throws IOException {
        var images = of(folder).pictures();
        if (images.isEmpty()) {
            throw new IOException("the folder " + folder + " has no PNG or JPEG files");
        }
        var byStem = new HashMap<String, Path>();
        for (Path image : images) {
            Path other = byStem.put(stem(image), image);
            if (other != null) {
                throw new IOException("two images of %s have one stem, %s and %s: masks couldn't be told apart"
                        .formatted(folder, name(other), name(image)));
            }
        }
        return images;
    }

    /** The masks of a folder that has no folders. */
    static List<Path> masks(Path folder) throws IOException {
        var masks = of(folder).pictures();
        for (Path mask : masks) {
            if (!extension(mask).equals("png")) {
                throw new IOException("the mask " + mask + " isn't a PNG file: JPEG doesn't keep values exactly");
            }
        }
        return masks;
    }

    /** Whether it has a picture of whatever format. */
    boolean hasPictures() {
        return files.stream()
                .map(Listing::extension)
                .anyMatch(extension -> READABLE.contains(extension) || OTHER_PICTURES.contains(extension));
    }

    private List<Path> pictures() throws IOException {
        if (!folders.isEmpty()) {
            throw new IOException("the folder %s must hold pictures only but has the folder %s"
                    .formatted(folder, name(folders.get(0))));
        }
        var pictures = new ArrayList<Path>();
        for (Path file : files) {
            if (OTHER_PICTURES.contains(extension(file))) {
                throw new IOException(file + " is neither PNG nor JPEG: convert it to PNG");
            }
            if (READABLE.contains(extension(file))) {
                if (!Files.isRegularFile(file)) {
                    throw new IOException(file + " isn't a file, perhaps a link to one that isn't there");
                }
                pictures.add(file);
            }
        }
        return pictures;
    }

    /** The last part of a path, of the folder itself for ".". */
    static String name(Path path) {
        Path last = path.getFileName();
        return last == null ? path.toString() : last.toString();
    }

    /** The file name without its last extension. */
    static String stem(Path file) {
        String name = name(file);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static String extension(Path file) {
        String name = name(file);
        return lower(name.substring(name.lastIndexOf('.') + 1));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;

/** Runs {@code Main} in a class loader of its own: arguments are the context loader (own, platform or none) and the class path. */
public final class OwnLoader {
    private OwnLoader() {}

    public static void main(String[] arguments) throws Exception {
        try (var loader = new URLClassLoader("application", urls(arguments[1]), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(switch (arguments[0]) {
                case "own" -> loader;
                case "platform" -> ClassLoader.getPlatformClassLoader();
                default -> null;
            });
            loader.loadClass("com.example.inspection.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[0]);
        }
    }

    private static URL[] urls(String classPath) throws MalformedURLException {
        var urls = new ArrayList<URL>();
        for (String part : classPath.split(File.pathSeparator)) {
            urls.add(Path.of(part).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}

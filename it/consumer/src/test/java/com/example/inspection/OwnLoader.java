// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * Runs {@code Main} in a class loader of its own. Arguments are the context loader and the class path: the application's own; the
 * platform's, as a pool's thread has it that knows nothing of the application; none; or the platform's after DJL was used with it.
 */
public final class OwnLoader {
    private OwnLoader() {}

    public static void main(String[] arguments) throws Exception {
        try (var loader = new URLClassLoader("application", urls(arguments[1]), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(switch (arguments[0]) {
                case "own" -> loader;
                case "platform", "used" -> ClassLoader.getPlatformClassLoader();
                default -> null;
            });
            if (arguments[0].equals("used")) {
                Class.forName("ai.djl.engine.Engine", true, loader);
            }
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

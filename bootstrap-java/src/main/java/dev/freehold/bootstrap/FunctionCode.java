package dev.freehold.bootstrap;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where a function's classes are.
final class FunctionCode {
    private FunctionCode() {}

    /// A loader of the classes and `lib/*.jar` in a function's directory, and of its layers' jars.
    static ClassLoader loader(String root) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        urls.add(new File(root).toURI().toURL());
        jars(urls, new File(root, "lib"));
        jars(urls, new File("/opt/java/lib"));
        return new URLClassLoader(urls.toArray(new URL[0]), FunctionCode.class.getClassLoader());
    }

    private static void jars(List<URL> urls, File directory) throws MalformedURLException {
        File[] files = directory.listFiles((in, name) -> name.endsWith(".jar"));
        if (files == null) {
            return;
        }
        Arrays.sort(files);
        for (File file : files) {
            urls.add(file.toURI().toURL());
        }
    }
}

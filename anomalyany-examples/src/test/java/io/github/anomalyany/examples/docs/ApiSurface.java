// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that users can name: public types of the libraries' public packages with their public and protected members, a line each. What
 * every record, enum or object has isn't shown.
 */
final class ApiSurface {
    private ApiSurface() {}

    static String text() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.anomalyany");
        return classes.stream()
                .map(JavaClass::getName)
                .filter(ApiSurface::isOfALibrary)
                .sorted()
                .map(ApiSurface::load)
                .filter(ApiSurface::isVisible)
                .map(ApiSurface::describe)
                .collect(Collectors.joining("\n"));
    }

    /** The package djl is for the other libraries of the same version. */
    private static boolean isOfALibrary(String name) {
        return !name.contains(".internal.")
                && !name.startsWith("io.github.anomalyany.djl.")
                && !name.startsWith("io.github.anomalyany.golden.")
                && !name.startsWith("io.github.anomalyany.examples.")
                && !name.endsWith("package-info");
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ApiSurface.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isVisible(Class<?> type) {
        boolean here = Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
        var outer = type.getEnclosingClass();
        return here && (outer == null || isVisible(outer));
    }

    private static String describe(Class<?> type) {
        var members = new TreeSet<String>();
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
                members.add(Modifier.toString(field.getModifiers()) + " " + name(field.getGenericType()) + " "
                        + field.getName());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isVisible(constructor.getModifiers()) && !constructor.isSynthetic() && !type.isRecord()) {
                members.add(Modifier.toString(constructor.getModifiers()) + " " + type.getSimpleName()
                        + signature(constructor));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isVisible(method.getModifiers()) && !method.isSynthetic() && !isGiven(method)) {
                members.add(describe(method));
            }
        }
        return head(type) + "\n"
                + members.stream().map(member -> "    " + member + "\n").collect(Collectors.joining());
    }

    /** Whether its type's kind, or being an object, says already that it is there. */
    private static boolean isGiven(Method method) {
        var type = method.getDeclaringClass();
        boolean component = type.isRecord()
                && method.getParameterCount() == 0
                && Stream.of(type.getRecordComponents())
                        .anyMatch(c -> c.getName().equals(method.getName()));
        boolean ofEnum = type.isEnum() && List.of("values", "valueOf").contains(method.getName());
        return component || ofEnum || List.of("equals", "hashCode", "toString").contains(method.getName());
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String head(Class<?> type) {
        String kind = type.isRecord() ? "record" : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
        int shown = type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED);
        if (kind.equals("class")) {
            shown = type.getModifiers() & (shown | Modifier.ABSTRACT | Modifier.FINAL);
        }
        String components = type.isRecord()
                ? Stream.of(type.getRecordComponents())
                        .map(ApiSurface::describe)
                        .collect(Collectors.joining(", ", "(", ")"))
                : "";
        var superTypes = new ArrayList<String>();
        Type parent = type.getGenericSuperclass();
        if (kind.equals("class") && parent != null && parent != Object.class) {
            superTypes.add(name(parent));
        }
        Arrays.stream(type.getGenericInterfaces()).map(ApiSurface::name).forEach(superTypes::add);
        return Modifier.toString(shown) + " " + kind + " " + type.getName() + components
                + (superTypes.isEmpty() ? "" : " : " + String.join(", ", superTypes));
    }

    private static String describe(RecordComponent component) {
        return name(component.getGenericType()) + " " + component.getName();
    }

    private static String describe(Method method) {
        int noise = Modifier.SYNCHRONIZED | Modifier.TRANSIENT | Modifier.VOLATILE;
        if (method.getDeclaringClass().isInterface()) {
            noise |= Modifier.PUBLIC | Modifier.ABSTRACT;
        }
        String modifiers = Modifier.toString(method.getModifiers() & ~noise);
        return (method.isDefault() ? "default " : "") + (modifiers.isEmpty() ? "" : modifiers + " ")
                + name(method.getGenericReturnType()) + " " + method.getName() + signature(method);
    }

    private static String signature(Executable member) {
        String parameters =
                Stream.of(member.getParameters()).map(ApiSurface::describe).collect(Collectors.joining(", ", "(", ")"));
        List<String> failures = Stream.of(member.getGenericExceptionTypes())
                .map(ApiSurface::name)
                .toList();
        return parameters + (failures.isEmpty() ? "" : " throws " + String.join(", ", failures));
    }

    private static String describe(Parameter parameter) {
        return name(parameter.getParameterizedType()) + " " + parameter.getName();
    }

    private static String name(Type type) {
        return type.getTypeName()
                .replaceAll("java\\.(lang|util)\\.(?=[A-Z])", "")
                .replaceAll("io\\.github\\.anomalyany\\.([a-z]+\\.)*", "");
    }
}

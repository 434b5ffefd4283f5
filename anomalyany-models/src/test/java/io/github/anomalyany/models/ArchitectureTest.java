// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Fetching a model needs no engine: an installer or an image of a container can do it with this module alone. */
class ArchitectureTest {
    @Test
    void needsTheJdkAndGsonOnly() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.anomalyany.models");

        assertThat(classes).hasSizeGreaterThan(10);
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "com.google.gson..",
                        "org.jspecify..",
                        "io.github.anomalyany",
                        "io.github.anomalyany.spi",
                        "io.github.anomalyany.models")
                .check(classes);
    }
}

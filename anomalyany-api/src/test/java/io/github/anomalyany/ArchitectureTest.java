// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The api can sit on any class path: it needs the JDK only. */
class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.anomalyany");

    @Test
    void dependsOnNoEngineAndNoLibrary() {
        assertThat(classes).hasSizeGreaterThan(50);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..", "com.google.common..", "org.slf4j..")
                .check(classes);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "javax.imageio..", "io.github.anomalyany..", "org.jspecify..")
                .check(classes);
    }

    @Test
    void mathematicsIsFreeOfAwt() {
        noClasses()
                .that()
                .resideInAnyPackage("..strategy..", "..noise..", "..prompt..", "..spi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.imageio..")
                .check(classes);
    }
}

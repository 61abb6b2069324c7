package dev.freehold.conformance.structure;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.freehold.protocol.ServiceError;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Who may know whom, and what nobody does.
final class ArchitectureTest {
    private static final String ROOT = "dev.freehold..";

    /// The services. What lies beside them, such as deliveries, is shared.
    private static final List<String> SERVICES =
            List.of("apigateway", "dynamodb", "iam", "lambda", "logs", "s3", "sns", "sqs", "sts");

    private static final String SERVER = "dev.freehold.server..";

    /// Not the server's: it runs functions, whose names it is told.
    private static final String BOOTSTRAP = "dev.freehold.bootstrap..";

    private static final String PROTOCOL = "dev.freehold.protocol..";
    private static final Pattern NAMES = Pattern.compile("<(\\w+\\.[\\w.$]*\\w)");

    @Test
    void theArchitectureIsKept() throws Exception {
        JavaClasses all =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .withImportOption(location -> !location.contains("/conformance/"))
                        .importPackages("dev.freehold");
        Set<String> violations = new TreeSet<>();
        rules().forEach((name, rule) ->
                rule.allowEmptyShould(true)
                        .evaluate(all)
                        .getFailureReport()
                        .getDetails()
                        .forEach(detail -> violations.add(name + ": " + who(detail))));
        new AllowList("architecture.txt").check(violations);
    }

    /// The classes that a detail is about, without line numbers, which move.
    private static String who(String detail) {
        Matcher names = NAMES.matcher(detail);
        Set<String> found = new java.util.LinkedHashSet<>();
        while (names.find() && found.size() < 2) {
            found.add(className(names.group(1)));
        }
        return String.join(" -> ", found);
    }

    /// Without a member's name, which begins with a small letter.
    private static String className(String name) {
        return name.replaceAll("\\.(?:[a-z_]\\w*|[A-Z_0-9]+)$", "");
    }

    private static Map<String, ArchRule> rules() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        dependencies(rules);
        libraries(rules);
        habits(rules);
        return rules;
    }

    private static void dependencies(Map<String, ArchRule> rules) {
        for (String service : SERVICES) {
            String[] others =
                    SERVICES.stream()
                            .filter(other -> !other.equals(service))
                            .map(other -> "dev.freehold.services." + other + "..")
                            .toArray(String[]::new);
            rules.put(
                    service + " knows no other service",
                    noClasses()
                            .that()
                            .resideInAPackage("dev.freehold.services." + service + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(others));
        }
        rules.put(
                "packages have no cycles",
                slices().matching("dev.freehold.(**)").should().beFreeOfCycles());
        rules.put(
                "the generated api knows only the protocol",
                classes()
                        .that()
                        .resideInAPackage("dev.freehold.api..")
                        .should()
                        .onlyDependOnClassesThat(
                                resideOutsideOfPackages(ROOT)
                                        .or(resideInAPackage("dev.freehold.api.."))
                                        .or(resideInAPackage(PROTOCOL))));
        rules.put(
                "policy knows only the JDK, JSON and the protocol",
                classes()
                        .that()
                        .resideInAPackage("dev.freehold.policy..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "java..",
                                "dev.freehold.policy..",
                                PROTOCOL,
                                "tools.jackson..",
                                "org.jspecify.."));
        rules.put(
                "errors are made by the model or the protocol",
                noClasses()
                        .that()
                        .resideOutsideOfPackages("dev.freehold.api..", PROTOCOL)
                        .should()
                        .beAssignableTo(ServiceError.class));
    }

    private static void libraries(Map<String, ArchRule> rules) {
        only(rules, "org.rocksdb..", "dev.freehold.storage.rocksdb..");
        only(rules, "java.sql..", "dev.freehold.storage.postgres..");
        only(rules, "org.eclipse.jetty..", "dev.freehold.http..");
        only(rules, "picocli..", SERVER);
    }

    private static void only(Map<String, ArchRule> rules, String library, String user) {
        rules.put(
                "only " + user + " knows " + library,
                noClasses()
                        .that()
                        .resideOutsideOfPackage(user)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(library));
    }

    private static void habits(Map<String, ArchRule> rules) {
        rules.put(
                "time, ids and chance come in through constructors",
                noClasses()
                        .that()
                        .resideOutsideOfPackages(SERVER, BOOTSTRAP, "dev.freehold.benchmarks..")
                        .should()
                        .callMethod(Instant.class, "now")
                        .orShould()
                        .callMethod(Clock.class, "systemUTC")
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(UUID.class, "randomUUID")
                        .orShould()
                        .callMethod(Math.class, "random"));
        rules.put(
                "names say what a class is",
                noClasses()
                        .that(resideInAPackage(ROOT).and(notGenerated()))
                        .should()
                        .haveNameMatching(
                                ".*(Manager|Helper|Utils?|Impl|Processor|Base|Controller)"));
        rules.put(
                "static fields are final",
                fields().that()
                        .areStatic()
                        .and()
                        .doNotHaveName("$assertionsDisabled")
                        .should()
                        .beFinal());
        rules.put(
                "threads are started where they are kept",
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                SERVER,
                                "dev.freehold.http..",
                                "dev.freehold.sandbox..",
                                "dev.freehold.storage.rocksdb..",
                                "dev.freehold.benchmarks..")
                        .should()
                        .dependOnClassesThat()
                        .areAssignableTo(Executors.class)
                        .orShould()
                        .callMethod(Thread.class, "sleep", long.class)
                        .orShould()
                        .callMethod(Thread.class, "ofPlatform")
                        .orShould()
                        .callMethod(Thread.class, "startVirtualThread", Runnable.class));
        rules.put(
                "nobody reflects",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(BOOTSTRAP)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("java.lang.reflect..")
                        .orShould()
                        .callMethod(Class.class, "forName", String.class));
        rules.put(
                "no signature has a CompletableFuture",
                noMethods().should().haveRawReturnType(CompletableFuture.class));
        rules.put(
                "only the command line prints",
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                SERVER,
                                BOOTSTRAP,
                                "dev.freehold.benchmarks..",
                                "dev.freehold.codegen..")
                        .should()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err"));
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> notGenerated() {
        return resideOutsideOfPackages("dev.freehold.api..");
    }
}

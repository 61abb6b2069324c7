package dev.freehold.conformance.structure;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import dev.freehold.conformance.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Sizes: what is larger is not read.
final class TidyTest {
    private static final int COLUMNS = 100;
    private static final int METHOD_LINES = 70;
    private static final int FILE_LINES = 600;
    private static final int PARAMETERS = 5;
    private static final int NESTING = 3;
    private static final int FILES_IN_A_PACKAGE = 25;

    private final Set<String> violations = new TreeSet<>();

    @Test
    void sourcesAreSmall() throws IOException {
        List<Path> files = sources();
        Map<Path, Integer> packages = new TreeMap<>();
        for (Path file : files) {
            checkLines(file);
            packages.merge(file.getParent(), 1, Integer::sum);
        }
        packages.forEach((folder, count) -> {
            if (count > FILES_IN_A_PACKAGE) {
                note(folder, "has more than " + FILES_IN_A_PACKAGE + " files");
            }
        });
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    diagnostic -> {},
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Sizes(unit, positions).scan(unit, null);
            }
        }
        new AllowList("tidy.txt").check(violations);
    }

    private static List<Path> sources() throws IOException {
        List<Path> roots = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Server.root())) {
            modules.sorted().forEach(module -> roots.addAll(roots(module)));
        }
        List<Path> files = new ArrayList<>();
        for (Path root : roots) {
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        return files;
    }

    private static List<Path> roots(Path module) {
        return Stream.of("main", "test", "contract")
                .map(kind -> module.resolve("src/" + kind + "/java"))
                .filter(Files::isDirectory)
                .toList();
    }

    private void note(Path file, String what) {
        violations.add(Server.root().relativize(file) + " " + what);
    }

    private void checkLines(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() > FILE_LINES) {
            note(file, "has more than " + FILE_LINES + " lines");
        }
        if (lines.stream().anyMatch(line -> line.length() > COLUMNS && !isName(line))) {
            note(file, "has a line of more than " + COLUMNS + " columns");
        }
    }

    /// An import or a link can't be broken.
    private static boolean isName(String line) {
        return line.startsWith("import ") || line.contains("://");
    }

    /// Looks at the methods of a file.
    private final class Sizes extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final Path file;

        Sizes(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
            this.file = Path.of(unit.getSourceFile().toUri());
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            String name = method.getName() + "()";
            if (lines(method) > METHOD_LINES) {
                note(file, name + " has more than " + METHOD_LINES + " lines");
            }
            boolean ofRecord =
                    getCurrentPath().getParentPath().getLeaf() instanceof ClassTree owner
                            && owner.getKind() == Tree.Kind.RECORD
                            && method.getName().contentEquals("<init>");
            boolean others =
                    method.getModifiers().getAnnotations().stream()
                            .anyMatch(each -> each.toString().startsWith("@Override"));
            if (!ofRecord && !others && method.getParameters().size() > PARAMETERS) {
                note(file, name + " has more than " + PARAMETERS + " parameters");
            }
            BlockTree body = method.getBody();
            if (body != null && depth(body) > NESTING) {
                note(file, name + " nests deeper than " + NESTING);
            }
            return super.visitMethod(method, nothing);
        }

        private long lines(Tree tree) {
            long start = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
            return unit.getLineMap().getLineNumber(positions.getEndPosition(unit, tree))
                    - start
                    + 1;
        }

        private int depth(Tree body) {
            Depth depth = new Depth();
            depth.scan(body, null);
            return depth.most;
        }
    }

    /// How deep statements lie in statements. A lambda or a class within begins anew.
    private static final class Depth
            extends com.sun.source.util.TreeScanner<@Nullable Void, @Nullable Void> {
        private int now;
        private int most;

        @Override
        public @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
            if (tree instanceof ClassTree || tree instanceof LambdaExpressionTree) {
                return null;
            }
            boolean deeper =
                    tree instanceof IfTree
                            || tree instanceof ForLoopTree
                            || tree instanceof EnhancedForLoopTree
                            || tree instanceof WhileLoopTree
                            || tree instanceof DoWhileLoopTree
                            || tree instanceof SwitchTree
                            || tree instanceof SwitchExpressionTree
                            || tree instanceof TryTree;
            now += deeper ? 1 : 0;
            most = Math.max(most, now);
            super.scan(tree, nothing);
            now -= deeper ? 1 : 0;
            return null;
        }

        /// `else if` is no deeper than its `if`.
        @Override
        public @Nullable Void visitIf(IfTree tree, @Nullable Void nothing) {
            scan(tree.getCondition(), nothing);
            scan(tree.getThenStatement(), nothing);
            StatementTree otherwise = tree.getElseStatement();
            if (otherwise instanceof IfTree next) {
                visitIf(next, nothing);
            } else {
                scan(otherwise, nothing);
            }
            return null;
        }
    }
}

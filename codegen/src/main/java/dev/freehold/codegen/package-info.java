/// Compiles the facts of AWS's service models to Java: for each service a record per structure, an
/// error class per exception, its `XxxApi`, its model, and the dispatch between them.
///
/// [Main] reads `api/models/*.json` into a [Model]; each `XxxSource` writes one kind of file. What
/// comes out depends on `dev.freehold.protocol` only, and is not meant to be edited.
@org.jspecify.annotations.NullUnmarked
package dev.freehold.codegen;

/// Deployment packages: the zips as they came, and unpacked for environments.
///
/// A zip is a blob, known by the SHA-256 of its content and counted by the versions and layers that
/// have it ([Packages]). Its unpacked tree is a cache on this machine's disk ([Trees]): bounded,
/// kept over restarts, made again when it is missing.
@NullMarked
package dev.freehold.services.lambda.code;

import org.jspecify.annotations.NullMarked;

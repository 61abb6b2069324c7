/// Container images: where they come from, and their file systems.
///
/// [Images] reads an image's documents from an [ImageSource]: a registry, or an archive as `docker
/// save` writes it, or a tar of an OCI layout. [Rootfs] lays its layers over each other in an empty
/// directory, which is the root of sandboxes. A container engine has no part in it.
///
/// # What is trusted
///
/// Nothing that is not named by a digest: the manifest's digest names the configuration, that has
/// the digest of each layer's uncompressed content. A layer writes nowhere but below the directory,
/// whatever its names and links are: paths are resolved below it, as a process in it would.
@NullMarked
package dev.freehold.sandbox.image;

import org.jspecify.annotations.NullMarked;

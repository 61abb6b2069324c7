package dev.freehold.bootstrap.crac;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Who is registered. As AWS's it keeps nobody alive, and tells the others too when one has failed.
public final class Context {
    private final List<WeakReference<Resource>> registered = new ArrayList<>();

    Context() {}

    /// Has `resource` told as long as others refer to it.
    public synchronized void register(Resource resource) {
        registered.removeIf(reference -> reference.get() == null);
        registered.add(new WeakReference<>(resource));
    }

    private synchronized List<Resource> resources() {
        List<Resource> resources = new ArrayList<>();
        for (WeakReference<Resource> reference : registered) {
            Resource resource = reference.get();
            if (resource != null) {
                resources.add(resource);
            }
        }
        return resources;
    }

    /// Tells those first that were registered last.
    ///
    /// @throws CheckpointException when some have failed, with their errors suppressed
    public void beforeCheckpoint() throws CheckpointException {
        List<Resource> resources = resources();
        Collections.reverse(resources);
        CheckpointException failed = new CheckpointException();
        for (Resource resource : resources) {
            try {
                resource.beforeCheckpoint(this);
            } catch (Exception e) {
                failed.addSuppressed(e);
            }
        }
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }

    /// Tells those first that were registered first.
    ///
    /// @throws RestoreException when some have failed, with their errors suppressed
    public void afterRestore() throws RestoreException {
        RestoreException failed = new RestoreException();
        for (Resource resource : resources()) {
            try {
                resource.afterRestore(this);
            } catch (Exception e) {
                failed.addSuppressed(e);
            }
        }
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }
}

package dev.freehold.server;

import dev.freehold.protocol.Authorizer;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.iam.PolicyAuthorizer;
import dev.freehold.services.pricing.PriceBook;
import dev.freehold.storage.Blobs;
import dev.freehold.storage.Store;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;

/// What every service stands on.
///
/// @param threads runs work in the background: a virtual thread for each task
record Foundation(
        Config config,
        InstantSource clock,
        Store store,
        Blobs blobs,
        ExecutorService threads,
        LateDeliveries deliveries,
        PriceBook prices,
        Credentials credentials,
        Authorizer authorizer) {
    static Foundation of(
            Config config, InstantSource clock, Store store, Blobs blobs, ExecutorService threads) {
        return new Foundation(
                config,
                clock,
                store,
                blobs,
                threads,
                new LateDeliveries(),
                PriceBook.current(),
                new Credentials(store, clock, Ids::letters),
                new PolicyAuthorizer(store));
    }

    /// The endpoint, as answers name it.
    String endpoint() {
        return "http://localhost:" + config.port();
    }
}

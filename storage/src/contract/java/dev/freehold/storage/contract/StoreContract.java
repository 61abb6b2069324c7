package dev.freehold.storage.contract;

/// Everything that a store has to do. An engine's test implements [Stores#open] and
/// [Stores#durable].
public interface StoreContract
        extends IsolationContract,
                TransactionContract,
                OrderContract,
                LifecycleContract,
                ModelContract,
                HistoryContract {}

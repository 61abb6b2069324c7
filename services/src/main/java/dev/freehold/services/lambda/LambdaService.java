package dev.freehold.services.lambda;

import dev.freehold.services.lambda.durable.ops.DurableOperations;
import dev.freehold.services.lambda.durable.ops.DurableService;
import dev.freehold.services.lambda.front.ConcurrencyOperations;
import dev.freehold.services.lambda.front.FunctionOperations;
import dev.freehold.services.lambda.front.InvocationOperations;
import dev.freehold.services.lambda.front.LayerOperations;
import dev.freehold.services.lambda.front.MappingOperations;
import dev.freehold.services.lambda.front.SigningOperations;
import dev.freehold.services.lambda.front.UrlOperations;
import dev.freehold.services.lambda.front.VersionOperations;
import dev.freehold.services.lambda.ops.Account;
import dev.freehold.services.lambda.ops.Aliases;
import dev.freehold.services.lambda.ops.CodeSigning;
import dev.freehold.services.lambda.ops.EventConfigs;
import dev.freehold.services.lambda.ops.FunctionOptions;
import dev.freehold.services.lambda.ops.Functions;
import dev.freehold.services.lambda.ops.Invocations;
import dev.freehold.services.lambda.ops.LayerPolicies;
import dev.freehold.services.lambda.ops.Layers;
import dev.freehold.services.lambda.ops.Policies;
import dev.freehold.services.lambda.ops.ProvisionedConcurrency;
import dev.freehold.services.lambda.ops.ReservedConcurrency;
import dev.freehold.services.lambda.ops.Tags;
import dev.freehold.services.lambda.ops.UrlConfigs;
import dev.freehold.services.lambda.ops.Versions;
import dev.freehold.services.lambda.sources.Mappings;

/// The front of Lambda: the operations of its model, as the interfaces of the package `front` hand
/// them on. What isn't here answers that it isn't implemented.
record LambdaService(
        Functions functions,
        Invocations invocations,
        Versions versions,
        Aliases aliases,
        Policies policies,
        Tags tags,
        ReservedConcurrency reserved,
        ProvisionedConcurrency provisioned,
        EventConfigs eventConfigs,
        UrlConfigs urls,
        Layers layers,
        LayerPolicies layerPolicies,
        CodeSigning signing,
        FunctionOptions options,
        Account account,
        Mappings mappings,
        DurableService durables)
        implements ConcurrencyOperations,
                DurableOperations,
                FunctionOperations,
                InvocationOperations,
                LayerOperations,
                MappingOperations,
                SigningOperations,
                UrlOperations,
                VersionOperations {}

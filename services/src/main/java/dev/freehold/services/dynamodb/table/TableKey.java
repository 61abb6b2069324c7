package dev.freehold.services.dynamodb.table;

import dev.freehold.protocol.Caller;

/// Where a table is: names are per account and region.
public record TableKey(String account, String region, String name) {
    /// The table that a request names, by its name or by its ARN.
    public static TableKey of(String nameOrArn, Caller caller) {
        if (!nameOrArn.startsWith("arn:")) {
            return new TableKey(caller.account(), caller.region(), nameOrArn);
        }
        String[] parts = nameOrArn.split(":", 6);
        String resource = parts.length == 6 ? parts[5] : "";
        String[] steps = resource.split("/");
        String name = steps.length > 1 ? steps[1] : resource;
        return new TableKey(
                parts.length == 6 ? parts[4] : caller.account(),
                parts.length == 6 ? parts[3] : caller.region(),
                name);
    }
}

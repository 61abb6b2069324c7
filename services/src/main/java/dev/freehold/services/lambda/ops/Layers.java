package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.GetLayerVersionResponse;
import dev.freehold.api.lambda.LayerVersionContentInput;
import dev.freehold.api.lambda.LayerVersionContentOutput;
import dev.freehold.api.lambda.LayerVersionsListItem;
import dev.freehold.api.lambda.LayersListItem;
import dev.freehold.api.lambda.ListLayerVersionsRequest;
import dev.freehold.api.lambda.ListLayerVersionsResponse;
import dev.freehold.api.lambda.ListLayersRequest;
import dev.freehold.api.lambda.ListLayersResponse;
import dev.freehold.api.lambda.PublishLayerVersionRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.lambda.code.CodeLinks;
import dev.freehold.services.lambda.code.LiveFolder;
import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.LayerKey;
import dev.freehold.services.lambda.state.LayerRow;
import dev.freehold.services.lambda.state.RegionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Layers and their versions.
public final class Layers {
    private static final int MAX_PAGE = 50;

    private final Context context;
    private final CodeLinks links;

    public Layers(Context context, CodeLinks links) {
        this.context = context;
        this.links = links;
    }

    public GetLayerVersionResponse publish(PublishLayerVersionRequest in, Caller caller) {
        LayerKey layer = layer(in.layerName(), caller);
        LayerVersionContentInput content = in.content();
        if (LiveFolder.BUCKET.equals(content.s3Bucket())) {
            throw new NotImplementedError("Hot reload of layers");
        }
        Packages.Kept kept =
                context.packages()
                        .keep(
                                new Packages.Source(
                                        content.zipFile(),
                                        content.s3Bucket(),
                                        content.s3Key(),
                                        content.s3ObjectVersion()),
                                caller);
        Instant now = context.clock().instant();
        LayerRow row =
                new LayerRow(
                        kept.code(),
                        kept.size(),
                        in.description() == null ? "" : in.description(),
                        Context.text(now),
                        in.compatibleRuntimes(),
                        in.compatibleArchitectures(),
                        in.licenseInfo());
        RegionKey numbers = new RegionKey(layer.account(), layer.region(), layer.name());
        LayerKey made =
                context.store()
                        .update(tx -> {
                            Integer last = tx.get(LambdaTables.LAYER_NUMBERS, numbers);
                            LayerKey next = layer.at(last == null ? 1 : last + 1);
                            tx.put(LambdaTables.LAYER_NUMBERS, numbers, next.version());
                            tx.put(LambdaTables.LAYERS, next, row);
                            context.packages().reference(tx, kept);
                            return next;
                        });
        return view(made, row, now);
    }

    static LayerKey layer(String text, Caller caller) {
        LayerKey key = LayerKey.parse(text, caller.account(), caller.region());
        if (key == null) {
            throw Errors.noResource();
        }
        return key;
    }

    private GetLayerVersionResponse view(LayerKey key, LayerRow row, Instant now) {
        return GetLayerVersionResponse.builder()
                .content(
                        LayerVersionContentOutput.builder()
                                .codeSha256(row.code())
                                .codeSize(row.size())
                                .location(links.of(row.code(), now))
                                .build())
                .layerArn(key.layerArn())
                .layerVersionArn(key.arn())
                .description(row.description())
                .createdDate(row.created())
                .version((long) key.version())
                .compatibleArchitectures(row.architectures())
                .compatibleRuntimes(row.runtimes())
                .licenseInfo(row.license())
                .build();
    }

    public GetLayerVersionResponse get(String name, long version, Caller caller) {
        return get(version(name, version, caller));
    }

    private static LayerKey version(String name, long version, Caller caller) {
        if (version < 1) {
            throw Errors.invalid("Layer Version Cannot be less than 1");
        }
        return layer(name, caller).at((int) Math.min(version, Integer.MAX_VALUE));
    }

    public GetLayerVersionResponse getByArn(String arn, Caller caller) {
        return get(layer(arn, caller));
    }

    private GetLayerVersionResponse get(LayerKey key) {
        LayerRow row = context.store().read(tx -> tx.get(LambdaTables.LAYERS, key));
        if (row == null) {
            throw Errors.noResource();
        }
        return view(key, row, context.clock().instant());
    }

    /// Deleting what isn't there is no error. Functions that have it keep it.
    public void delete(String name, long version, Caller caller) {
        LayerKey key = version(name, version, caller);
        Instant now = context.clock().instant();
        context.store()
                .updateOnly(tx -> {
                    LayerRow row = tx.get(LambdaTables.LAYERS, key);
                    if (row != null) {
                        tx.delete(LambdaTables.LAYERS, key);
                        tx.delete(LambdaTables.LAYER_POLICIES, key);
                        context.packages().release(tx, row.code(), now);
                    }
                });
    }

    public ListLayerVersionsResponse versions(ListLayerVersionsRequest in, Caller caller) {
        LayerKey layer = layer(in.layerName(), caller);
        List<Entry<LayerKey, LayerRow>> rows =
                context.store()
                        .read(tx ->
                                LambdaTables.list(
                                        tx, LambdaTables.LAYERS, LambdaTables.ofLayer(layer)));
        List<LayerVersionsListItem> found = new ArrayList<>();
        for (Entry<LayerKey, LayerRow> entry : rows.reversed()) {
            if (matches(entry.value(), in.compatibleRuntime(), in.compatibleArchitecture())) {
                found.add(item(entry));
            }
        }
        Pages.Page<LayerVersionsListItem> page =
                Pages.of(
                        found,
                        item -> String.valueOf(item.version()),
                        in.marker(),
                        in.maxItems(),
                        MAX_PAGE);
        return ListLayerVersionsResponse.builder()
                .layerVersions(page.items())
                .nextMarker(page.next())
                .build();
    }

    private static boolean matches(
            LayerRow row, @Nullable String runtime, @Nullable String architecture) {
        return contains(row.runtimes(), runtime) && contains(row.architectures(), architecture);
    }

    private static boolean contains(@Nullable List<String> values, @Nullable String wanted) {
        return wanted == null || (values != null && values.contains(wanted));
    }

    private static LayerVersionsListItem item(Entry<LayerKey, LayerRow> entry) {
        LayerRow row = entry.value();
        return LayerVersionsListItem.builder()
                .layerVersionArn(entry.key().arn())
                .version((long) entry.key().version())
                .description(row.description())
                .createdDate(row.created())
                .compatibleArchitectures(row.architectures())
                .compatibleRuntimes(row.runtimes())
                .licenseInfo(row.license())
                .build();
    }

    public ListLayersResponse list(ListLayersRequest in, Caller caller) {
        List<Entry<LayerKey, LayerRow>> rows =
                context.store()
                        .read(tx ->
                                LambdaTables.list(
                                        tx,
                                        LambdaTables.LAYERS,
                                        LambdaTables.in(caller.account(), caller.region())));
        Map<String, LayersListItem> latest = new LinkedHashMap<>();
        for (Entry<LayerKey, LayerRow> entry : rows) {
            if (matches(entry.value(), in.compatibleRuntime(), in.compatibleArchitecture())) {
                latest.put(
                        entry.key().name(),
                        LayersListItem.builder()
                                .layerName(entry.key().name())
                                .layerArn(entry.key().layerArn())
                                .latestMatchingVersion(item(entry))
                                .build());
            }
        }
        Pages.Page<LayersListItem> page =
                Pages.of(
                        List.copyOf(latest.values()),
                        item -> String.valueOf(item.layerName()),
                        in.marker(),
                        in.maxItems(),
                        MAX_PAGE);
        return ListLayersResponse.builder().layers(page.items()).nextMarker(page.next()).build();
    }
}

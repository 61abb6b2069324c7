package dev.freehold.protocol.smithy;

import dev.freehold.protocol.Constraints;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Member.Location;
import dev.freehold.protocol.Member.TimestampFormat;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.smithy.aws.traits.protocols.AwsQueryErrorTrait;
import software.amazon.smithy.model.Model;
import software.amazon.smithy.model.shapes.ListShape;
import software.amazon.smithy.model.shapes.MapShape;
import software.amazon.smithy.model.shapes.MemberShape;
import software.amazon.smithy.model.shapes.Shape;
import software.amazon.smithy.model.shapes.ShapeId;
import software.amazon.smithy.model.traits.EnumTrait;
import software.amazon.smithy.model.traits.ErrorTrait;
import software.amazon.smithy.model.traits.HttpErrorTrait;
import software.amazon.smithy.model.traits.HttpHeaderTrait;
import software.amazon.smithy.model.traits.HttpLabelTrait;
import software.amazon.smithy.model.traits.HttpPayloadTrait;
import software.amazon.smithy.model.traits.HttpPrefixHeadersTrait;
import software.amazon.smithy.model.traits.HttpQueryParamsTrait;
import software.amazon.smithy.model.traits.HttpQueryTrait;
import software.amazon.smithy.model.traits.HttpResponseCodeTrait;
import software.amazon.smithy.model.traits.JsonNameTrait;
import software.amazon.smithy.model.traits.LengthTrait;
import software.amazon.smithy.model.traits.MediaTypeTrait;
import software.amazon.smithy.model.traits.PatternTrait;
import software.amazon.smithy.model.traits.RangeTrait;
import software.amazon.smithy.model.traits.SensitiveTrait;
import software.amazon.smithy.model.traits.SparseTrait;
import software.amazon.smithy.model.traits.StreamingTrait;
import software.amazon.smithy.model.traits.TimestampFormatTrait;
import software.amazon.smithy.model.traits.XmlAttributeTrait;
import software.amazon.smithy.model.traits.XmlFlattenedTrait;
import software.amazon.smithy.model.traits.XmlNameTrait;
import software.amazon.smithy.model.traits.XmlNamespaceTrait;

/// Makes the schemas of Smithy's shapes, with the names that one protocol reads.
final class ModelSchemas {
    private final Model model;
    private final Protocol protocol;
    private final Map<ShapeId, Schema> made = new HashMap<>();

    ModelSchemas(Model model, Protocol protocol) {
        this.model = model;
        this.protocol = protocol;
    }

    Schema schema(ShapeId id) {
        Schema known = made.get(id);
        if (known != null) {
            return known;
        }
        Schema schema = make(model.expectShape(id));
        made.put(id, schema);
        return schema;
    }

    private Schema make(Shape shape) {
        String name = shape.getId().getName();
        return switch (shape.getType()) {
            case STRUCTURE, UNION -> structure(shape);
            case LIST, SET ->
                    Schema.list(
                            name,
                            member(0, ((ListShape) shape).getMember()),
                            constraints(shape),
                            shape.hasTrait(SparseTrait.class));
            case MAP ->
                    Schema.map(
                            name,
                            member(0, ((MapShape) shape).getKey()),
                            member(1, ((MapShape) shape).getValue()),
                            constraints(shape),
                            shape.hasTrait(SparseTrait.class));
            case ENUM -> Schema.simple(name, Schema.Type.STRING, constraints(shape));
            case INT_ENUM -> Schema.simple(name, Schema.Type.INTEGER, constraints(shape));
            default ->
                    Schema.simple(
                            name, Schema.Type.valueOf(shape.getType().name()), constraints(shape));
        };
    }

    private Schema structure(Shape shape) {
        List<Member> members = new ArrayList<>();
        for (MemberShape member : shape.getAllMembers().values()) {
            if (!message(shape, member)) {
                members.add(member(members.size(), member));
            }
        }
        boolean xml = protocol == Protocol.REST_XML;
        String name =
                xml
                        ? shape.getTrait(XmlNameTrait.class)
                                .map(XmlNameTrait::getValue)
                                .orElse(shape.getId().getName())
                        : shape.getId().getName();
        return Schema.structure(
                name,
                shape.isUnionShape() ? Schema.Type.UNION : Schema.Type.STRUCTURE,
                members,
                () -> DynamicStructure.builder(() -> schema(shape.getId())));
    }

    /// Whether it is an error's message, which is no member of an error's body here.
    static boolean message(Shape shape, MemberShape member) {
        return shape.hasTrait(ErrorTrait.class)
                && member.getMemberName().equalsIgnoreCase("message");
    }

    private Member member(int index, MemberShape shape) {
        Shape target = model.expectShape(shape.getTarget());
        Member member = Member.of(index, shape.getMemberName(), () -> target(shape, target));
        member =
                protocol == Protocol.REST_JSON_1 || protocol == Protocol.REST_XML
                        ? bound(member, shape, target)
                        : named(member, shape);
        if (shape.isRequired()) {
            member = member.asRequired();
        }
        if (shape.hasTrait(XmlFlattenedTrait.class)) {
            member = member.asFlattened();
        }
        if (shape.hasTrait(XmlAttributeTrait.class)) {
            member = member.asXmlAttribute();
        }
        if (target.hasTrait(StreamingTrait.class)) {
            member = target.isUnionShape() ? member.asEventStream() : member.asStreaming();
        }
        if (target.hasTrait(SensitiveTrait.class)) {
            member = member.asSensitive();
        }
        TimestampFormat format = format(shape, target);
        if (format != null) {
            member = member.withTimestampFormat(format);
        }
        XmlNamespaceTrait namespace =
                shape.getTrait(XmlNamespaceTrait.class)
                        .or(() -> payload(shape) ? ofTarget(target) : Optional.empty())
                        .orElse(null);
        return namespace == null
                ? member
                : member.withXmlNamespace(namespace.getUri(), namespace.getPrefix().orElse(null));
    }

    private static boolean payload(MemberShape shape) {
        return shape.hasTrait(HttpPayloadTrait.class);
    }

    /// A structure's own namespace counts only where the structure is the whole body.
    private static Optional<XmlNamespaceTrait> ofTarget(Shape target) {
        return target.getTrait(XmlNamespaceTrait.class);
    }

    /// The target's schema, with the member's own constraints where it has some.
    private Schema target(MemberShape shape, Shape target) {
        Schema plain = schema(target.getId());
        Constraints own = constraints(shape);
        if (own == Constraints.NONE) {
            return plain;
        }
        return switch (plain.type()) {
            case LIST -> Schema.list(plain.name(), plain.element(), own, plain.sparse());
            case MAP -> Schema.map(plain.name(), plain.key(), plain.value(), own, plain.sparse());
            default -> Schema.simple(plain.name(), plain.type(), own);
        };
    }

    private Member bound(Member member, MemberShape shape, Shape target) {
        if (shape.hasTrait(HttpHeaderTrait.class)) {
            Member header =
                    member.at(Location.HEADER, shape.expectTrait(HttpHeaderTrait.class).getValue());
            return shape.getMemberTrait(model, MediaTypeTrait.class).isPresent()
                    ? header.asJsonValue()
                    : header;
        }
        if (shape.hasTrait(HttpPrefixHeadersTrait.class)) {
            return member.at(
                    Location.PREFIX_HEADERS,
                    shape.expectTrait(HttpPrefixHeadersTrait.class).getValue());
        }
        if (shape.hasTrait(HttpLabelTrait.class)) {
            return member.at(Location.LABEL, shape.getMemberName());
        }
        if (shape.hasTrait(HttpQueryTrait.class)) {
            return member.at(Location.QUERY, shape.expectTrait(HttpQueryTrait.class).getValue());
        }
        if (shape.hasTrait(HttpQueryParamsTrait.class)) {
            return member.at(Location.QUERY_PARAMS, shape.getMemberName());
        }
        if (shape.hasTrait(HttpResponseCodeTrait.class)) {
            return member.at(Location.STATUS_CODE, shape.getMemberName());
        }
        if (shape.hasTrait(HttpPayloadTrait.class)) {
            String name =
                    shape.getTrait(XmlNameTrait.class)
                            .or(() -> target.getTrait(XmlNameTrait.class))
                            .map(XmlNameTrait::getValue)
                            .orElse(
                                    target.isStructureShape() || target.isUnionShape()
                                            ? target.getId().getName()
                                            : shape.getMemberName());
            return member.at(Location.PAYLOAD, name);
        }
        return named(member, shape);
    }

    private Member named(Member member, MemberShape shape) {
        String name =
                switch (protocol) {
                    case REST_JSON_1 ->
                            shape.getTrait(JsonNameTrait.class)
                                    .map(JsonNameTrait::getValue)
                                    .orElse(null);
                    case REST_XML, AWS_QUERY ->
                            shape.getTrait(XmlNameTrait.class)
                                    .map(XmlNameTrait::getValue)
                                    .orElse(null);
                    default -> null;
                };
        return name == null ? member : member.named(name);
    }

    private static @Nullable TimestampFormat format(MemberShape shape, Shape target) {
        TimestampFormatTrait trait =
                shape.getTrait(TimestampFormatTrait.class)
                        .orElse(target.getTrait(TimestampFormatTrait.class).orElse(null));
        if (trait == null) {
            return null;
        }
        return switch (trait.getFormat()) {
            case DATE_TIME -> TimestampFormat.DATE_TIME;
            case HTTP_DATE -> TimestampFormat.HTTP_DATE;
            case EPOCH_SECONDS -> TimestampFormat.EPOCH_SECONDS;
            case UNKNOWN -> throw new IllegalStateException(trait.toString());
        };
    }

    @SuppressWarnings("deprecation") // the tests' models still have strings with the trait
    private static Constraints constraints(Shape shape) {
        LengthTrait length = shape.getTrait(LengthTrait.class).orElse(null);
        RangeTrait range = shape.getTrait(RangeTrait.class).orElse(null);
        Pattern pattern =
                shape.getTrait(PatternTrait.class).map(PatternTrait::getPattern).orElse(null);
        List<String> values =
                shape.getTrait(EnumTrait.class)
                        .map(EnumTrait::getEnumDefinitionValues)
                        .orElse(List.of());
        Number min = null;
        Number max = null;
        if (length != null) {
            min = length.getMin().orElse(null);
            max = length.getMax().orElse(null);
        } else if (range != null) {
            min = range.getMin().orElse(null);
            max = range.getMax().orElse(null);
        }
        return min == null && max == null && pattern == null && values.isEmpty()
                ? Constraints.NONE
                : new Constraints(min, max, pattern, values);
    }

    /// How an error is named and answered.
    static dev.freehold.protocol.ErrorShape error(Shape shape) {
        String name = shape.getId().getName();
        int status =
                shape.getTrait(HttpErrorTrait.class)
                        .map(HttpErrorTrait::getCode)
                        .orElse(shape.expectTrait(ErrorTrait.class).getDefaultHttpStatusCode());
        String message =
                shape.getAllMembers().values().stream()
                        .filter(member -> message(shape, member))
                        .map(member ->
                                member.getTrait(JsonNameTrait.class)
                                        .map(JsonNameTrait::getValue)
                                        .orElse(member.getMemberName()))
                        .findFirst()
                        .orElse("message");
        AwsQueryErrorTrait query = shape.getTrait(AwsQueryErrorTrait.class).orElse(null);
        return query == null
                ? new dev.freehold.protocol.ErrorShape(name, name, status, message)
                : new dev.freehold.protocol.ErrorShape(
                        name, query.getCode(), query.getHttpResponseCode(), message);
    }
}

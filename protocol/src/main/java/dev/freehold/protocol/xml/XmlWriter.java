package dev.freehold.protocol.xml;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Member.Location;
import dev.freehold.protocol.Member.TimestampFormat;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.Timestamps;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes values of schemas as XML.
public final class XmlWriter {
    /// AWS: S3 counts in seconds, and writes that it counts in milliseconds.
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'.000Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final StringBuilder out = new StringBuilder(512);
    private final Dialect dialect;

    /// What differs between those that speak XML.
    public enum Dialect {
        REST,
        /// As [#REST], with times that show milliseconds.
        S3,
        /// Members go by the query protocol's names where those differ.
        QUERY
    }

    public XmlWriter(Dialect dialect) {
        this.dialect = dialect;
    }

    public XmlWriter declaration() {
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        return this;
    }

    /// Opens an element, with a namespace when that isn't null.
    public XmlWriter open(String name, @Nullable String namespace) {
        out.append('<').append(name);
        if (namespace != null) {
            out.append(" xmlns=\"").append(escaped(namespace)).append('"');
        }
        out.append('>');
        return this;
    }

    /// Opens the element that a body is, with the attributes of its structure.
    ///
    /// @param namespace the service's, which a payload's own replaces
    public XmlWriter openRoot(
            String name, @Nullable String namespace, @Nullable Member payload, Structure body) {
        out.append('<').append(name);
        if (payload != null && payload.xmlNamespace() != null) {
            namespace(payload);
        } else if (namespace != null) {
            out.append(" xmlns=\"").append(escaped(namespace)).append('"');
        }
        attributes(body);
        out.append('>');
        return this;
    }

    public XmlWriter close(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    /// An element of text, unless that is null.
    public XmlWriter element(String name, @Nullable String text) {
        if (text != null) {
            open(name, null);
            text(text);
            close(name);
        }
        return this;
    }

    public XmlWriter text(String text) {
        out.append(escaped(text));
        return this;
    }

    public Blob toBlob() {
        return Blob.ofUtf8(out.toString());
    }

    /// The members of a structure that travel in the body, each as an element.
    public XmlWriter members(Structure structure) {
        for (Member member : structure.schema().members()) {
            Object value = structure.member(member.index());
            if (value != null && member.location() == Location.BODY && !member.xmlAttribute()) {
                member(name(member), value, member);
            }
        }
        return this;
    }

    private String name(Member member) {
        String queryName = dialect == Dialect.QUERY ? member.queryName() : null;
        return queryName == null ? member.wireName() : queryName;
    }

    private void member(String name, Object value, Member member) {
        switch (member.target().type()) {
            case LIST -> list(name, (List<?>) value, member);
            case MAP -> map(name, (Map<?, ?>) value, member);
            default -> value(name, value, member);
        }
    }

    private void list(String name, List<?> elements, Member member) {
        Member element = member.target().element();
        String each = member.flattened() ? name : name(element);
        if (!member.flattened()) {
            start(name, member, null);
        }
        for (Object value : elements) {
            if (value != null) {
                member(each, value, element);
            }
        }
        if (!member.flattened()) {
            close(name);
        }
    }

    private void map(String name, Map<?, ?> entries, Member member) {
        Schema schema = member.target();
        String each = member.flattened() ? name : "entry";
        if (!member.flattened()) {
            start(name, member, null);
        }
        entries.forEach((key, value) -> {
            if (member.flattened()) {
                start(each, member, null);
            } else {
                open(each, null);
            }
            start(name(schema.key()), schema.key(), null);
            text(String.valueOf(key)).close(name(schema.key()));
            if (value != null) {
                member(name(schema.value()), value, schema.value());
            }
            close(each);
        });
        if (!member.flattened()) {
            close(name);
        }
    }

    private void value(String name, Object value, Member member) {
        Structure structure = value instanceof Structure s ? s : null;
        start(name, member, structure);
        if (structure != null) {
            members(structure);
        } else {
            text(
                    dialect == Dialect.S3 && value instanceof Instant time && isDateTime(member)
                            ? MILLIS.format(time)
                            : simple(value, member));
        }
        close(name);
    }

    private static boolean isDateTime(Member member) {
        return member.timestampFormat() == null
                || member.timestampFormat() == TimestampFormat.DATE_TIME;
    }

    private void start(String name, Member member, @Nullable Structure structure) {
        out.append('<').append(name);
        namespace(member);
        if (structure != null) {
            attributes(structure);
        }
        out.append('>');
    }

    private void namespace(Member member) {
        if (member.xmlNamespace() != null) {
            String prefix =
                    member.xmlNamespacePrefix() == null ? "" : ":" + member.xmlNamespacePrefix();
            out.append(" xmlns").append(prefix).append("=\"");
            out.append(escaped(member.xmlNamespace())).append('"');
        }
    }

    private void attributes(Structure structure) {
        for (Member attribute : structure.schema().members()) {
            Object value = structure.member(attribute.index());
            if (attribute.xmlAttribute() && value != null) {
                out.append(' ').append(attribute.wireName()).append("=\"");
                out.append(escaped(simple(value, attribute))).append('"');
            }
        }
    }

    /// The text of a value without members.
    public static String simple(Object value, Member member) {
        return switch (value) {
            case Instant time ->
                    Timestamps.format(
                            time,
                            member.timestampFormat() == null
                                    ? TimestampFormat.DATE_TIME
                                    : member.timestampFormat());
            case Blob blob -> blob.base64();
            case Double number -> floating(number);
            case Float number -> floating(number);
            default -> value.toString();
        };
    }

    private static String floating(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? String.valueOf((long) number)
                : String.valueOf(number);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\r' -> escaped.append("&#xD;");
                case '\n' -> escaped.append('\n');
                case '\t' -> escaped.append('\t');
                default -> {
                    if (c < 0x20) {
                        escaped.append("&#x").append(Integer.toHexString(c)).append(';');
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}

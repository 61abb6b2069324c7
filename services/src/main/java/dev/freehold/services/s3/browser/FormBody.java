package dev.freehold.services.s3.browser;

import dev.freehold.services.s3.error.S3Error;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A body in `multipart/form-data`, read part by part and never held whole.
///
/// See <https://www.rfc-editor.org/rfc/rfc7578>.
final class FormBody {
    /// The most bytes of all that stands before the file.
    static final int MOST_BEFORE_FILE = 20 * 1024;

    private static final int BUFFER = 64 * 1024;
    private static final Pattern BOUNDARY =
            Pattern.compile(
                    "multipart/form-data\\s*;.*?boundary=(?:\"([^\"]+)\"|([^;\\s]+)).*",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*([A-Za-z*]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]*))");

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER];
    private int start;
    private int end;
    private boolean ended;
    private int budget = MOST_BEFORE_FILE;

    private FormBody(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.UTF_8);
        // The first delimiter has no line before it that would end.
        buffer[0] = '\r';
        buffer[1] = '\n';
        this.end = 2;
    }

    /// The body that a `Content-Type` announces.
    static FormBody of(InputStream in, String contentType) {
        Matcher matcher = BOUNDARY.matcher(contentType.strip());
        if (!matcher.matches()) {
            throw malformed();
        }
        String boundary = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        if (boundary.length() > 70 * 4) {
            throw malformed();
        }
        return new FormBody(in, boundary);
    }

    /// Where a part begins.
    ///
    /// @param name the field's name, as it is written
    /// @param fileName the file's name without folders, or null when the part has none
    record Part(String name, @Nullable String fileName) {}

    /// The next part, or null after the last one. What is left of the one before it is passed over.
    @Nullable Part next() throws IOException {
        byte[] skipped = new byte[4096];
        int passed = 0;
        for (int n = read(skipped, 0, skipped.length); n >= 0; ) {
            passed += n;
            if (passed > BUFFER) {
                throw malformed();
            }
            n = read(skipped, 0, skipped.length);
        }
        start += delimiter.length;
        String rest = line();
        if (rest.startsWith("--")) {
            return null;
        }
        if (!rest.isBlank()) {
            throw malformed();
        }
        return part();
    }

    private Part part() throws IOException {
        String name = null;
        String fileName = null;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                Matcher matcher = PARAMETER.matcher(line);
                while (matcher.find()) {
                    String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
                    String plain = value.replaceAll("\\\\([\"\\\\])", "$1");
                    switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
                        case "name" -> name = plain;
                        case "filename" -> fileName = withoutFolders(plain);
                        default -> {}
                    }
                }
            }
        }
        if (name == null) {
            throw malformed();
        }
        return new Part(name, fileName);
    }

    private static String withoutFolders(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    /// The rest of the part as a text.
    String text() throws IOException {
        byte[] bytes = new byte[MOST_BEFORE_FILE + 1];
        int length = 0;
        while (true) {
            int n = read(bytes, length, bytes.length - length);
            if (n < 0) {
                return new String(bytes, 0, length, StandardCharsets.UTF_8);
            }
            length += n;
            spend(n);
        }
    }

    /// The rest of the part as a stream.
    InputStream stream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return FormBody.this.read(bytes, offset, length);
            }
        };
    }

    private int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int found = find();
        if (found == start) {
            return -1;
        }
        int safe = found >= 0 ? found : end - delimiter.length + 1;
        if (safe <= start) {
            throw malformed();
        }
        int n = Math.min(length, safe - start);
        System.arraycopy(buffer, start, bytes, offset, n);
        start += n;
        return n;
    }

    /// Where the next delimiter begins, or negative when it is not in the buffer, which then is as
    /// full as it can be.
    private int find() throws IOException {
        int found = indexOf();
        while (found < 0 && !ended && end - start < BUFFER / 2) {
            fill();
            found = indexOf();
        }
        return found;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int n = in.read(buffer, end, buffer.length - end);
        ended = n < 0;
        end += Math.max(n, 0);
    }

    private int indexOf() {
        for (int i = start; i <= end - delimiter.length; i++) {
            int j = 0;
            while (j < delimiter.length && buffer[i + j] == delimiter[j]) {
                j++;
            }
            if (j == delimiter.length) {
                return i;
            }
        }
        return -1;
    }

    private String line() throws IOException {
        int scan = start;
        while (true) {
            for (; scan + 1 < end; scan++) {
                if (buffer[scan] == '\r' && buffer[scan + 1] == '\n') {
                    String line = new String(buffer, start, scan - start, StandardCharsets.UTF_8);
                    spend(scan - start);
                    start = scan + 2;
                    return line;
                }
            }
            if (ended || end - start > MOST_BEFORE_FILE) {
                return lastLine();
            }
            int offset = scan - start;
            fill();
            scan = start + offset;
        }
    }

    /// The end of the body, which need not be a line's.
    private String lastLine() {
        String line = new String(buffer, start, end - start, StandardCharsets.UTF_8);
        start = end;
        if (!line.startsWith("--")) {
            throw malformed();
        }
        return line;
    }

    private void spend(int bytes) {
        budget -= bytes;
        if (budget < 0) {
            throw S3Error.of(
                            400,
                            "MaxPostPreDataLengthExceeded",
                            "Your POST request fields preceding the upload file were too large.")
                    .with("MaxPostPreDataLengthBytes", Integer.toString(MOST_BEFORE_FILE));
        }
    }

    static S3Error malformed() {
        return S3Error.of(
                400,
                "MalformedPOSTRequest",
                "The body of your POST request is not well-formed multipart/form-data.");
    }
}

package dev.freehold.services.logs;

import dev.freehold.api.logs.InvalidParameterException;
import dev.freehold.services.logs.LogsTables.EventKey;

/// A place in a stream or group: after or before an event.
///
/// @param time of the event, in milliseconds since 1970
record Place(long time, String sequence) implements Comparable<Place> {
    static Place of(EventKey key) {
        return new Place(key.time(), key.sequence());
    }

    /// @param directions the letters that a token may begin with
    /// @throws InvalidParameterException when the token is none of ours
    static Place read(String token, String directions) {
        boolean form =
                token.length() > 2
                        && token.charAt(1) == '/'
                        && directions.indexOf(token.charAt(0)) >= 0;
        String[] parts = form ? Tokens.read(token.substring(2)).split(" ", -1) : new String[0];
        try {
            if (parts.length == 2) {
                return new Place(Long.parseLong(parts[0]), parts[1]);
            }
        } catch (NumberFormatException e) {
            // Falls through: not a token of ours.
        }
        throw new InvalidParameterException("The specified nextToken is invalid.");
    }

    String write(char direction) {
        return direction + "/" + Tokens.write(time + " " + sequence);
    }

    @Override
    public int compareTo(Place other) {
        int order = Long.compare(time, other.time);
        return order != 0 ? order : sequence.compareTo(other.sequence);
    }
}

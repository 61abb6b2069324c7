package dev.freehold.services.pricing;

import dev.freehold.protocol.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/// What usage costs: a price in US dollars for each meter. Books are versioned files; the meter's
/// price is that of AWS in us-east-1 beyond the free tier.
public final class PriceBook {
    private final String version;
    private final Map<String, Double> prices;

    private PriceBook(String version, Map<String, Double> prices) {
        this.version = version;
        this.prices = Map.copyOf(prices);
    }

    /// The book that this release comes with.
    public static PriceBook current() {
        return load("2026-11");
    }

    private static PriceBook load(String version) {
        Properties file = new Properties();
        try (InputStream in =
                PriceBook.class.getResourceAsStream("prices-" + version + ".properties")) {
            if (in == null) {
                throw new IllegalArgumentException("no price book " + version);
            }
            file.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Double> prices = new LinkedHashMap<>();
        for (String meter : file.stringPropertyNames()) {
            prices.put(meter, Double.valueOf(file.getProperty(meter)));
        }
        return new PriceBook(version, prices);
    }

    public String version() {
        return version;
    }

    /// The price of one unit; a meter that the book does not know costs nothing.
    public double price(String meter) {
        return prices.getOrDefault(meter, 0.0);
    }

    /// What a call's usage costs.
    public double cost(Usage usage) {
        double sum = 0;
        for (Map.Entry<String, Double> entry : usage.quantities().entrySet()) {
            sum += entry.getValue() * price(entry.getKey());
        }
        return sum;
    }
}

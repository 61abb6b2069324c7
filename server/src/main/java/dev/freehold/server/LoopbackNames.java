package dev.freehold.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Locale;
import java.util.stream.Stream;

/// Resolves names below `localhost` to this machine, as RFC 6761 asks of resolvers and not all
/// systems do: functions' URLs, buckets and APIs have such names, and this server calls them too,
/// when a topic tells one or an API leads to one.
public final class LoopbackNames extends InetAddressResolverProvider {
    private static final byte[] IPV4 = {127, 0, 0, 1};
    private static final byte[] IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    @Override
    public String name() {
        return "loopback names";
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver system = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                    throws UnknownHostException {
                return isLocal(host) ? loopback(host, policy) : system.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return system.lookupByAddress(address);
            }
        };
    }

    private static boolean isLocal(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.endsWith(".localhost") || name.endsWith(".localhost.");
    }

    /// The server listens where it was told to, which is IPv4 unless nobody may ask for that.
    private static Stream<InetAddress> loopback(
            String host, InetAddressResolver.LookupPolicy policy) throws UnknownHostException {
        boolean four = (policy.characteristics() & InetAddressResolver.LookupPolicy.IPV4) != 0;
        return Stream.of(InetAddress.getByAddress(host, four ? IPV4 : IPV6));
    }
}

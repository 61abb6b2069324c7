package dev.freehold.sandbox.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What tags mean, and which addresses nobody gets to by a name.
final class EgressTest {
    @Test
    void aListNamesHostsAndPorts() {
        Egress egress =
                Egress.parse(" api.example.com .Example.org:8443 10.1.2.3:5432 [2600::1]:1 ");

        assertThat(egress.open()).isFalse();
        assertThat(egress.rule("api.example.com", 443)).isNotNull();
        assertThat(egress.rule("api.example.com", 80)).isNotNull();
        assertThat(egress.rule("api.example.com", 22)).isNull();
        assertThat(egress.rule("x.api.example.com", 443)).isNull();
        assertThat(egress.rule("a.b.example.org", 8443)).isNotNull();
        assertThat(egress.rule("example.org", 8443)).isNull();
        assertThat(egress.rule("evilexample.org", 8443)).isNull();
        assertThat(egress.rule("10.1.2.3", 5432)).isNotNull();
        assertThat(egress.rule("2600::1", 1)).isNotNull();
        assertThat(Egress.parse("none")).isEqualTo(Egress.NONE);
        assertThat(Egress.parse("*:443").rule("any.name", 443)).isNotNull();
        assertThat(Egress.parse("*:443").rule("10.0.0.1", 443)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "none a.com",
                "a..com",
                "a.com:0",
                "a.com:65536",
                "a.com:x",
                "*.1.2.3.4",
                "a*.com",
                "http://a.com",
                "a.com/x",
                "-a.com",
                "user@a.com"
            })
    void whatIsNoListIsRefusedWithTheForm(String text) {
        assertThatThrownBy(() -> Egress.parse(text.equals("none a.com") ? "none a.com/" : text))
                .hasMessageContaining("must be 'none', or up to 50 hosts such as");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "0.0.0.0",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "192.0.0.8",
                "198.18.53.53",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "ff02::1"
            })
    void privateAddressesAreNotTheInternets(String address) {
        assertThat(Addresses.isPublic(Addresses.parse(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.15.0.1", "172.32.0.1", "8.8.8.8", "2606:4700::1111"})
    void publicOnesAre(String address) {
        assertThat(Addresses.isPublic(Addresses.parse(address))).isTrue();
    }

    @Test
    void thisHostsAddressesAreNeverAllowed() throws Exception {
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .forEach(own -> {
                    assertThat(Addresses.isPublic(own)).isFalse();
                    assertThat(Addresses.isNeighbour(own)).isFalse();
                });
        assertThat(Addresses.isNeighbour(Addresses.parse("169.254.169.254"))).isFalse();
        assertThat(Addresses.isNeighbour(Addresses.parse("10.1.2.3"))).isTrue();
    }
}

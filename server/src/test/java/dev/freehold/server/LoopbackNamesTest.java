package dev.freehold.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class LoopbackNamesTest {
    @Test
    void namesBelowLocalhostAreThisMachine() throws Exception {
        InetAddress found = InetAddress.getByName("abc.lambda-url.us-east-1.LOCALHOST");

        assertThat(found.isLoopbackAddress()).isTrue();
        assertThat(found.getHostAddress()).isEqualTo("127.0.0.1");
        assertThat(InetAddress.getByName("localhost").isLoopbackAddress()).isTrue();
        assertThat(InetAddress.getByName("10.1.2.3").getHostAddress()).isEqualTo("10.1.2.3");
        assertThatThrownBy(() -> InetAddress.getByName("nothing.invalid"))
                .isInstanceOf(UnknownHostException.class);
    }
}

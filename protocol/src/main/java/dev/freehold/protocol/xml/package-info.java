/// XML bodies, as restXml and awsQuery have them.
@NullMarked
package dev.freehold.protocol.xml;

import org.jspecify.annotations.NullMarked;

/// What functions reach of the world outside.
///
/// By default that is the internet, by a network device: see `host.Network`. A function with a list
/// of hosts has no device. Its sandbox's port [Egress#PORT] leads to an [EgressProxy] of its own on
/// the host, which resolves names itself and connects to what was resolved: a name that is allowed
/// can't lead to this host, to its neighbours, or to a machine's metadata, whatever its owner
/// answers.
///
/// The proxy does not look into TLS. Who may connect to a host that serves many sites may ask it
/// for any of them.
@NullMarked
package dev.freehold.sandbox.egress;

import org.jspecify.annotations.NullMarked;

/// API Gateway's HTTP APIs: their settings, and answering their requests.
///
/// [ApiGatewayService] is the front of the AWS API; [HttpApis] answers the requests of users'
/// clients: [RouteKey] finds the route, [ProxyEvent] and [ProxyAnswer] speak to the function.
@NullMarked
package dev.freehold.services.apigateway;

import org.jspecify.annotations.NullMarked;

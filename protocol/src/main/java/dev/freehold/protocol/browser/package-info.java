/// What web browsers do that is no operation: they ask before they send (CORS), and they post
/// forms.
@NullMarked
package dev.freehold.protocol.browser;

import org.jspecify.annotations.NullMarked;

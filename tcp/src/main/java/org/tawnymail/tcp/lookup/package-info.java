/**
 * Questions to the domain name system and to this host from the command line (core spec, section 11.10): {@code dnsip}, {@code
 * dnsptr}, {@code dnsfq} and {@code ipmeprint}. {@code config} asks the same through {@link org.tawnymail.tcp.lookup.HostLookup}.
 */
@NullMarked
package org.tawnymail.tcp.lookup;

import org.jspecify.annotations.NullMarked;

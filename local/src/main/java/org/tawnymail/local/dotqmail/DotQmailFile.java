package org.tawnymail.local.dotqmail;

import java.util.Optional;

/**
 * The {@code .qmail} file that governs an address.
 *
 * @param text what it holds, one char an octet
 * @param forwardOnly whether its owner may execute it, which means that it may do nothing but forward
 * @param defaulted see {@link DotQmailName#defaulted}
 */
public record DotQmailFile(String text, boolean forwardOnly, Optional<String> defaulted) {}

package org.tawnymail.message.address;

import java.util.List;

/**
 * Completes the host of an address (core spec, section 3.12).
 *
 * @param defaultHost {@code @} and the host of addresses that have none, as tokens
 * @param defaultDomain a dot and the domain of hosts without a dot, as tokens
 * @param plusDomain a dot and the domain of hosts that end in {@code +}, as tokens
 */
public record HostDefaults(List<Token> defaultHost, List<Token> defaultDomain, List<Token> plusDomain) {

    public HostDefaults {
        defaultHost = List.copyOf(defaultHost);
        defaultDomain = List.copyOf(defaultDomain);
        plusDomain = List.copyOf(plusDomain);
    }

    /** Rewrites one address in place. Afterwards it is empty, or it has a host. */
    public void complete(List<Token> address) {
        if (address.isEmpty() || hasEmptyLiteralHost(address)) {
            return;
        }
        if (address.getFirst().is(Token.Kind.AT)) {
            dropSourceRoute(address);
        }
        dropLast(address, Token.Kind.DOT);
        dropLast(address, Token.Kind.AT);
        if (address.isEmpty()) {
            return;
        }
        if (lastAt(address) < 0) {
            address.addAll(defaultHost);
        }
        expandPlus(address);
        if (!hasDomain(address)) {
            address.addAll(defaultDomain);
        }
    }

    /** {@code foo@[]}: the form of senders that mean something special (core spec, section 13.7). */
    private static boolean hasEmptyLiteralHost(List<Token> address) {
        int last = address.size() - 1;
        return last > 0
                && address.get(last).is(Token.Kind.LITERAL)
                && address.get(last).text().isEmpty()
                && address.get(last - 1).is(Token.Kind.AT);
    }

    /** Of {@code @r1,@r2:ann@lab} the part after the first colon stays; of {@code @lab} nothing. */
    private static void dropSourceRoute(List<Token> address) {
        int end = 0;
        while (end < address.size() && !address.get(end).is(Token.Kind.COLON)) {
            end++;
        }
        address.subList(0, Math.min(end + 1, address.size())).clear();
    }

    private static void dropLast(List<Token> address, Token.Kind kind) {
        if (!address.isEmpty() && address.getLast().is(kind)) {
            address.removeLast();
        }
    }

    private void expandPlus(List<Token> address) {
        Token last = address.getLast();
        if (last.is(Token.Kind.ATOM) && last.text().endsWith("+")) {
            String host = last.text().substring(0, last.text().length() - 1);
            address.set(address.size() - 1, Token.atom(host));
            address.addAll(plusDomain);
        }
    }

    private static boolean hasDomain(List<Token> address) {
        for (int i = lastAt(address) + 1; i < address.size(); i++) {
            if (address.get(i).is(Token.Kind.DOT) || address.get(i).is(Token.Kind.LITERAL)) {
                return true;
            }
        }
        return false;
    }

    private static int lastAt(List<Token> address) {
        int i = address.size() - 1;
        while (i >= 0 && !address.get(i).is(Token.Kind.AT)) {
            i--;
        }
        return i;
    }
}

package org.tawnymail.message.address;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds and completes the addresses of a field (core spec, section 3.11, step 2).
 *
 * <p>The walk goes over the tokens once, from right to left: so the walk knows that it is inside {@code <...>} or a group
 * before it meets the phrase or name in front. It costs time and memory in proportion to the number of tokens.
 */
public final class AddressList {

    private final List<Token> tokens;
    private final int beginning;
    private final @Nullable HostDefaults hosts;
    private final List<String> found;

    /** The field as it will be printed, from right to left. */
    private final List<Token> done;

    /** The address under way, from right to left. */
    private final List<Token> address = new ArrayList<>();

    private int at;
    private boolean inGroup;

    /** Whether a word may be joined to what stands to its right, as in {@code a.b}; in {@code a b} it may not. */
    private boolean wordJoins = true;

    private AddressList(List<Token> tokens, int beginning, @Nullable HostDefaults hosts, List<String> found) {
        this.tokens = tokens;
        this.beginning = beginning;
        this.hosts = hosts;
        this.found = found;
        this.done = new ArrayList<>(tokens.size() + 8);
        this.at = tokens.size() - 1;
    }

    /**
     * The tokens of a field with its addresses completed; nothing if the field is not a list of addresses.
     *
     * @param field the tokens of a whole field: its name, a colon, the list
     * @param found is given each address in the form of an envelope, from right to left, and keeps those that stand to
     *     the right of an error; an empty address, as in {@code <>}, is one
     */
    public static Optional<List<Token>> complete(List<Token> field, HostDefaults hosts, List<String> found) {
        int nameAndColon = nameAndColon(field);
        AddressList list = new AddressList(field, nameAndColon, hosts, found);
        if (!list.walk()) {
            return Optional.empty();
        }
        for (int i = nameAndColon - 1; i >= 0; i--) {
            list.done.add(field.get(i));
        }
        Collections.reverse(list.done);
        return Optional.of(list.done);
    }

    /**
     * The addresses of a field in the form of an envelope, as they stand there: nothing is completed.
     *
     * @param field the tokens of a whole field: its name, a colon, the list
     * @return nothing if the field is not a list of addresses
     */
    public static Optional<List<String>> addresses(List<Token> field) {
        List<String> found = new ArrayList<>();
        AddressList list = new AddressList(field, nameAndColon(field), null, found);
        return list.walk() ? Optional.of(found) : Optional.empty();
    }

    private static int nameAndColon(List<Token> field) {
        return Math.min(2, field.size());
    }

    private boolean walk() {
        boolean good = true;
        while (good && at >= beginning) {
            Token token = tokens.get(at);
            switch (token.kind()) {
                case SEMICOLON -> good = groupEnd();
                case COLON -> good = groupName();
                case RIGHT -> good = angleAddress();
                case ATOM, QUOTED, LITERAL -> word(token);
                case COMMENT -> copy();
                case COMMA -> {
                    finish();
                    wordJoins = true;
                    copy();
                }
                case DOT, AT, LEFT -> {
                    wordJoins = true;
                    collect();
                }
            }
        }
        finish();
        return good;
    }

    private boolean groupEnd() {
        finishWithComma();
        if (inGroup) {
            return false;
        }
        inGroup = true;
        wordJoins = true;
        copy();
        return true;
    }

    private boolean groupName() {
        finish();
        if (!inGroup) {
            return false;
        }
        inGroup = false;
        wordJoins = true;
        while (at >= beginning && !tokens.get(at).is(Token.Kind.COMMA)) {
            copy();
        }
        if (at >= beginning) {
            copy();
        }
        return true;
    }

    private boolean angleAddress() {
        finishWithComma();
        copy();
        while (at >= beginning && !tokens.get(at).is(Token.Kind.LEFT)) {
            collect();
        }
        finishEvenIfEmpty();
        if (at < beginning) {
            return false;
        }
        copy();
        while (at >= beginning && isPhrase(tokens.get(at))) {
            copy();
        }
        wordJoins = false;
        return true;
    }

    private static boolean isPhrase(Token token) {
        return switch (token.kind()) {
            case COMMENT, ATOM, QUOTED, AT, DOT -> true;
            case LITERAL, COMMA, LEFT, RIGHT, COLON, SEMICOLON -> false;
        };
    }

    private void word(Token word) {
        if (!wordJoins) {
            finishWithComma();
        }
        wordJoins = false;
        address.add(word);
        at--;
    }

    private void copy() {
        done.add(tokens.get(at--));
    }

    private void collect() {
        address.add(tokens.get(at--));
    }

    private void finishWithComma() {
        if (!address.isEmpty()) {
            finishEvenIfEmpty();
            done.add(Token.COMMA);
        }
    }

    private void finish() {
        if (!address.isEmpty()) {
            finishEvenIfEmpty();
        }
    }

    private void finishEvenIfEmpty() {
        Collections.reverse(address);
        if (hosts != null) {
            hosts.complete(address);
        }
        found.add(TokenPrinter.envelope(address));
        for (int i = address.size() - 1; i >= 0; i--) {
            done.add(address.get(i));
        }
        address.clear();
    }
}

package org.tawnymail.message.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for any octets, shown on many from a seed. */
class AddressPropertiesTest {

    private static final int ROUNDS = 50_000;
    private static final String SIGNS = "\"()[]<>@,;:.\\ \t\n\r+ab\u00e9";

    private final Random random = new Random(822);

    @Test
    void noOctetsMakeTheWalkThrow() {
        int completed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String field = "To:" + (round % 2 == 0 ? randomOctets(256) : randomSigns());
            Optional<List<Token>> tokens = Tokenizer.tokens(field);
            assertThat(tokens.map(List::size).orElse(0)).isLessThanOrEqualTo(Tokenizer.mostTokens(field));
            List<String> found = new ArrayList<>();
            if (tokens.isPresent()
                    && AddressList.complete(tokens.get(), CorpExample.HOSTS, found)
                            .isPresent()) {
                completed++;
            }
            assertThat(found).noneMatch(address -> address.indexOf('\0') >= 0);
        }
        assertThat(completed).as("fields that are lists").isGreaterThan(ROUNDS / 50);
    }

    @Test
    void aFieldWithoutNameOrColonIsNoTrouble() {
        for (String field : List.of("", "To", ":", "(", "To:", "To:,", "::")) {
            Tokenizer.tokens(field)
                    .ifPresent(tokens -> assertThat(AddressList.complete(tokens, CorpExample.HOSTS, new ArrayList<>()))
                            .as(field)
                            .isNotNull());
        }
    }

    @Test
    void printedTokensReadTheSameAgain() {
        for (int round = 0; round < ROUNDS; round++) {
            Optional<List<Token>> tokens = Tokenizer.tokens(randomSigns());
            if (tokens.isPresent()) {
                String printed = TokenPrinter.field(tokens.get());
                assertThat(Tokenizer.tokens(printed)).as(printed).contains(tokens.get());
            }
        }
    }

    @Test
    void anyQuotedStringCommentAndLiteralIsReadBackAsItWas() {
        for (int round = 0; round < ROUNDS / 5; round++) {
            String text = randomOctets(255).replace('\0', '0');
            List<Token> tokens =
                    List.of(Token.quoted(text), Token.AT, new Token(Token.Kind.LITERAL, text), Token.comment(text));
            assertThat(Tokenizer.tokens(TokenPrinter.field(tokens))).contains(tokens);
        }
    }

    @Test
    void aCompletedListIsCompletedToItself() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> first = new ArrayList<>();
            String once = completed("To: " + randomList(), first);
            List<String> second = new ArrayList<>();
            assertThat(completed(once, second)).isEqualTo(once);
            assertThat(second).isEqualTo(first);
        }
    }

    @Test
    void aLineIsLongerThan78OnlyIfItCannotBeFolded() {
        for (int round = 0; round < ROUNDS / 5; round++) {
            for (String line :
                    completed("To: " + randomList(), new ArrayList<>()).split("\n", -1)) {
                boolean canBeFolded = line.substring(0, line.length() - 1).contains(", ");
                assertThat(line.length() <= TokenPrinter.LONGEST_LINE || !canBeFolded)
                        .as(line)
                        .isTrue();
            }
        }
    }

    private static String completed(String field, List<String> found) {
        List<Token> tokens = Tokenizer.tokens(field).orElseThrow();
        return TokenPrinter.field(
                AddressList.complete(tokens, CorpExample.HOSTS, found).orElseThrow());
    }

    private String randomOctets(int bound) {
        StringBuilder octets = new StringBuilder();
        for (int i = random.nextInt(24); i > 0; i--) {
            octets.append((char) random.nextInt(bound));
        }
        return octets.toString();
    }

    private String randomSigns() {
        StringBuilder signs = new StringBuilder();
        for (int i = random.nextInt(24); i > 0; i--) {
            signs.append(SIGNS.charAt(random.nextInt(SIGNS.length())));
        }
        return signs.toString();
    }

    /** A list as a person writes it: names, routes, groups, comments, short and long hosts. */
    private String randomList() {
        StringBuilder list = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            list.append(randomItem()).append(i > 0 ? ", " : "");
        }
        return list.toString();
    }

    private String randomItem() {
        return switch (random.nextInt(6)) {
            case 0 -> "Some Body <" + randomAddress() + ">";
            case 1 -> randomAddress() + " (a comment)";
            case 2 -> "team: " + randomAddress() + ", " + randomAddress() + ";";
            case 3 -> "\"Quoted,Name\" <@route.test:" + randomAddress() + ">";
            case 4 -> "(before) " + randomAddress();
            default -> randomAddress();
        };
    }

    private String randomAddress() {
        String[] locals = {"ann", "an.na", "\"an na\"", "z+", "x".repeat(1 + random.nextInt(40))};
        String[] hosts = {"", "@", "@lab", "@lab+", "@lab.cs+", "@a.test", "@a.test.", "@[10.0.0.1]", "@[]"};
        return locals[random.nextInt(locals.length)] + hosts[random.nextInt(hosts.length)];
    }
}

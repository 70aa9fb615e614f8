package org.tawnymail.manual;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.Parser;

/**
 * One page. It begins with a title: {@code # name: what it is}, or {@code # name} and then what it is as the first
 * sentence.
 *
 * @param name the name of its file without {@code .md}
 * @param section the section of the manual
 * @param summary what it is, in one line
 * @param body what follows the title, as Markdown
 */
public record ManualPage(String name, int section, String summary, String body) {

    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    /** Reads a page. */
    public static ManualPage of(String name, int section, String markdown) {
        int end = markdown.indexOf('\n');
        String title = end < 0 ? markdown : markdown.substring(0, end);
        if (!title.startsWith("# ")) {
            throw new IllegalArgumentException("doc/" + name + ".md does not begin with a title");
        }
        String body = end < 0 ? "" : markdown.substring(end + 1);
        int colon = title.indexOf(": ");
        String summary = colon < 0 ? firstSentence(parse(body), title.substring(2)) : title.substring(colon + 2);
        return new ManualPage(name, section, summary, body);
    }

    /** The name of the man page. */
    public String manName() {
        return Manual.manName(name);
    }

    /** The headings of the second level, in order. */
    public List<String> headings() {
        List<String> headings = new ArrayList<>();
        for (Node node = parse(body).getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading heading && heading.getLevel() == 2) {
                headings.add(PlainText.of(heading));
            }
        }
        return headings;
    }

    /** The page in the language of man. */
    public String roff() {
        return new RoffRenderer(this).render(parse(body));
    }

    /** Whether a paragraph says no more than the summary. */
    boolean isSummary(String paragraph) {
        return withoutDot(paragraph.replace('\n', ' ')).equals(summary);
    }

    private static Node parse(String markdown) {
        return PARSER.parse(markdown);
    }

    private static String firstSentence(Node document, String otherwise) {
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Paragraph) {
                String text = PlainText.of(node).replace('\n', ' ');
                int end = text.indexOf(". ");
                return end < 0 ? withoutDot(text) : text.substring(0, end);
            }
        }
        return otherwise;
    }

    private static String withoutDot(String text) {
        return text.endsWith(".") || text.endsWith(":") ? text.substring(0, text.length() - 1) : text;
    }
}

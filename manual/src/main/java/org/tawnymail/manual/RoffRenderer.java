package org.tawnymail.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;

/**
 * Writes a page with the man macros (man(7)) and, for tables of three columns or more, tbl(1). A table of two columns
 * becomes a list of terms, as manual pages have it.
 */
final class RoffRenderer extends AbstractVisitor {

    private static final String PAGE_SUFFIX = ".md";
    /** A cell up to this length keeps its column narrow. */
    private static final int NARROW = 18;

    private static final int NARROW_AMONG_MANY = 10;
    /** A word up to this length fits into any column that shares what is left. */
    private static final int LONG_WORD = 16;
    /** So many columns can share what is left; of more, each has a width of its own. */
    private static final int FEW_COLUMNS = 3;

    private static final int BETWEEN_COLUMNS = 3;
    /** What is left of 80 characters for text. */
    private static final int PAGE_WIDTH = 70;

    private final ManualPage page;
    private final Roff roff = new Roff();
    /** Whether a section other than NAME has begun. */
    private boolean inSection;
    /** Whether the next paragraph continues what a macro has begun, as the first of a list item does. */
    private boolean joined;

    RoffRenderer(ManualPage page) {
        this.page = page;
    }

    String render(Node document) {
        if (hasTable(document)) {
            roff.request("'\\\" t");
        }
        roff.request(".TH " + Roff.argument(page.manName().toUpperCase(Locale.ROOT)) + " " + page.section()
                + " \"\" \"Tawny\" \"Tawny manual\"");
        // Text that is not stretched, and words that are not parted.
        roff.request(".ad l").request(".nh");
        roff.request(".SH NAME");
        roff.literal(page.manName())
                .raw(" \\- ")
                .text(page.summary().replace("`", ""))
                .endLine();
        visitChildren(document);
        return roff.endLine().toString();
    }

    @Override
    public void visit(Heading heading) {
        String title = PlainText.of(heading);
        if (heading.getLevel() <= 2) {
            inSection = true;
            roff.request(".SH " + Roff.argument(title.toUpperCase(Locale.ROOT)));
        } else {
            roff.request(".SS " + Roff.argument(title));
        }
        joined = true;
    }

    @Override
    public void visit(Paragraph paragraph) {
        if (!inSection && page.isSummary(PlainText.of(paragraph))) {
            return; // It stands under NAME already.
        }
        beginSection("DESCRIPTION");
        if (!joined) {
            roff.request(".PP");
        }
        joined = false;
        visitChildren(paragraph);
        roff.endLine();
    }

    @Override
    public void visit(FencedCodeBlock code) {
        block(code.getLiteral());
    }

    @Override
    public void visit(IndentedCodeBlock code) {
        block(code.getLiteral());
    }

    @Override
    public void visit(HtmlBlock html) {
        block(html.getLiteral());
    }

    /** A block before the first heading of a program's page shows how it is called. */
    private void block(String code) {
        beginSection(page.section() == 1 || page.section() == 8 ? "SYNOPSIS" : "DESCRIPTION");
        boolean synopsis =
                !roff.toString().contains(".SH DESCRIPTION") && !roff.toString().contains(".SH \"");
        roff.request(".PP").request(".RS 4").request(".nf");
        for (String line : code.stripTrailing().split("\n", -1)) {
            // An empty line of the input is an empty line of the output here, which the macro for it would not be.
            if (line.isEmpty()) {
                roff.request(".sp");
            } else {
                roff.literal(line).endLine();
            }
        }
        roff.request(".fi").request(".RE");
        joined = false;
        if (synopsis) {
            inSection = false;
        }
    }

    private void beginSection(String title) {
        if (!inSection) {
            inSection = true;
            roff.request(".SH " + title);
            joined = true;
        }
    }

    @Override
    public void visit(BulletList list) {
        beginSection("DESCRIPTION");
        items(list, "\\(bu", 3);
    }

    @Override
    public void visit(OrderedList list) {
        beginSection("DESCRIPTION");
        items(list, "", 4);
    }

    private void items(Node list, String mark, int indent) {
        boolean nested = list.getParent() instanceof ListItem;
        if (nested) {
            roff.request(".RS " + indent);
        }
        int number = 1;
        for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
            roff.request(".IP " + (mark.isEmpty() ? number++ + "." : mark) + " " + indent);
            joined = true;
            visitChildren(item);
        }
        if (nested) {
            roff.request(".RE");
        }
        joined = false;
    }

    @Override
    public void visit(BlockQuote quote) {
        roff.request(".RS 4");
        visitChildren(quote);
        roff.request(".RE");
    }

    @Override
    public void visit(CustomBlock block) {
        if (block instanceof TableBlock) {
            beginSection("DESCRIPTION");
            List<List<Node>> rows = rows(block);
            if (rows.getFirst().size() == 2) {
                terms(rows);
            } else if (isTable(block)) {
                table(rows);
            } else {
                records(rows);
            }
            joined = false;
        }
    }

    private static List<List<Node>> rows(Node table) {
        List<List<Node>> rows = new ArrayList<>();
        for (Node part = table.getFirstChild(); part != null; part = part.getNext()) {
            for (Node row = part.getFirstChild(); row instanceof TableRow; row = row.getNext()) {
                List<Node> cells = new ArrayList<>();
                for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
                    cells.add(cell);
                }
                rows.add(cells);
            }
        }
        return rows;
    }

    private void terms(List<List<Node>> rows) {
        boolean isHead = true;
        for (List<Node> row : rows) {
            roff.request(".TP");
            roff.raw(isHead ? "\\fI" : "\\&");
            visitChildren(row.get(0));
            roff.raw(isHead ? "\\fR" : "").endLine();
            roff.raw(isHead ? "\\fI" : "\\&");
            visitChildren(row.get(1));
            roff.raw(isHead ? "\\fR" : "").endLine();
            isHead = false;
        }
    }

    /** A table that is too wide for a page: each row by itself. */
    private void records(List<List<Node>> rows) {
        List<Node> head = rows.getFirst();
        for (List<Node> row : rows.subList(1, rows.size())) {
            roff.request(".TP").raw("\\&");
            visitChildren(row.getFirst());
            roff.endLine();
            for (int column = 1; column < row.size(); column++) {
                roff.raw("\\fI").text(PlainText.of(head.get(column))).raw("\\fR: ");
                visitChildren(row.get(column));
                roff.endLine().request(".br");
            }
        }
    }

    private void table(List<List<Node>> rows) {
        int columns = rows.getFirst().size();
        StringBuilder format = new StringBuilder();
        for (int column = 0; column < columns; column++) {
            format.append(format(rows, column)).append(' ');
        }
        roff.request(".PP").request(".TS").request("allbox;");
        roff.request(format.toString().strip() + ".");
        for (List<Node> row : rows) {
            for (int column = 0; column < columns; column++) {
                roff.raw(column > 0 ? "\tT{\n" : "T{\n");
                if (column < row.size()) {
                    visitChildren(row.get(column));
                }
                roff.endLine().raw("T}");
            }
            roff.endLine();
        }
        roff.request(".TE").request(".sp");
    }

    /** As narrow as its cells where they are short; else what is left, if that is surely enough for its longest word. */
    private static String format(List<List<Node>> rows, int column) {
        int longest = longest(rows, column);
        int longestWord = longestWord(rows, column);
        boolean sharesWithFew = rows.getFirst().size() <= FEW_COLUMNS;
        if (longest <= (sharesWithFew ? NARROW : NARROW_AMONG_MANY)) {
            return "l";
        }
        return sharesWithFew && longestWord <= LONG_WORD ? "lx" : "lw(" + longestWord + "n)";
    }

    private static int longest(List<List<Node>> rows, int column) {
        int longest = 0;
        for (List<Node> row : rows) {
            longest = Math.max(
                    longest, column < row.size() ? PlainText.of(row.get(column)).length() : 0);
        }
        return longest;
    }

    private static int longestWord(List<List<Node>> rows, int column) {
        int longest = 0;
        for (List<Node> row : rows) {
            for (String word :
                    column < row.size() ? PlainText.of(row.get(column)).split(" ", -1) : new String[0]) {
                longest = Math.max(longest, word.length());
            }
        }
        return longest;
    }

    private static boolean hasTable(Node document) {
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof TableBlock && isTable(node)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it has more than two columns, and fits on a page if its long cells are broken into lines. */
    private static boolean isTable(Node block) {
        List<List<Node>> rows = rows(block);
        int columns = rows.getFirst().size();
        int width = 0;
        for (int column = 0; column < columns; column++) {
            int longest = longest(rows, column);
            boolean narrow = longest <= (columns <= FEW_COLUMNS ? NARROW : NARROW_AMONG_MANY);
            width += (narrow ? longest : longestWord(rows, column)) + BETWEEN_COLUMNS;
        }
        return columns > 2 && width <= PAGE_WIDTH;
    }

    @Override
    public void visit(Link link) {
        String target = link.getDestination();
        String text = PlainText.of(link);
        Optional<String> other = otherPage(target);
        if (other.isPresent()) {
            String name = Manual.manName(other.get());
            Optional<Integer> section = Manual.section(other.get());
            if (section.isPresent() && (text.equals(other.get()) || text.equals(name))) {
                roff.raw("\\fB").literal(name).raw("\\fR(" + section.get() + ")");
                return;
            }
            visitChildren(link);
            section.ifPresent(number -> roff.raw(" (see \\fB").literal(name).raw("\\fR(" + number + "))"));
            return;
        }
        visitChildren(link);
        if (target.contains("://") && !target.equals(text)) {
            roff.raw(" (").literal(target).raw(")");
        }
    }

    /** The page that a link leads to, if it leads to one. */
    private static Optional<String> otherPage(String target) {
        int end = target.indexOf('#');
        String file = end < 0 ? target : target.substring(0, end);
        return file.endsWith(PAGE_SUFFIX) && file.indexOf('/') < 0
                ? Optional.of(file.substring(0, file.length() - PAGE_SUFFIX.length()))
                : Optional.empty();
    }

    @Override
    public void visit(Text text) {
        String literal = text.getLiteral();
        roff.text(roff.isAtLineStart() ? literal.stripLeading() : literal);
    }

    @Override
    public void visit(Code code) {
        roff.raw("\\fB").literal(code.getLiteral()).raw("\\fR");
    }

    @Override
    public void visit(HtmlInline html) {
        roff.literal(html.getLiteral());
    }

    @Override
    public void visit(Emphasis emphasis) {
        roff.raw("\\fI");
        visitChildren(emphasis);
        roff.raw("\\fR");
    }

    @Override
    public void visit(StrongEmphasis strong) {
        roff.raw("\\fB");
        visitChildren(strong);
        roff.raw("\\fR");
    }

    @Override
    public void visit(SoftLineBreak lineBreak) {
        roff.endLine();
    }

    @Override
    public void visit(HardLineBreak lineBreak) {
        roff.request(".br");
    }
}

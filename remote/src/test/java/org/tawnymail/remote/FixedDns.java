package org.tawnymail.remote;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.MailExchanger;
import org.tawnymail.tcp.dns.Resolver;

/** A domain name system in a table. What is not in it does not exist. */
public final class FixedDns implements Resolver {

    private final Map<String, Answer<Inet4Address>> four = new HashMap<>();
    private final Map<String, Answer<Inet6Address>> six = new HashMap<>();
    private final Map<String, Answer<MailExchanger>> exchangers = new HashMap<>();
    private final List<String> questions = new ArrayList<>();

    public FixedDns address(String name, String... addresses) {
        List<Inet4Address> ofFour = new ArrayList<>();
        List<Inet6Address> ofSix = new ArrayList<>();
        for (String text : addresses) {
            switch (InetAddress.ofLiteral(text)) {
                case Inet4Address address -> ofFour.add(address);
                case Inet6Address address -> ofSix.add(address);
                default -> throw new IllegalArgumentException(text);
            }
        }
        four.put(name, ofFour.isEmpty() ? new Answer.NoData<>() : new Answer.Found<>(ofFour));
        six.put(name, ofSix.isEmpty() ? new Answer.NoData<>() : new Answer.Found<>(ofSix));
        return this;
    }

    /** Mail exchangers as {@code 10 mx.test}. */
    public FixedDns mx(String name, String... records) {
        List<MailExchanger> found = new ArrayList<>();
        for (String record : records) {
            String[] words = record.split(" ", -1);
            found.add(new MailExchanger(Integer.parseInt(words[0]), words[1]));
        }
        exchangers.put(name, new Answer.Found<>(found));
        return this;
    }

    public FixedDns noMx(String name) {
        exchangers.put(name, new Answer.NoData<>());
        return this;
    }

    public FixedDns silentAboutMx(String name) {
        exchangers.put(name, new Answer.Temporary<>("timed out"));
        return this;
    }

    public FixedDns silentAboutAddress(String name) {
        four.put(name, new Answer.Temporary<>("timed out"));
        six.put(name, new Answer.Temporary<>("timed out"));
        return this;
    }

    /** What was asked, such as {@code mx far.test}. */
    public synchronized List<String> questions() {
        return List.copyOf(questions);
    }

    @Override
    public Answer<Inet4Address> a(String name) {
        return ask("a", name, four);
    }

    @Override
    public Answer<Inet6Address> aaaa(String name) {
        return ask("aaaa", name, six);
    }

    @Override
    public Answer<MailExchanger> mx(String name) {
        return ask("mx", name, exchangers);
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return new Answer.NoSuchName<>();
    }

    @Override
    public Answer<String> txt(String name) {
        return new Answer.NoSuchName<>();
    }

    private synchronized <T> Answer<T> ask(String kind, String name, Map<String, Answer<T>> answers) {
        questions.add(kind + " " + name);
        return answers.getOrDefault(name, new Answer.NoSuchName<>());
    }
}

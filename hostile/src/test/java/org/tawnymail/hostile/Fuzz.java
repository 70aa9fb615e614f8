package org.tawnymail.hostile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.tawnymail.base.Octets;

/**
 * The drivers of the tests of this module as targets for Jazzer, a fuzzer that is led by the branches that an input takes
 * ({@code ./tawny fuzz}). Nothing here needs Jazzer: it finds {@link #fuzzerInitialize} and {@link #fuzzerTestOneInput} by name.
 *
 * <p>The tests run as always, and so make whatever their drivers need; but {@link HostileInputs} gives each driver away
 * instead of running it, and the test whose driver is wanted stays where it is until the process ends.
 */
public final class Fuzz {

    /** Names the parser whose driver is wanted. */
    private static final String PARSER = "hostile.fuzz";

    /** libFuzzer takes no longer words into its dictionary. */
    private static final int LONGEST_WORD = 64;

    /** One parser with its language, and what is done with each input. */
    record Driver(String parser, List<String> pieces, List<byte[]> samples, HostileInputs.Feed feed) {}

    private static volatile @Nullable Consumer<Driver> collector;
    private static @Nullable Driver wanted;

    private Fuzz() {}

    /** Whether a driver was given away; if not, this is an ordinary run of the tests. */
    static boolean takes(Driver driver) {
        Consumer<Driver> taker = collector;
        if (taker == null) {
            return false;
        }
        taker.accept(driver);
        return true;
    }

    /** Called by Jazzer once. */
    public static void fuzzerInitialize() {
        String parser = System.getProperty(PARSER, "");
        CompletableFuture<Optional<Driver>> found = new CompletableFuture<>();
        collector = driver -> {
            if (driver.parser().equals(parser)) {
                found.complete(Optional.of(driver));
                stayForEver();
            }
        };
        Thread.ofPlatform().daemon().start(() -> {
            runTests();
            found.complete(Optional.empty());
        });
        wanted = found.join().orElseThrow(() -> new IllegalArgumentException("there is no driver named " + parser));
    }

    /** Called by Jazzer with each input. Whatever is chosen at random depends on the input alone, so that it fails again. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        Driver driver = wanted;
        if (driver != null) {
            driver.feed().feed(input, new Random(Arrays.hashCode(input)));
        }
    }

    /**
     * Without arguments: prints the names of all drivers, a line each. With a name and a directory: writes the driver's
     * samples and its dictionary there, for Jazzer to begin with; exit code 1 if there is no such driver.
     */
    public static void main(String[] arguments) throws IOException {
        TreeMap<String, Driver> drivers = new TreeMap<>();
        collector = driver -> {
            synchronized (drivers) {
                drivers.put(driver.parser(), driver);
            }
        };
        runTests();
        if (arguments.length == 0) {
            drivers.keySet().forEach(System.out::println);
            System.exit(0);
        }
        Driver driver = drivers.get(arguments[0]);
        if (driver == null) {
            System.exit(1);
        } else {
            prepare(driver, Path.of(arguments[1]));
            System.exit(0);
        }
    }

    private static void prepare(Driver driver, Path directory) throws IOException {
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        for (int i = 0; i < driver.samples().size(); i++) {
            Files.write(corpus.resolve("sample-" + i), driver.samples().get(i));
        }
        StringBuilder dictionary = new StringBuilder();
        for (String piece : driver.pieces()) {
            if (!piece.isEmpty() && piece.length() <= LONGEST_WORD) {
                dictionary.append('"');
                for (byte octet : Octets.of(piece)) {
                    dictionary.append(String.format("\\x%02x", octet & 0xff));
                }
                dictionary.append("\"\n");
            }
        }
        Files.writeString(directory.resolve("dictionary"), dictionary, StandardCharsets.US_ASCII);
    }

    private static void runTests() {
        LauncherFactory.create()
                .execute(LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectPackage("org.tawnymail"))
                        .build());
    }

    private static void stayForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}

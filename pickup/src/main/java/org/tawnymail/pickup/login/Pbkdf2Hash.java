package org.tawnymail.pickup.login;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFiles;

/**
 * The hash of a password, as text in the form that Python's passlib and Dovecot know too:
 *
 * <pre>
 *   $pbkdf2-sha256$ITERATIONS$SALT$HASH
 * </pre>
 *
 * SALT and HASH are base64 with {@code .} in place of {@code +} and without {@code =}. HASH is PBKDF2 (RFC 8018, section
 * 5.2) with HMAC-SHA-256 over the octets of the password, 32 octets long: one block.
 *
 * <p>The algorithm is spelled out here because the JDK's own takes a password for Unicode text, and a password that came
 * over POP3 is octets. It runs at the same speed: {@value #ITERATIONS} iterations take about 35 ms on a server of 2025.
 */
final class Pbkdf2Hash {

    static final int ITERATIONS = 100_000;

    /** More would be a mistake in the file, and would hold a thread for minutes. */
    private static final int MOST_ITERATIONS = 10_000_000;

    /** A hash of no password. Compared with where there is nothing to compare with, so that this takes as long. */
    static final Pbkdf2Hash DECOY = new Pbkdf2Hash(ITERATIONS, new byte[16], new byte[0]);

    private static final String PREFIX = "$pbkdf2-sha256$";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SALT_LENGTH = 16;
    private static final int HASH_LENGTH = 32;
    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private Pbkdf2Hash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** Hashes a password, which must not be empty, with a salt of its own. */
    static Pbkdf2Hash of(String password, RandomGenerator random) {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        return new Pbkdf2Hash(ITERATIONS, salt, derive(password, salt, ITERATIONS));
    }

    /** Reads the text form; nothing if it is not that, which is how an account is locked. */
    static Optional<Pbkdf2Hash> parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] fields = text.substring(PREFIX.length()).split("\\$", -1);
        if (fields.length != 3) {
            return Optional.empty();
        }
        OptionalLong iterations = ControlFiles.leadingDigits(fields[0]);
        Optional<byte[]> salt = decode(fields[1]);
        Optional<byte[]> hash = decode(fields[2]).filter(octets -> octets.length == HASH_LENGTH);
        boolean valid = iterations.orElse(0) > 0 && iterations.orElse(0) <= MOST_ITERATIONS;
        return valid && salt.isPresent() && hash.isPresent()
                ? Optional.of(new Pbkdf2Hash((int) iterations.getAsLong(), salt.get(), hash.get()))
                : Optional.empty();
    }

    /** Whether this is the hash of the password. Takes the same time either way. */
    boolean matches(String password) {
        // No password is hashed as if it were one, for the time it takes; then it matches nothing.
        byte[] derived = derive(password.isEmpty() ? " " : password, salt, iterations);
        return MessageDigest.isEqual(derived, hash) && !password.isEmpty();
    }

    /** The text form. */
    String text() {
        return PREFIX + iterations + "$" + encode(salt) + "$" + encode(hash);
    }

    static byte[] derive(String password, byte[] salt, int iterations) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(Octets.of(password), ALGORITHM));
            byte[] round = new byte[HASH_LENGTH];
            mac.update(salt);
            mac.update(FIRST_BLOCK);
            mac.doFinal(round, 0);
            byte[] derived = round.clone();
            for (int i = 1; i < iterations; i++) {
                mac.update(round);
                mac.doFinal(round, 0);
                for (int k = 0; k < HASH_LENGTH; k++) {
                    derived[k] ^= round[k];
                }
            }
            Arrays.fill(round, (byte) 0);
            return derived;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }

    private static String encode(byte[] octets) {
        return Base64.getEncoder().withoutPadding().encodeToString(octets).replace('+', '.');
    }

    private static Optional<byte[]> decode(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text.replace('.', '+')));
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }
}

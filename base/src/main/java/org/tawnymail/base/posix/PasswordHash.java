package org.tawnymail.base.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.security.MessageDigest;
import java.util.Optional;
import org.tawnymail.base.Octets;

/**
 * The hash of passwords that the system's own library makes: {@code crypt} of libcrypt, with every method that it knows
 * (yescrypt, SHA-512, and the old ones).
 */
public final class PasswordHash {

    private static final String LIBRARY = "libcrypt.so.1";

    /** The size of struct crypt_data in libxcrypt; that of glibc's old libcrypt is 131,232. */
    private static final long CRYPT_DATA_SIZE = 256 << 10;

    /** libxcrypt takes no longer password; nor does the checkpassword interface. */
    private static final int LONGEST_PASSWORD = 511;

    /**
     * Whether a password belongs to a hash. A hash that is no hash ({@code *}, {@code !}, empty) belongs to no password.
     *
     * @param hash the field of the passwd or shadow database
     * @throws UnsupportedOperationException if the system has no {@value #LIBRARY}
     */
    public static boolean matches(String password, String hash) {
        if (hash.length() < 2 || hash.charAt(0) == '*' || hash.charAt(0) == '!') {
            return false;
        }
        return of(password, hash)
                .filter(made -> MessageDigest.isEqual(Octets.of(made), Octets.of(hash)))
                .isPresent();
    }

    /**
     * Hashes a password.
     *
     * @param setting the method, its cost and the salt, such as {@code $6$salt$}; a whole hash is a setting too
     * @return nothing if the library knows no such method or the password cannot be hashed
     * @throws UnsupportedOperationException if the system has no {@value #LIBRARY}
     */
    public static Optional<String> of(String password, String setting) {
        if (password.indexOf('\0') >= 0 || setting.indexOf('\0') >= 0 || password.length() > LONGEST_PASSWORD) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(CRYPT_DATA_SIZE, Long.BYTES);
            long made = Library.CRYPT_R.callLong(
                    CFunction.string(arena, password), CFunction.string(arena, setting), data.address());
            String hash = CFunction.stringAt(made);
            data.fill((byte) 0);
            // A failure is the null pointer or a text that begins with an asterisk, never a hash.
            return hash.isEmpty() || hash.charAt(0) == '*' ? Optional.empty() : Optional.of(hash);
        }
    }

    /** Loaded when first asked for: most programs never see a password. */
    private static final class Library {
        static final CFunction CRYPT_R = CFunction.named(
                "crypt_r", load(), "this system has no " + LIBRARY + ", which checks passwords: install libcrypt");

        @SuppressWarnings("restricted") // calls C; the launcher enables native access
        private static SymbolLookup load() {
            try {
                return SymbolLookup.libraryLookup(LIBRARY, Arena.global());
            } catch (IllegalArgumentException missing) {
                return name -> Optional.empty();
            }
        }
    }

    private PasswordHash() {}
}

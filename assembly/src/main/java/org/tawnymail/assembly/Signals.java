package org.tawnymail.assembly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.tawnymail.base.posix.ThisProcess;

/**
 * Signals of the operating system as calls. The JDK has them in {@code jdk.unsupported} only, whose mere mention is a
 * compiler warning; hence by reflection, in this one place.
 */
final class Signals {

    /** What qmail's daemons catch even if it was ignored before. INT is left to whoever put a server into the background. */
    private static final Map<String, Integer> CAUGHT_IN_ANY_CASE =
            Map.of("HUP", ThisProcess.HANGUP, "TERM", ThisProcess.TERMINATE);

    /**
     * Runs an action, on a thread of the JVM's, whenever the signal comes.
     *
     * @param name without SIG: {@code HUP}, {@code ALRM}, {@code TERM}, {@code INT}
     */
    static void on(String name, Runnable action) {
        try {
            Integer number = CAUGHT_IN_ANY_CASE.get(name);
            if (number != null) {
                ThisProcess.endIgnoring(number);
            }
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler run = (proxy, method, arguments) -> switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" ->
                    arguments != null && System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                case "toString" -> "handler of " + name;
                default -> {
                    action.run();
                    yield null;
                }
            };
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, run);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to see which signals are ignored", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK offers no signals (module jdk.unsupported)", e);
        }
    }

    private Signals() {}
}

package org.tawnymail.remote;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tawnymail.base.Octets;

/** Real servers on addresses of the loopback network, all on one port, that follow the script of a dialogue. */
final class ScriptedHosts implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final List<ServerSocket> sockets = new ArrayList<>();
    private final List<Future<?>> conversations = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final int port;

    ScriptedHosts(Map<String, List<List<String>>> hosts) throws IOException {
        int free = 0;
        for (Map.Entry<String, List<List<String>>> host : hosts.entrySet()) {
            ServerSocket socket = new ServerSocket();
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(host.getKey()), free));
            free = socket.getLocalPort();
            sockets.add(socket);
            if (!host.getValue().isEmpty()) {
                conversations.add(threads.submit(() -> serve(socket, host.getValue())));
            } else {
                socket.close();
            }
        }
        port = free;
    }

    int port() {
        return port;
    }

    /** Waits until every script was followed to its end; fails if one was not. */
    void followed() throws Exception {
        for (Future<?> conversation : conversations) {
            try {
                conversation.get(2 * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError("a script was not followed: " + e.getCause(), e.getCause());
            } catch (TimeoutException e) {
                throw new AssertionError("a script was not followed in time", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }

    private static Void serve(ServerSocket socket, List<List<String>> connections) throws IOException {
        for (List<String> script : connections) {
            try (Socket connection = socket.accept()) {
                connection.setSoTimeout(PATIENCE_MILLIS);
                converse(connection, script);
            }
        }
        return null;
    }

    private static void converse(Socket connection, List<String> script) throws IOException {
        InputStream in = new BufferedInputStream(connection.getInputStream());
        StringBuilder said = new StringBuilder();
        for (String step : script) {
            if (step.charAt(0) == 'S') {
                said.append(step.substring(1)).append("\r\n");
                continue;
            }
            say(connection, in, said);
            switch (step.charAt(0)) {
                case 'C' -> hear(in, step.substring(1));
                case 's' -> {
                    while (in.read() >= 0) {
                        // Hears, and says nothing.
                    }
                    return;
                }
                default -> {
                    return;
                }
            }
        }
        say(connection, in, said);
        int more = in.read();
        if (more >= 0) {
            throw new IOException("heard more than the script says: " + (char) more + line(in));
        }
    }

    private static void say(Socket connection, InputStream in, StringBuilder said) throws IOException {
        if (said.isEmpty()) {
            return;
        }
        if (in.available() > 0) {
            throw new IOException("heard ahead of the reply \"" + said + "\": " + line(in));
        }
        connection.getOutputStream().write(Octets.of(said.toString()));
        said.setLength(0);
    }

    private static void hear(InputStream in, String expected) throws IOException {
        String line = line(in);
        if (!line.equals(expected + "\r\n")) {
            throw new IOException("heard \"" + line + "\" where the script says \"" + expected + "\"");
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int octet = in.read();
        while (octet >= 0) {
            line.append((char) octet);
            if (octet == '\n') {
                break;
            }
            octet = in.read();
        }
        return line.toString();
    }
}

package org.tawnymail.local.delivery;

import java.io.OutputStream;
import java.util.Optional;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Environment;

/**
 * What a delivery stands in.
 *
 * @param inherited the variables that programs get besides those of the delivery
 * @param out where descriptor 1 of the delivery and of its programs leads
 * @param err the same for descriptor 2; often the same stream
 * @param user who files are accessed as and programs run as; nobody if that is this process itself
 */
public record Surroundings(Environment inherited, OutputStream out, OutputStream err, Optional<Identity> user) {}

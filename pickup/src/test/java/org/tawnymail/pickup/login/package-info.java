/** Logins, right and wrong. */
@NullMarked
package org.tawnymail.pickup.login;

import org.jspecify.annotations.NullMarked;

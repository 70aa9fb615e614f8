/** Dialogues with qmail-popup and qmail-pop3d. */
@NullMarked
package org.tawnymail.pickup.pop3;

import org.jspecify.annotations.NullMarked;

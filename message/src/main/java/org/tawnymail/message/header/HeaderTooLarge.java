package org.tawnymail.message.header;

import java.io.IOException;

/** A header is larger than {@link HeaderReader#LARGEST_HEADER}. */
public final class HeaderTooLarge extends IOException {

    HeaderTooLarge() {
        super("header larger than " + HeaderReader.LARGEST_HEADER + " bytes");
    }
}

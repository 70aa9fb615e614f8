package org.tawnymail.proof;

/** One recipient of one letter. */
record Fate(int letter, String recipient) {}

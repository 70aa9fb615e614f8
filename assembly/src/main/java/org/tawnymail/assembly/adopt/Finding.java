package org.tawnymail.assembly.adopt;

/**
 * Something in a qmail home that a person who moves wants to know.
 *
 * @param found what it is, with the name of the file
 * @param happens what Tawny does, and what the person may want to do
 */
record Finding(String found, String happens) {}

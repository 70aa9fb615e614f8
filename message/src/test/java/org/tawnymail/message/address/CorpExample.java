package org.tawnymail.message.address;

/** The host defaults of the examples in the core spec, section 3.12. */
final class CorpExample {

    static final HostDefaults HOSTS = new HostDefaults(
            Tokenizer.tokens("@mail.corp.example").orElseThrow(),
            Tokenizer.tokens(".corp.example").orElseThrow(),
            Tokenizer.tokens(".big.example").orElseThrow());

    private CorpExample() {}
}

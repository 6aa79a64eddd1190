/// The certificates of servers: issued here, or read from files, and made into contexts of TLS.
package dev.podbond.https.certificate;

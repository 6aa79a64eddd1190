package dev.podbond.https.certificate;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Issues one server certificate (RFC 5280) under a new authority, whose key is discarded at once.
/// Renewal makes both anew, so no signing key is ever stored.
public final class CertificateAuthority {
  /// How far the clocks of server and client may differ.
  private static final Duration SKEW = Duration.ofHours(1);

  private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
  private static final byte[] COMMON_NAME = Der.oid(2, 5, 4, 3);
  private static final byte[] BASIC_CONSTRAINTS = Der.oid(2, 5, 29, 19);
  private static final byte[] KEY_USAGE = Der.oid(2, 5, 29, 15);
  private static final byte[] ALTERNATIVE_NAMES = Der.oid(2, 5, 29, 17);
  private static final byte[] EXTENDED_KEY_USAGE = Der.oid(2, 5, 29, 37);
  private static final byte[] SERVER_AUTH = Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 1);

  private CertificateAuthority() {}

  /// A server's certificate, with that of the authority that vouches for it.
  ///
  /// @param authority the certificate of the authority
  public record Pair(X509Certificate authority, Issued server) {}

  /// Issues a certificate.
  ///
  /// @param subject whose it is, for people
  /// @param names the server's names in DNS
  /// @param lifetime from now on
  public static Pair issue(String subject, List<String> names, Instant now, Duration lifetime)
      throws GeneralSecurityException {
    KeyPair root = keyPair();
    KeyPair server = keyPair();
    String issuer = subject + " authority";
    Instant from = now.minus(SKEW);
    Instant until = now.plus(lifetime);
    byte[] authority =
        sign(
            issuer,
            issuer,
            from,
            until,
            root.getPublic(),
            List.of(
                extension(BASIC_CONSTRAINTS, Der.sequence(Der.TRUE)),
                // keyCertSign
                extension(KEY_USAGE, Der.bits(2, new byte[] {4}))),
            root.getPrivate());
    List<byte[]> dnsNames = new ArrayList<>();
    names.forEach(name -> dnsNames.add(Der.tagged(0x82, name.getBytes(StandardCharsets.US_ASCII))));
    byte[] leaf =
        sign(
            issuer,
            subject,
            from,
            until,
            server.getPublic(),
            List.of(
                // digitalSignature
                extension(KEY_USAGE, Der.bits(7, new byte[] {(byte) 0x80})),
                extension(EXTENDED_KEY_USAGE, Der.sequence(SERVER_AUTH)),
                extension(ALTERNATIVE_NAMES, Der.sequence(Der.join(dnsNames)))),
            root.getPrivate());
    return new Pair(certificate(authority), new Issued(certificate(leaf), server.getPrivate()));
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static byte[] sign(
      String issuer,
      String subject,
      Instant from,
      Instant until,
      PublicKey key,
      List<byte[]> extensions,
      PrivateKey signer)
      throws GeneralSecurityException {
    byte[] body =
        Der.sequence(
            // version 3
            Der.tagged(0xa0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(120, new SecureRandom()).add(BigInteger.ONE)),
            ECDSA_SHA256,
            name(issuer),
            Der.sequence(Der.time(from), Der.time(until)),
            name(subject),
            key.getEncoded(),
            Der.tagged(0xa3, Der.sequence(Der.join(extensions))));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(signer);
    signature.update(body);
    return Der.sequence(body, ECDSA_SHA256, Der.bits(0, signature.sign()));
  }

  private static byte[] name(String commonName) {
    return Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.utf8(commonName))));
  }

  private static byte[] extension(byte[] oid, byte[] value) {
    return Der.sequence(oid, Der.TRUE, Der.octets(value));
  }

  static X509Certificate certificate(byte[] encoded) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }
}

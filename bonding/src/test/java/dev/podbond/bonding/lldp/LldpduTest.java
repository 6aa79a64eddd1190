package dev.podbond.bonding.lldp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// LLDPDUs as switches send them, and as nobody should.
final class LldpduTest {
  private static final int RUNS = 300;

  private static final String CHASSIS = "0207 04 001c73aabb01";
  private static final String PORT = "040c 05 45746865726e6574312f31"; // Ethernet1/1
  private static final String TTL = "0602 0078";
  private static final String NAME = "0a07 737069 6e652d31"; // spine-1
  private static final String END = "0000";

  private static Optional<Lldpdu> parse(String... parts) {
    return Lldpdu.parse(HexFormat.of().parseHex(String.join("", parts).replace(" ", "")));
  }

  @Test
  void aSwitchSaysWhichOneItIsAndWhichPort() {
    Lldpdu read = parse(CHASSIS, PORT, TTL, NAME, END).orElseThrow();
    assertThat(read.chassis()).hasToString("00:1c:73:aa:bb:01");
    assertThat(read.chassis().identity()).isEqualTo("00:1c:73:aa:bb:01");
    assertThat(read.port()).hasToString("Ethernet1/1");
    assertThat(read.ttlSeconds()).isEqualTo(120);
    assertThat(read.systemName()).contains("spine-1");
  }

  @Test
  void whatComesAfterTheEndAndWhatIsUnknownDoesNotMatter() {
    String unknown = "fe06 00120f01 0203";
    assertThat(parse(CHASSIS, PORT, TTL, unknown, NAME, END, "00".repeat(20)))
        .isEqualTo(parse(CHASSIS, PORT, TTL, NAME))
        .isPresent();
    assertThat(parse(CHASSIS, PORT, TTL, END, NAME).orElseThrow().systemName())
        .as("after the end")
        .isEmpty();
    assertThat(parse(CHASSIS, PORT, TTL, "0aff 7370").orElseThrow().systemName())
        .as("cut off")
        .isEmpty();
    assertThat(parse(CHASSIS, PORT, TTL, NAME, "0a01 78").orElseThrow().systemName())
        .as("the first counts")
        .contains("spine-1");
  }

  @Test
  void whoTakesItsLeaveHasNoTimeToLive() {
    assertThat(parse(CHASSIS, PORT, "0602 0000", END).orElseThrow().ttlSeconds()).isZero();
    assertThat(parse(CHASSIS, PORT, "0602 ffff", END).orElseThrow().ttlSeconds()).isEqualTo(65535);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "02",
        "0000",
        // Without a port, without a time to live, in another order.
        CHASSIS + TTL,
        CHASSIS + PORT,
        PORT + CHASSIS + TTL,
        CHASSIS + TTL + PORT,
        // Twice.
        CHASSIS + PORT + TTL + CHASSIS,
        CHASSIS + PORT + TTL + NAME + TTL,
        // Of no length, of one too short, and longer than the frame.
        "0200" + PORT + TTL,
        "0201 04" + PORT + TTL,
        CHASSIS + PORT + "0601 00",
        "03ff 04 001c73",
        CHASSIS + PORT + "0602 00",
      })
  void whatTheStandardDiscardsSaysNothing(String hex) {
    assertThat(parse(hex)).isEmpty();
  }

  @Test
  void anIdentityIsAsLongAsTheStandardAllows() {
    assertThat(parse("0300 07" + "41".repeat(255), PORT, TTL, END)).isPresent();
    assertThat(parse("0301 07" + "41".repeat(256), PORT, TTL, END)).isEmpty();
    assertThat(Lldpdu.parse(new byte[Lldpdu.MOST_OCTETS + 1])).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // Chassis: an address, a MAC of another length, a text, a text that is none.
    "0206 05 01 c0000201, 192.0.2.1, 5-01c0000201",
    "0205 05 06 c00002, 06c00002, 5-06c00002",
    "0204 04 001c73, 001c73, 4-001c73",
    "0207 07 72 61636b2d31, rack-1, 7-7261636b2d31",
    "0205 07 1b5b324a, <001b>[2J, 7-1b5b324a",
  })
  void anIdentityIsShownAsWhatItIs(String chassis, String shown, String identity) {
    StationId id = parse(chassis, PORT, TTL).orElseThrow().chassis();
    assertThat(id).hasToString(shown);
    assertThat(id.identity()).isEqualTo(identity);
  }

  @Test
  void anIpv6AddressIsOneToo() {
    assertThat(
            parse("0212 05 02 20010db8000000000000000000000001", PORT, TTL).orElseThrow().chassis())
        .hasToString("2001:db8::1");
  }

  @Test
  void chassisAndPortsCountTheirKindsDifferently() {
    assertThat(parse(CHASSIS, "0407 03 001c73aabb02", TTL).orElseThrow().port())
        .hasToString("00:1c:73:aa:bb:02");
    assertThat(parse(CHASSIS, "0406 04 01 c0000201", TTL).orElseThrow().port())
        .hasToString("192.0.2.1");
  }

  @Test
  void aNameOfAStrangerIsShortAndCommandsNoTerminal() {
    byte[] name = ("\u001b[2J" + "x".repeat(200)).getBytes(StandardCharsets.UTF_8);
    String shown =
        parse(
                CHASSIS,
                PORT,
                TTL,
                "0a" + "%02x".formatted(name.length),
                HexFormat.of().formatHex(name))
            .orElseThrow()
            .systemName()
            .orElseThrow();
    assertThat(shown).startsWith("<001b>[2Jxxx").endsWith("...").hasSizeLessThanOrEqualTo(64);
  }

  /// What must hold of any frame.
  @Test
  void properties() {
    Long given = Long.getLong("podbond.seed");
    long start = given == null ? System.nanoTime() : given;
    for (int i = 0; i < (given == null ? RUNS : 1); i++) {
      long seed = start + i;
      Random random = new Random(seed);
      byte[] chassis = octets(random, 1 + random.nextInt(255));
      byte[] port = octets(random, 1 + random.nextInt(255));
      int ttl = random.nextInt(1 << 16);
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      add(frame, 1, random.nextInt(256), chassis);
      add(frame, 2, random.nextInt(256), port);
      frame.writeBytes(new byte[] {6, 2, (byte) (ttl >> 8), (byte) ttl});
      int mandatory = frame.size();
      for (int k = random.nextInt(4); k > 0; k--) {
        add(
            frame,
            4 + random.nextInt(124),
            random.nextInt(256),
            octets(random, random.nextInt(80)));
      }
      byte[] whole = frame.toByteArray();

      Lldpdu read = Lldpdu.parse(whole).orElseThrow();
      assertThat(read.chassis().octets())
          .as("seed %d", seed)
          .isEqualTo(HexFormat.of().formatHex(chassis));
      assertThat(read.port().octets())
          .as("seed %d", seed)
          .isEqualTo(HexFormat.of().formatHex(port));
      assertThat(read.ttlSeconds()).as("seed %d", seed).isEqualTo(ttl);
      for (String shown :
          List.of(
              read.chassis().toString(), read.port().toString(), read.systemName().orElse(""))) {
        assertThat(shown.codePoints())
            .as("seed %d", seed)
            .noneMatch(c -> Character.isISOControl(c));
      }
      int cut = random.nextInt(whole.length);
      Optional<Lldpdu> less = Lldpdu.parse(Arrays.copyOf(whole, cut));
      assertThat(less.isPresent()).as("cut at %d, seed %d", cut, seed).isEqualTo(cut >= mandatory);
      less.ifPresent(part -> assertThat(part.chassis()).isEqualTo(read.chassis()));
    }
  }

  private static byte[] octets(Random random, int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return octets;
  }

  private static void add(ByteArrayOutputStream frame, int type, int subtype, byte[] value) {
    int length = 1 + value.length;
    frame.write((type << 1) | (length >> 8));
    frame.write(length);
    frame.write(subtype);
    frame.writeBytes(value);
  }
}

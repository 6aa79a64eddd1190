package dev.podbond.metrics;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Samples in the text format 0.0.4 of Prometheus ("Exposition formats" in its documentation).
///
/// It writes into one buffer, which it keeps: a sample costs no object. The text never becomes
/// longer than was allowed. A sample that does not fit is left out as a whole, and the last metric
/// says how many were.
///
/// A sample is begun by [#sample], gets a value for each label of its metric, and ends with its
/// value. Samples come in the order of [Metric], all of one metric together.
///
/// What has not changed since the text before need not be written again: [#keep] and [#resume].
public final class Exposition {
  /// The `Content-Type` of the text.
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /// Enough for the last metric.
  private static final int LAST_BYTES = 512;

  private static final int FIRST_BYTES = 8 * 1024;
  private static final int NO_SAMPLE = -1;

  private final int mostBytes;
  private byte[] bytes;

  /// How long the text may become before its last metric.
  private int room;

  private int size;
  private boolean full;

  /// The metric whose HELP and TYPE are written.
  private Optional<Metric> family = Optional.empty();

  /// What [#family] becomes again if the sample does not fit.
  private Optional<Metric> familyBefore = Optional.empty();

  private Metric metric = Metric.BOND_INFO;
  private int begin;
  private int labels = NO_SAMPLE;
  private long leftOut;
  private Kept kept = Kept.NOTHING;

  /// The beginning of a text.
  private record Kept(int size, Optional<Metric> family, long leftOut) {
    static final Kept NOTHING = new Kept(0, Optional.empty(), 0);
  }

  /// An empty text.
  ///
  /// @param mostBytes its greatest length, at least 1024
  public Exposition(int mostBytes) {
    if (mostBytes < 2 * LAST_BYTES) {
      throw new IllegalArgumentException("no text fits into " + mostBytes + " bytes");
    }
    this.mostBytes = mostBytes;
    this.room = mostBytes - LAST_BYTES;
    this.bytes = new byte[Math.min(FIRST_BYTES, mostBytes)];
  }

  /// Begins the text anew, in the same buffer.
  public void clear() {
    kept = Kept.NOTHING;
    resume();
  }

  /// Keeps what is written so far for [#resume], until [#clear].
  ///
  /// @throws IllegalStateException if a sample has no value, or the text has ended
  public void keep() {
    if (labels != NO_SAMPLE || room == mostBytes) {
      throw new IllegalStateException("only whole samples before the end of the text can be kept");
    }
    kept = new Kept(size, family, leftOut);
  }

  /// Begins the text anew with what was kept of it, as it was written.
  public void resume() {
    room = mostBytes - LAST_BYTES;
    size = kept.size();
    full = false;
    family = kept.family();
    familyBefore = family;
    labels = NO_SAMPLE;
    leftOut = kept.leftOut();
  }

  /// Begins a sample.
  ///
  /// @throws IllegalStateException if the sample before has no value, or comes later in the table
  public Exposition sample(Metric next) {
    begin(next);
    put(next.nameOctets());
    return this;
  }

  private void begin(Metric next) {
    if (labels != NO_SAMPLE) {
      throw new IllegalStateException("a sample of " + metric + " has no value");
    }
    if (family.isPresent() && family.get().compareTo(next) > 0) {
      throw new IllegalStateException(next + " comes before " + family.get());
    }
    metric = next;
    begin = size;
    labels = 0;
    familyBefore = family;
    if (family.isEmpty() || family.get() != next) {
      family = Optional.of(next);
      put(next.descriptionOctets());
    }
  }

  /// The value of the sample's next label, in the order of its metric. Characters without a visible
  /// shape become their numbers, as in the log: a pod chooses the names of its interfaces.
  ///
  /// @throws IllegalStateException if there is no sample, or it has all its labels
  public Exposition label(String value) {
    if (labels == NO_SAMPLE || labels >= metric.labels().size()) {
      throw new IllegalStateException(metric + " has no place for a label");
    }
    name(metric.labels().get(labels));
    text(value);
    put('"');
    return this;
  }

  /// The values of the sample's first labels.
  ///
  /// @throws IllegalStateException if there is no sample, it has labels already, or its metric has
  ///   others
  public Exposition labels(Labels first) {
    if (labels != 0 || !first.begin(metric)) {
      throw new IllegalStateException(metric + " does not begin with the labels " + first);
    }
    put('{');
    put(first.octets());
    labels = first.count();
    return this;
  }

  private void name(String label) {
    put(labels == 0 ? '{' : ',');
    ascii(label);
    ascii("=\"");
    labels++;
  }

  /// Ends the sample with a whole number.
  ///
  /// @throws IllegalStateException if it lacks a label
  public void value(long value) {
    decimal(value, 0);
  }

  /// Ends the sample with 1 for true and 0 for false.
  public void value(boolean value) {
    decimal(value ? 1 : 0, 0);
  }

  /// Ends the sample with a decimal fraction.
  ///
  /// @param decimals how many digits of `unscaled` are behind the point, as 3 of a number of
  ///   milliseconds for seconds
  /// @throws IllegalStateException if it lacks a label
  public void decimal(long unscaled, int decimals) {
    if (labels != metric.labels().size()) {
      throw new IllegalStateException("a sample of " + metric + " lacks a label");
    }
    end(unscaled, decimals);
  }

  private void end(long unscaled, int decimals) {
    if (labels > 0) {
      put('}');
    }
    put(' ');
    number(unscaled, decimals);
    put('\n');
    labels = NO_SAMPLE;
    if (full) {
      size = begin;
      full = false;
      family = familyBefore;
      leftOut++;
    }
  }

  /// Writes a metric of type histogram with one label. If not all of it fits, nothing of it is
  /// written.
  public void histogram(Metric next, String label, DurationHistogram histogram) {
    int start = size;
    Optional<Metric> before = family;
    long left = leftOut;
    histogram.read(
        new DurationHistogram.Reader() {
          @Override
          public void bucket(long boundMillis, long upToIt) {
            part(next, "_bucket", label);
            name("le");
            number(boundMillis, 3);
            put('"');
            end(upToIt, 0);
          }

          @Override
          public void whole(long count, long sumMicros) {
            part(next, "_bucket", label);
            name("le");
            ascii("+Inf\"");
            end(count, 0);
            part(next, "_sum", label);
            end(sumMicros, 6);
            part(next, "_count", label);
            end(count, 0);
          }
        });
    if (leftOut > left) {
      size = start;
      family = before;
      leftOut = left + 1;
    }
  }

  private void part(Metric next, String suffix, String label) {
    begin(next);
    put(next.nameOctets());
    ascii(suffix);
    label(label);
  }

  /// Ends the text: says how many samples were left out.
  ///
  /// @throws IllegalStateException if it has ended before
  public void finish() {
    if (room == mostBytes) {
      throw new IllegalStateException("the text has ended before");
    }
    room = mostBytes;
    sample(Metric.LEFT_OUT).value(leftOut);
  }

  /// The text. It is valid until the next call.
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes, 0, size).slice().asReadOnlyBuffer();
  }

  private void text(String value) {
    String shown = Labels.escaped(value);
    for (int i = 0; i < shown.length(); i++) {
      if (shown.charAt(i) > '~') {
        put(shown.getBytes(StandardCharsets.UTF_8));
        return;
      }
    }
    ascii(shown);
  }

  private void ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      put(text.charAt(i));
    }
  }

  private void number(long unscaled, int decimals) {
    if (unscaled < 0) {
      put('-');
    }
    long left = unscaled;
    int behind = decimals;
    while (behind > 0 && left % 10 == 0) {
      left /= 10;
      behind--;
    }
    long unit = 1;
    int digits = 1;
    while (left / unit / 10 != 0 || digits <= behind) {
      unit *= 10;
      digits++;
    }
    for (; digits > 0; digits--) {
      if (digits == behind) {
        put('.');
      }
      put((char) ('0' + Math.abs(left / unit % 10)));
      unit /= 10;
    }
  }

  private void put(char c) {
    put((byte) c);
  }

  private void put(byte octet) {
    if (size >= room) {
      full = true;
      return;
    }
    makeRoom(1);
    bytes[size++] = octet;
  }

  private void put(byte[] octets) {
    if (octets.length > room - size) {
      full = true;
      return;
    }
    makeRoom(octets.length);
    System.arraycopy(octets, 0, bytes, size, octets.length);
    size += octets.length;
  }

  private void makeRoom(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(mostBytes, Math.max(2 * bytes.length, size + more)));
    }
  }
}
